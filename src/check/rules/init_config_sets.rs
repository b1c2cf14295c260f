//! `init-config-sets`: config sets name configurations that exist, and every configuration is in one.

use super::super::scripts::boot_sets;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::boot::configs_of;
use crate::cfn::init::Init;
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-config-sets",
    severity: Severity::Error,
    what: "Config sets name configurations that exist, and every configuration is in one.",
    why: "cfn-init fails at the first name that it doesn't find; what is in no set never runs.",
    fix: "correct the name, or add the configuration to a set",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        let has_init = resource.metadata.contains_key(Init::KEY);
        if !has_init && !boot_sets(subject.user_data(id)).is_empty() {
            report.at(
                Path::of(["Resources", id, "Metadata", Init::KEY]),
                "the user data starts cfn-init, and there is nothing for it to do",
            );
        }
    }
    for init in &subject.inits {
        let names: Vec<&String> = init
            .node
            .as_map()
            .into_iter()
            .flat_map(|map| map.keys())
            .filter(|name| *name != "configSets")
            .collect();
        let sets = init.node.get("configSets").and_then(Node::as_map);
        let set_names: Vec<&str> = sets
            .into_iter()
            .flat_map(|sets| sets.keys())
            .map(String::as_str)
            .collect();
        let mut used = Vec::new();
        for set in set_names.iter().copied().chain(["default"]) {
            for config in configs_of(init.node, set) {
                if !names.contains(&&config) {
                    let at = init.at.join("configSets").join(set);
                    report.at(
                        at,
                        format!("the config set names `{config}`, which isn't there"),
                    );
                }
                used.push(config);
            }
        }
        for name in names {
            if !used.contains(name) {
                report.at(init.at.join(name), format!("`{name}` is in no config set"));
            }
        }
        for set in boot_sets(subject.user_data(init.id)) {
            let is_open = set.contains("${") || set.starts_with('$');
            let is_known = set_names.contains(&set.as_str())
                || set == "default" && !configs_of(init.node, "default").is_empty();
            if !is_known && !is_open {
                let at = Path::properties(init.id).join("UserData");
                report.at(
                    at,
                    format!("the user data asks for the config set `{set}`, which isn't there"),
                );
            }
        }
    }
}
