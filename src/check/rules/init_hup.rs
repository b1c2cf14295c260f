//! `init-hup`: a machine with cfn-hup watches its own metadata, and applies config sets that exist.

use super::super::scripts::inits;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;
use crate::cfn::boot::{configs_of, hook};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-hup",
    severity: Severity::Warning,
    what: "A machine with cfn-hup watches its own metadata, and applies config sets that exist.",
    why: "An update changes the metadata, and the running machine never hears of it.",
    fix: "let the hook's path name the resource, and its action a config set of it",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in inits(subject) {
        let is_set_up = init.node.to_json().to_string().contains("cfn-hup.conf");
        let Some(found) = hook(init.id, init.resource) else {
            if is_set_up {
                report.at(init.at.clone(), format!("cfn-hup is set up, but doesn't run, or no hook watches Resources.{}.Metadata after updates", init.id));
            }
            continue;
        };
        for set in &found.sets {
            let sets = init.node.get("configSets").and_then(Node::as_map);
            let is_known = sets.is_some_and(|sets| sets.contains_key(set))
                || !configs_of(init.node, set).is_empty();
            if !is_known && !set.contains("${") {
                report.at(
                    init.at.clone(),
                    format!("cfn-hup applies the config set `{set}`, which isn't there"),
                );
            }
        }
    }
}
