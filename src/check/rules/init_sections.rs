//! `init-sections`: the metadata of cfn-init has the sections and entries that cfn-init knows.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Map, Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-sections",
    severity: Severity::Error,
    what: "The metadata of cfn-init has the sections and entries that cfn-init knows.",
    why: "cfn-init passes over what it doesn't know, and the machine lacks it.",
    fix: "correct the name of the section or entry",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    check: Check::Template(check),
};

const SECTIONS: [&str; 7] = [
    "packages", "groups", "users", "sources", "files", "commands", "services",
];
const FILE: [&str; 8] = [
    "content",
    "source",
    "encoding",
    "group",
    "owner",
    "mode",
    "authentication",
    "context",
];
const COMMAND: [&str; 6] = [
    "command",
    "env",
    "cwd",
    "test",
    "ignoreErrors",
    "waitAfterCompletion",
];
const SERVICE: [&str; 6] = [
    "ensureRunning",
    "enabled",
    "files",
    "sources",
    "packages",
    "commands",
];
/// Entries that are one value; what else there is can be a list or a map.
const TEXTS: [&str; 13] = [
    "source",
    "encoding",
    "group",
    "owner",
    "mode",
    "authentication",
    "context",
    "cwd",
    "test",
    "ignoreErrors",
    "waitAfterCompletion",
    "ensureRunning",
    "enabled",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in &subject.inits {
        let Node::Map(configs) = &*init.node else {
            report.at(init.at.clone(), "it is no map of configurations");
            continue;
        };
        for (name, config) in configs.iter().filter(|(name, _)| *name != "configSets") {
            let at = init.at.join(name);
            let Some(sections) = map(&at, config, report) else {
                continue;
            };
            for (section, entries) in sections {
                let at = at.join(section);
                if !SECTIONS.contains(&section.as_str()) {
                    report.at(
                        at,
                        format!("`{section}` is none of {}", SECTIONS.join(", ")),
                    );
                    continue;
                }
                let entries = map(&at, entries, report);
                for (entry, body) in entries.into_iter().flatten() {
                    look(section, &at.join(entry), body, report);
                }
            }
        }
    }
}

fn look(section: &str, at: &Path, body: &Node, report: &mut Report) {
    let (needs, known): (&[&str], &[&str]) = match section {
        "files" => (&["content", "source"], &FILE),
        "commands" => (&["command"], &COMMAND),
        "services" => {
            for (service, body) in map(at, body, report).into_iter().flatten() {
                let at = at.join(service);
                if let Some(body) = map(&at, body, report) {
                    entries(&at, body, &SERVICE, report);
                }
            }
            return;
        }
        _ => return,
    };
    let Some(body) = map(at, body, report) else {
        return;
    };
    if !needs.iter().any(|key| body.contains_key(*key)) {
        report.at(at.clone(), format!("it has no {}", needs.join(" and no ")));
    }
    entries(at, body, known, report);
    let access = ["mode", "owner", "group"];
    let given = access.iter().filter(|key| body.contains_key(**key)).count();
    if section == "files" && given != 0 && given != access.len() {
        let message = "on Linux a file has a mode, an owner and a group; on Windows none";
        report.at(at.clone(), message);
    }
}

/// The entries of a file, command or service: names that cfn-init knows, and what is one value.
fn entries(at: &Path, body: &Map, known: &[&str], report: &mut Report) {
    for (key, value) in body {
        if !known.contains(&key.as_str()) {
            let message = format!("`{key}` is none of {}", known.join(", "));
            report.at(at.join(key), message);
        } else if TEXTS.contains(&key.as_str())
            && value.scalar_text().is_none()
            && value.as_intrinsic().is_none()
        {
            report.at(at.join(key), "it is one value");
        }
    }
}

fn map<'n>(at: &Path, node: &'n Node, report: &mut Report) -> Option<&'n Map> {
    if node.as_map().is_none() && node.as_intrinsic().is_none() {
        report.at(at.clone(), "it is no map");
    }
    node.as_map()
}
