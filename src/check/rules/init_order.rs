//! `init-order`: a file is written before the command that uses it.

use super::super::scripts::inits;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;
use crate::cfn::boot::{configs_of, text_of};
use indexmap::IndexMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-order",
    severity: Severity::Error,
    what: "A file is written before the command that uses it.",
    why: "cfn-init runs configurations in the order of the set: the command would not find its file.",
    fix: "put the file into the same or an earlier configuration",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in inits(subject) {
        let sets = init.node.get("configSets").and_then(Node::as_map);
        let names = sets
            .into_iter()
            .flat_map(|sets| sets.keys())
            .map(String::as_str);
        for set in names.chain(["default"]) {
            let configs = configs_of(init.node, set);
            let mut written: IndexMap<&str, usize> = IndexMap::new();
            for (place, config) in configs.iter().enumerate() {
                for path in entries(init.node, config, "files").map(|(path, _)| path) {
                    written.entry(path).or_insert(place);
                }
            }
            for (place, config) in configs.iter().enumerate() {
                for (name, command) in entries(init.node, config, "commands") {
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
    command.match_indices(path).any(|(at, _)| {
        let next = command[at + path.len()..].chars().next();
        next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ')' | '&' | '|'))
    })
}
