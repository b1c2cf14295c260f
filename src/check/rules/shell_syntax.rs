//! `shell-syntax`: a shell reads each script for one.

use super::super::documents::{CLOUD_CONFIG, PLUGIN, build_spec, cloud_config, command_document};
use super::super::scripts::BootMetadata;
use super::super::shell::{SHELLS, fault, is_for_shell};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::{choices, text_of, unknown_line};
use crate::cfn::{Map, Node, Path, Scenarios, Step, Trail};
use std::cell::LazyCell;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "shell-syntax",
    severity: Severity::Error,
    what: "A shell reads each script for one: user data, cloud-config, the files and commands of cfn-init, documents of Systems Manager, buildspecs, commands of containers.",
    why: "The shell stops where it can't read on: the machine starts and isn't set up, the job fails at once.",
    fix: "correct the script; `bash -n FILE` says what bash says of it",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html#user-data-shell-scripts",
    check: Check::Template(check),
};

/// Who reads the scripts of a document.
type ReadScripts = fn(&str) -> Vec<String>;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for script in subject.scripts.iter().filter(|one| one.is_user_data) {
        for (text, above) in parts(&script.text) {
            if text.starts_with(CLOUD_CONFIG) {
                tell_all(&script.at, cloud_config(text), report);
            } else if is_for_shell(text) {
                tell(&script.at, text, (&script.text, above), report);
            }
        }
    }
    for init in &subject.inits {
        metadata(subject, init, report);
    }
    let mut found = Vec::new();
    let mut documents = Vec::new();
    let top = Trail::top("Resources");
    for (id, resource) in &subject.template.resources {
        let at = top.key(id);
        let at = at.key("Properties");
        let text = |name: &str| resource.properties.get(name).and_then(Node::as_str);
        if resource.kind == "AWS::SSM::Association"
            && text("Name") == Some("AWS-RunShellScript")
            && let Some(lines) = resource.properties.get("Parameters")
            && let Some(lines) = lines.get("commands")
        {
            found.push((at.key("Parameters").key("commands").path(), lines));
        }
        for (name, node) in &resource.properties {
            commands(&at.key(name), node, &mut found);
        }
        let properties = &resource.properties;
        let document = match resource.kind.as_str() {
            "AWS::SSM::Document" => properties.get("Content").map(|text| {
                (
                    at.key("Content").path(),
                    text,
                    command_document as ReadScripts,
                )
            }),
            // Windows has another shell.
            "AWS::CodeBuild::Project" => properties
                .get("Source")
                .filter(|_| !is_of_windows(properties.get("Environment")))
                .and_then(|source| source.get("BuildSpec"))
                .map(|text| {
                    (
                        at.key("Source").key("BuildSpec").path(),
                        text,
                        build_spec as ReadScripts,
                    )
                }),
            _ => None,
        };
        // What stands there as it is, isn't text.
        documents.extend(document.filter(|(_, text, _)| text.as_map().is_none()));
    }
    let scenarios = LazyCell::new(|| Scenarios::of(subject.template));
    for (at, node, read) in documents {
        for choice in choices(subject.template, || &*scenarios, node) {
            tell_all(&at, read(&text_of(&choice)), report);
        }
    }
    for (at, node) in found {
        for choice in choices(subject.template, || &*scenarios, node) {
            let text = lines(&choice);
            tell(&at, &text, (&text, 0), report);
        }
    }
}

/// Tells what no shell reads. `above` are so many lines of the whole before the script.
fn tell(at: &Path, script: &str, (whole, above): (&str, usize), report: &mut Report) {
    let Some(fault) = fault(script) else {
        return;
    };
    let line = above + fault.line;
    let message = format!(
        "no shell reads line {line} of the script: {}",
        fault.message
    );
    // What a parameter gives as whole lines may hold what is missing.
    match unknown_line(script) {
        Some(unknown) => {
            let message = format!("{message}, unless `{unknown}` gives what is missing");
            report.numbered(Some(Severity::Warning), at.clone(), (whole, line), message);
        }
        None => report.numbered(None, at.clone(), (whole, line), message),
    }
}

