//! The command line explains itself, and what calls it from outside calls it rightly.

use crate::checkout::root;
use clap::{CommandFactory, Parser};
use compute_catalog::environment::Environment;
use compute_catalog::portfolio::{Launch, Portfolio};
use serde_yaml::Value;
use xtask::cli::{Cli, ManArgs};
use xtask::workspace::Workspace;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The words of a command line, quotes taken off; up to what the shell takes for itself.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '|' | '>' if !is_quoted => break,
            ' ' if !is_quoted => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)))
            }
            c => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// Whether the grammar takes `cargo xtask …`.
fn parses(line: &str) -> Result<(), String> {
    let words = words(line);
    assert_eq!(words[..2], ["cargo", "xtask"], "{line}");
    Cli::try_parse_from(&words[1..])
        .map(|_| ())
        .map_err(|error| format!("{line}: {error}"))
}

/// The fenced blocks of one language in the documents that people read.
fn blocks(language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    [
        "README.md",
        "docs/operating.md",
        "docs/first-launch.md",
        "docs/external.md",
        "docs/newcomers.md",
    ]
    .iter()
    .flat_map(|document| {
        let text = read(document);
        let blocks: Vec<String> = text
            .split(&opening)
            .skip(1)
            .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
            .collect();
        blocks
    })
    .collect()
}

#[test]
fn every_command_in_the_documents_is_one_that_works() {
    let mut count = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let command = line.split('#').next().unwrap().trim();
        if command.starts_with("cargo xtask") {
            parses(command).unwrap();
            count += 1;
        }
    }
    assert!(count > 12, "{count}");
}

#[test]
fn the_environment_file_in_the_documents_can_be_read() {
    let blocks = blocks("yaml");
    let environment = blocks
        .iter()
        .find(|block| block.starts_with("account:") && block.contains("\nproducts:"))
        .unwrap();
    let read: Environment = compute_catalog::yaml::load("docs/operating.md", environment).unwrap();
    assert_eq!(read.products.len(), 1);
    assert_eq!(read.portfolios.len(), 1);
    assert!(read.promotes_from.is_some());
}

#[test]
fn the_shared_portfolio_in_the_documents_can_be_read() {
    let blocks = blocks("yaml");
    let portfolio = blocks
        .iter()
        .find(|block| block.contains("recipients:"))
        .unwrap();
    let read: Portfolio = compute_catalog::yaml::load("docs/operating.md", portfolio).unwrap();
    assert_eq!(read.shares.len(), 2);
    let recipients = read.recipients.unwrap();
    assert!(recipients.foundation_stack_set.is_some());
    let launch = read.products[0].launch.as_ref().unwrap();
    assert!(matches!(launch.value, Launch::LocalRoleName(_)));
}

#[test]
fn every_example_in_help_is_a_command_that_works() {
    let mut count = 0;
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let help = command
            .get_after_help()
            .unwrap_or_else(|| panic!("{name} has no examples"))
            .to_string();
        for line in help.lines().filter(|line| line.contains("cargo xtask")) {
            // What the example does stands behind it, after two blanks.
            let example = line.trim().split("  ").next().unwrap();
            parses(example).unwrap();
            assert!(
                example.starts_with(&format!("cargo xtask {name}")),
                "{example}"
            );
            count += 1;
        }
    }
    assert!(count > 15);
}

#[test]
fn the_manual_knows_every_command() {
    let names: Vec<String> = Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let man = |command: Option<&str>| {
        xtask::manual::man(&ManArgs {
            command: command.map(str::to_owned),
        })
    };
    let whole = man(None).unwrap();
    for name in &names {
        assert!(
            whole.contains(&format!("{name}(1)")) || whole.contains(name.as_str()),
            "{name}"
        );
        assert!(man(Some(name)).unwrap().contains(".SH SYNOPSIS"), "{name}");
    }
    let error = man(Some("publsh")).unwrap_err().to_string();
    assert!(error.contains("did you mean `publish`?"), "{error}");
}

