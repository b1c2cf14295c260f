//! `init-config-sets`: config sets name configurations that exist, and every configuration is in one.

use super::super::scripts::{boot_resources, boot_sets};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::boot::configs_of;
use crate::cfn::init::Init;
use crate::cfn::{IndexMap, Node, Path};

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
        // It may start what is for another resource.
        let boots = |text: &str| {
            boot_resources(text).any(|of| of.is_none_or(|of| of == *id || of.contains("${")))
        };
        if !has_init && subject.user_data(id).any(boots) {
            report.at(
                Path::of(["Resources", id, "Metadata", Init::KEY]),
                "the user data starts cfn-init, and there is nothing for it to do",
            );
        }
    }
    // What one choice leaves out of every set, another may have in one.
    let mut unused: IndexMap<(&str, &str), Vec<(Path, bool)>> = IndexMap::default();
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
            for config in configs_of(&init.node, set) {
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
            let told = unused.entry((init.id, name)).or_default();
            told.push((init.at.join(name), used.contains(name)));
        }
        for set in subject.user_data(init.id).flat_map(boot_sets) {
            let is_open = set.contains("${") || set.starts_with('$');
            let is_known = set_names.contains(&set.as_str())
                || set == "default" && !configs_of(&init.node, "default").is_empty();
            if !is_known && !is_open {
                let at = Path::properties(init.id).join("UserData");
                report.at(
                    at,
                    format!("the user data asks for the config set `{set}`, which isn't there"),
                );
            }
        }
    }
    for ((_, name), choices) in unused {
        if let Some((at, _)) = choices.first()
            && !choices.iter().any(|(_, is_used)| *is_used)
        {
            report.at(at.clone(), format!("`{name}` is in no config set"));
        }
    }
}