/// Whether an environment of CodeBuild is Windows.
fn is_of_windows(environment: Option<&Node>) -> bool {
    let kind = environment.and_then(|environment| environment.get("Type")?.as_str());
    kind.is_some_and(|kind| kind.starts_with("WINDOWS"))
}

/// Tells what no shell reads in scripts of a document.
fn tell_all(at: &Path, scripts: Vec<String>, report: &mut Report) {
    for script in scripts {
        tell(at, &script, (&script, 0), report);
    }
}

/// The texts in user data, each with how many lines stand before it: the whole, or parts of a text of
/// several.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html#user-data-mime-multi>
fn parts(text: &str) -> Vec<(&str, usize)> {
    // cloud-init takes such a script for one that runs early.
    let own = text.strip_prefix("#cloud-boothook\n");
    if is_for_shell(own.unwrap_or(text)) || text.starts_with(CLOUD_CONFIG) {
        return vec![(own.unwrap_or(text), usize::from(own.is_some()))];
    }
    let head = text.split("\n\n").next().unwrap_or_default();
    let boundary = head.split_once("boundary=").map(|(_, rest)| {
        let ends = |letter: char| letter.is_whitespace() || letter == ';';
        let word = rest.split(ends).next().unwrap_or_default();
        format!("--{}", word.trim_matches('"'))
    });
    let Some(boundary) = boundary else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut at = 0;
    for part in text
        .split_inclusive('\n')
        .collect::<Vec<_>>()
        .split_inclusive(|line| {
            line.trim_end()
                .strip_suffix("--")
                .unwrap_or(line.trim_end())
                == boundary
        })
    {
        let body = part.iter().take_while(|line| !line.trim().is_empty());
        let head = body.count();
        let length: usize = part.iter().map(|line| line.len()).sum();
        let skipped: usize = part.iter().take(head + 1).map(|line| line.len()).sum();
        let end = part.last().filter(|line| line.starts_with("--"));
        let end = at + length - end.map_or(0, |line| line.len());
        let script = text.get(at + skipped..end).unwrap_or_default();
        let above = text[..at + skipped].lines().count();
        found.push((script, above));
        at += length;
    }
    found
}

/// The scripts that cfn-init writes, and its commands.
fn metadata(subject: &Subject<'_>, init: &BootMetadata<'_>, report: &mut Report) {
    let is_windows = is_windows(subject, init);
    let configs = init.node.as_map().into_iter().flatten();
    for (name, config) in configs.filter(|(name, _)| *name != "configSets") {
        let section = |name: &str| {
            config
                .get(name)
                .and_then(Node::as_map)
                .into_iter()
                .flatten()
        };
        for (path, file) in section("files") {
            // What is encoded is no text here.
            let content = file
                .get("content")
                .filter(|_| file.get("encoding").is_none());
            let text = content.map(text_of).unwrap_or_default();
            let is_script = match text.starts_with("#!") {
                true => is_for_shell(&text),
                false => path.ends_with(".sh"),
            };
            if is_script {
                let at = init.at.join_all([name, "files", path, "content"]);
                tell(&at, &text, (&text, 0), report);
            }
        }
        for (entry, command) in section("commands").filter(|_| !is_windows) {
            for key in ["command", "test"] {
                let at = init.at.join_all([name, "commands", entry, key]);
                match command.get(key) {
                    None => {}
                    // Words, which no shell reads, but where they start one.
                    Some(Node::List(words)) => {
                        if let Some(script) = script_of(words) {
                            let text = lines(script);
                            tell(&at, &text, (&text, 0), report);
                        }
                    }
                    Some(node) => {
                        let text = text_of(node);
                        tell(&at, &text, (&text, 0), report);
                    }
                }
            }
        }
    }
}