/// What bash offers where a line stops, with our completions and cargo's own there.
fn offered(line: &str) -> Vec<String> {
    let script = xtask::completion::script(clap_complete::Shell::Bash);
    let words: Vec<&str> = line.split(' ').collect();
    let built = std::path::Path::new(env!("CARGO_BIN_EXE_xtask"));
    let target = built.parent().and_then(std::path::Path::parent).unwrap();
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c"])
        .arg(format!(
            "{}\n_cargo() {{ COMPREPLY=(of cargo); }}\nCOMP_WORDS=({})\nCOMP_CWORD={}\nCOMP_TYPE=9\n_cargo_xtask cargo '{}' ''\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.unwrap(),
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
            words.len() - 1,
            words.last().unwrap(),
        ))
        .env("CARGO_TARGET_DIR", target)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{:?}", output.stderr);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_shell_completes_commands_products_environments_versions_and_rules() {
    let has = |line: &str, wanted: &[&str]| {
        let offered = offered(line);
        for one in wanted {
            assert!(
                offered.iter().any(|offer| offer == one),
                "{line}: {offered:?}"
            );
        }
    };
    for command in Cli::command().get_subcommands() {
        has("cargo xtask ", &[command.get_name()]);
    }
    has("cargo xtask release ", &["notebook", "s3-private"]);
    has("cargo xtask plan note", &["notebook"]);
    has("cargo xtask plan --env ", &["develop", "prod", "strides"]);
    has("cargo xtask rehearse notebook --from v1.", &["v1.5.0"]);
    has("cargo xtask explain bound", &["boundary"]);
    has("cargo xtask check s3", &["s3-private", "s3-synapse"]);
    has("cargo xtask check READ", &["README.md"]);
    let versions = offered("cargo xtask withdraw notebook v2.");
    assert!(
        !versions.iter().any(|one| one == "v2.1.1"),
        "of windows: {versions:?}"
    );
    // What isn't ours is left to cargo.
    assert_eq!(offered("cargo xt"), ["of", "cargo"]);
    assert_eq!(offered("cargo build --"), ["of", "cargo"]);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let run = |arguments: &[&str], no_color: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .env("NO_COLOR", no_color)
            .env_remove("CLICOLOR_FORCE")
            .current_dir(root())
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["man", "nothing"], "").starts_with("error: there is no command"));
    assert!(run(&["--color", "always", "man", "nothing"], "").starts_with("\u{1b}["));
    assert!(run(&["man", "nothing"], "1").starts_with("error: "));
}

#[test]
fn doctor_tells_what_needs_each_program() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["doctor", "--format", "json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success());
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = findings["result"].as_array().unwrap();
    let rust = findings
        .iter()
        .find(|finding| finding["name"] == "Rust")
        .unwrap();
    assert!(rust["version"].as_str().unwrap().starts_with("rustc "));
    for finding in findings {
        assert!(!finding["neededFor"].as_str().unwrap().is_empty());
        assert!(!finding["hint"].as_str().unwrap().is_empty());
    }

    // Where nothing is installed, all are missing and the command fails.
    let empty = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("doctor")
        .env("PATH", empty.path())
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("missing ").count(), findings.len(), "{text}");
    assert_eq!(text.matches("hint: ").count(), findings.len(), "{text}");
}

#[test]
fn the_workflow_publishes_each_environment_after_the_one_it_takes_versions_from() {
    let workspace = Workspace::containing(root()).unwrap();
    let environments = workspace.environments().unwrap();
    let text = read(xtask::workflow::PATH);
    assert_eq!(text, xtask::workflow::workflow(&environments));
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    let jobs = &workflow["jobs"];
    let needs = |job: &str| -> Vec<String> {
        let needs = jobs[job]["needs"]
            .as_sequence()
            .unwrap_or_else(|| panic!("no {job}"));
        needs
            .iter()
            .map(|need| need.as_str().unwrap().to_owned())
            .collect()
    };
    let mut published = 0;
    for (key, environment) in &environments.by_key {
        let (plan, publish) = (format!("plan-{key}"), format!("publish-{key}"));
        if environment.local {
            assert!(jobs[&plan].is_null() && jobs[&publish].is_null(), "{key}");
            continue;
        }
        assert!(needs(&plan).contains(&"check".to_owned()), "{key}");
        if let Some(from) = &environment.promotes_from {
            assert!(
                needs(&plan).contains(&format!("publish-{}", from.value)),
                "{key}"
            );
        }
        assert_eq!(needs(&publish), [plan.as_str()]);
        // GitHub asks for the approval of the environment that a job names.
        assert_eq!(jobs[&publish]["environment"].as_str(), Some(key.as_str()));
        assert!(jobs[&plan]["environment"].is_null(), "{key}");
        published += 1;
    }
    assert!(published > 0);
    assert!(
        text.matches('@').count() == text.matches("@v").count(),
        "a word was not filled in"
    );
}

#[test]
fn what_calls_the_commands_from_outside_calls_them_rightly() {
    let mut lines = Vec::new();
    for path in [xtask::workflow::PATH, ".pre-commit-config.yaml"] {
        let text = read(path);
        let _: Value = serde_yaml::from_str(&text).unwrap();
        let found = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        lines.extend(found.filter_map(|line| Some(line[line.find("cargo xtask")?..].to_owned())));
    }
    assert!(lines.len() > 8, "{lines:?}");
    let wrong: Vec<String> = lines.iter().filter_map(|line| parses(line).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn suppressions_are_counted_and_told_to_those_who_want_more() {
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .current_dir(root())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let (short, long) = (run(&["check"]), run(&["check", "--verbose"]));
    assert!(short.contains(" suppressions\n"), "{short}");
    assert!(!short.contains("suppressed: "), "{short}");
    assert!(long.contains("suppressed: scheduled-job: "), "{long}");
    assert!(long.ends_with(&short), "{long}");
}
