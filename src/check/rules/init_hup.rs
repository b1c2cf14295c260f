//! `init-hup`: a machine with cfn-hup watches its own metadata, and applies what its user data applied.

use super::super::scripts::boot_sets;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;
use crate::cfn::boot::{configs, configs_of, hook};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-hup",
    severity: Severity::Warning,
    what: "A machine with cfn-hup watches its own metadata, and applies what its user data applied.",
    why: "An update changes the metadata, and the running machine never hears of it, or becomes another than a new one.",
    fix: "let the hook's path name the resource, and its action the config sets that the user data runs",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in &subject.inits {
        let node = &*init.node;
        let is_set_up = files(node).any(is_configuration);
        let user_data = init.resource.properties.get("UserData");
        let Some(found) = hook(init.id, node, user_data) else {
            if is_set_up {
                report.at(init.at.clone(), format!("cfn-hup is set up, but doesn't run, or no hook watches Resources.{}.Metadata after updates", init.id));
            }
            continue;
        };
        if !is_set_up {
            report.at(
                init.at.clone(),
                "cfn-hup runs, and nothing writes the cfn-hup.conf that tells it its stack",
            );
        }
        for set in &found.sets {
            let sets = node.get("configSets").and_then(Node::as_map);
            let is_known = sets.is_some_and(|sets| sets.contains_key(set))
                || !configs_of(node, set).is_empty();
            if !is_known && !set.contains("${") {
                report.at(
                    init.at.clone(),
                    format!("cfn-hup applies the config set `{set}`, which isn't there"),
                );
            }
        }
        let boots: Vec<String> = subject.user_data(init.id).flat_map(boot_sets).collect();
        let at_boot: Vec<String> = boots.iter().flat_map(|set| configs_of(node, set)).collect();
        let is_open = |set: &String| set.contains('$');
        if at_boot.is_empty() || boots.iter().chain(&found.sets).any(is_open) {
            continue;
        }
        for config in found
            .sets
            .iter()
            .flat_map(|set| configs_of(node, set))
            .filter(|config| !at_boot.contains(config))
        {
            report.at(
                init.at.join(&config),
                format!("cfn-hup applies `{config}` to running machines, and no new one gets it: the user data runs {}", boots.join(", ")),
            );
        }
    }
}

/// The paths of the files that cfn-init writes.
fn files(init: &Node) -> impl Iterator<Item = &str> {
    configs(init)
        .into_iter()
        .filter_map(|config| config.get("files")?.as_map())
        .flat_map(|files| files.keys().map(String::as_str))
}

fn is_configuration(path: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some("cfn-hup.conf")
}
