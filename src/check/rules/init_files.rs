//! `init-files`: what cfn-init writes and fetches is such as it takes.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Map, Node};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-files",
    severity: Severity::Error,
    what: "What cfn-init writes has an absolute path and a mode in digits, what it fetches comes encrypted, and every key is one that it knows.",
    why: "cfn-init fails on the machine, or whoever is in between changes what runs there.",
    fix: "modes are six digits such as `000644`, sources `https://…`",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in &subject.inits {
        if let Some(faults) =
            resource_schemas::faults_by("resources.cfn_init", &init.node.to_json())
        {
            for fault in faults {
                // A file's mode may have fewer digits than the schema wants.
                if fault.path.last().is_none_or(|last| last != "mode") {
                    report.at(init.at.join_all(fault.path), fault.message);
                }
            }
        }
        let configs = init.node.as_map().into_iter().flatten();
        for (name, config) in configs.filter(|(name, _)| *name != "configSets") {
            let section = |name: &str| config.get(name).and_then(Node::as_map);
            for (path, file) in section("files").into_iter().flatten() {
                let at = || init.at.join_all([name, "files", path]);
                let is_absolute =
                    path.starts_with('/') || path.get(1..2) == Some(":") || path.starts_with("${");
                if !is_absolute {
                    report.at(at(), format!("`{path}` is no absolute path"));
                }
                if let Some(mode) = file.get("mode").and_then(Node::scalar_text)
                    && !is_mode(&mode)
                {
                    report.at(
                        at().join("mode"),
                        format!("`{mode}` is no mode: digits such as `000644`"),
                    );
                }
                if let Some(source) = file.get("source").and_then(Node::as_str)
                    && source.starts_with("http://")
                {
                    report.at(at().join("source"), format!("`{source}` comes in the open"));
                }
            }
            let sources: Option<&Map> = section("sources");
            for (path, source) in sources.into_iter().flatten() {
                let text = source.as_str().unwrap_or("https://");
                if !text.starts_with("https://") && !text.starts_with("s3://") {
                    let at = init.at.join_all([name, "sources", path]);
                    report.at(at, format!("`{text}` comes in the open, or from nowhere"));
                }
            }
        }
    }
}

fn is_mode(mode: &str) -> bool {
    (3..=6).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte))
}
