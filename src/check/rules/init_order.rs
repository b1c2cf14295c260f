//! `init-order`: a file is written, and before the command that uses it.

use super::super::scripts::{Script, places};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::boot::{configs, configs_of};
use crate::cfn::text::text_of;
use crate::cfn::{IndexMap, IndexSet, Node};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-order",
    severity: Severity::Error,
    what: "A file is written, and before the command that uses it.",
    why: "cfn-init runs configurations in the order of the set: the command would not find its file.",
    fix: "put the file into the same or an earlier configuration",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    missing(subject, report);
    for init in &subject.inits {
        let sets = init.node.get("configSets").and_then(Node::as_map);
        let names = sets
            .into_iter()
            .flat_map(|sets| sets.keys())
            .map(String::as_str);
        for set in names.chain(["default"]) {
            let configs = configs_of(&init.node, set);
            let mut written: IndexMap<&str, usize> = IndexMap::default();
            for (place, config) in configs.iter().enumerate() {
                for path in entries(&init.node, config, "files").map(|(path, _)| path) {
                    written.entry(path).or_insert(place);
                }
            }
            for (place, config) in configs.iter().enumerate() {
                for (name, command) in entries(&init.node, config, "commands") {
                    let text = command.get("command").map(text_of).unwrap_or_default();
                    let late = written
                        .iter()
                        .find(|(path, at)| **at > place && mentions(&text, path));
                    if let Some((path, at)) = late {
                        let where_it_is = configs.get(*at).map(String::as_str).unwrap_or_default();
                        report.at(
                            init.at.join(config).join("commands").join(name),
                            format!("it uses {path}, which `{where_it_is}` writes later"),
                        );
                    }
                }
            }
        }
    }
}

/// Files that commands and scripts read from a folder of the product's own, where nothing writes
/// them.
fn missing(subject: &Subject<'_>, report: &mut Report) {
    for init in &subject.inits {
        let written: Vec<&str> = configs(&init.node)
            .into_iter()
            .filter_map(|config| config.get("files")?.as_map())
            .flat_map(|files| files.keys().map(String::as_str))
            .collect();
        // Below /opt, what is there is what somebody put there.
        let own: IndexSet<&str> = written
            .iter()
            .filter(|path| path.starts_with("/opt/"))
            .filter_map(|path| path.rsplit_once('/').map(|(folder, _)| folder))
            .collect();
        let mine = || subject.scripts.iter().filter(|script| script.id == init.id);
        for script in mine() {
            for path in own.iter().flat_map(|folder| paths_in(script, folder)) {
                // Whatever writes it by a command names it as a target.
                let is_made = || mine().any(|script| makes(&script.text, path));
                if !written.contains(&path) && !is_made() {
                    report.at(
                        script.at.clone(),
                        format!("it uses {path}, which nothing writes"),
                    );
                }
            }
        }
    }
}

/// The files directly in a folder that a script names.
fn paths_in<'s>(script: &'s Script<'_>, folder: &'s str) -> Vec<&'s str> {
    let mut found = Vec::new();
    for line in script.lines_with(folder) {
        for at in places(line, folder) {
            let rest = &line[at..];
            let is_end = |c: char| !(c.is_ascii_alphanumeric() || "/._-".contains(c));
            let path = &rest[..rest.find(is_end).unwrap_or(rest.len())];
            let name = path[folder.len()..].strip_prefix('/').unwrap_or_default();
            if name.contains('.')
                && !name.contains('/')
                && !rest[path.len()..].starts_with(['$', '*'])
            {
                found.push(path);
            }
        }
    }
    found
}

/// Whether a text writes a file: by redirection, or as the target of a copy or download.
fn makes(text: &str, path: &str) -> bool {
    text.lines().any(|line| {
        line.split_once(path).is_some_and(|(before, _)| {
            let before = before.trim_end().trim_end_matches('"').trim_end();
            let targets = [">", "-o", "-O", "--output", "--output=", "tee"];
            let documents = ["--output-document", "--output-document=", "-OutFile"];
            let mut targets = targets.iter().chain(&documents);
            targets.any(|target| before.ends_with(target))
        })
    })
}

fn entries<'n>(
    init: &'n Node,
    config: &str,
    section: &str,
) -> impl Iterator<Item = (&'n str, &'n Node)> {
    let section = init.get(config).and_then(|config| config.get(section));
    section
        .and_then(Node::as_map)
        .into_iter()
        .flatten()
        .map(|(name, node)| (name.as_str(), node))
}

/// Whether a command names a path as a whole word.
fn mentions(command: &str, path: &str) -> bool {
    places(command, path).any(|at| {
        let next = command[at + path.len()..].chars().next();
        next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ')' | '&' | '|'))
    })
}