/// Whether a machine is of Windows, whose commands are of another language.
fn is_windows(subject: &Subject<'_>, init: &BootMetadata<'_>) -> bool {
    let mut user_data = subject.user_data(init.id);
    if user_data.any(|text| {
        let text = text.trim_start();
        text.starts_with('<') || text.starts_with("version:")
    }) {
        return true;
    }
    let configs = || init.node.as_map().into_iter().flat_map(Map::values);
    let has = |section: &str, is_it: &dyn Fn(&str, &Node) -> bool| {
        let sections = configs().filter_map(|config| config.get(section)?.as_map());
        sections.flatten().any(|(name, node)| is_it(name, node))
    };
    has("files", &|path, _| path.get(1..2) == Some(":"))
        || has("commands", &|_, command| {
            let text = command.get("command").map(text_of).unwrap_or_default();
            command.get("waitAfterCompletion").is_some()
                || text.contains(".exe")
                || text.starts_with("powershell")
                || text.starts_with("cmd ")
        })
}

/// Lines of a script, or its text.
fn lines(node: &Node) -> String {
    match node {
        Node::List(items) => {
            let lines: Vec<_> = items.iter().map(text_of).collect();
            lines.join("\n")
        }
        text => text_of(text).into_owned(),
    }
}

/// Finds what a shell is given to run, anywhere in a property.
fn commands<'t>(at: &Trail<'_>, node: &'t Node, found: &mut Vec<(Path, &'t Node)>) {
    match node {
        Node::List(items) => {
            if let Some(script) = script_of(items) {
                found.push((at.path(), script));
            }
            for (index, item) in items.iter().enumerate() {
                commands(&at.down(Step::Index(index)), item, found);
            }
        }
        Node::Map(map) => {
            let list = |name: &str| map.get(name).and_then(Node::as_list);
            // `docker run` of an image with an entry point: what it is given is the script.
            if let (Some(entry), Some([script, ..])) = (list("EntryPoint"), list("Command"))
                && starts_shell(entry) == Some(entry.len())
            {
                found.push((at.key("Command").path(), script));
            }
            document(at, map, found);
            for (key, value) in map {
                commands(&at.key(key), value, found);
            }
        }
        Node::Intrinsic(function) => {
            let inner = at.key(function.name());
            for (step, part) in function.parts() {
                commands(&inner.down(step), part, found);
            }
        }
        _ => {}
    }
}

/// The scripts of a document of Systems Manager: a step, or the whole of an older one.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript>
fn document<'t>(at: &Trail<'_>, map: &'t Map, found: &mut Vec<(Path, &'t Node)>) {
    if map.get("action").and_then(Node::as_str) == Some(PLUGIN)
        && let Some(lines) = map
            .get("inputs")
            .and_then(|inputs| inputs.get("runCommand"))
    {
        found.push((at.key("inputs").key("runCommand").path(), lines));
    }
    let properties = map.get(PLUGIN).and_then(|plugin| plugin.get("properties"));
    let steps = match properties {
        Some(Node::List(steps)) => steps.as_slice(),
        _ => &[],
    };
    for (index, step) in steps.iter().enumerate() {
        if let Some(lines) = step.get("runCommand") {
            let at = at.key(PLUGIN);
            let at = at.key("properties");
            found.push((at.down(Step::Index(index)).key("runCommand").path(), lines));
        }
    }
}

/// The script in the words of a command that starts a shell: `bash -c SCRIPT`.
fn script_of(words: &[Node]) -> Option<&Node> {
    words.get(starts_shell(words)?)
}

/// Where in the words of a command the script stands that a shell is given.
fn starts_shell(words: &[Node]) -> Option<usize> {
    let mut words = words.iter().map(Node::as_str);
    let program = words.next()??.rsplit('/').next()?;
    if !SHELLS.contains(&program) {
        return None;
    }
    let is_it = |word: Option<&str>| {
        word.and_then(|word| word.strip_prefix('-'))
            .is_some_and(|flags| {
                flags.contains('c') && flags.bytes().all(|byte| byte.is_ascii_lowercase())
            })
    };
    Some(words.position(is_it)? + 2)
}
