//! The steps that bring stack sets to the accounts with which portfolios are shared.

use super::draft::Draft;
use super::plan_input::PlanInput;
use super::{Action, LiveStackSet, Phase, Scope, StackSet, Step, StepId, Subject, Targets};
use std::collections::BTreeSet;

pub(super) fn plan(known: &PlanInput<'_>, draft: &mut Draft) {
    if known.goal.scope != Scope::Catalog {
        return;
    }
    let mut before = draft.of(Phase::Foundation);
    for set in &known.desired.stack_sets {
        let live = known.observed.stack_sets.get(&set.name);
        let is_of_units = matches!(set.targets, Targets::Units(_));
        if live.is_some_and(|live| live.is_of_units != is_of_units) {
            draft.block(
                Subject::StackSet(set.name.clone()),
                "it reaches organisational units where it should reach accounts, or the other way round; CloudFormation can't change that".to_owned(),
                "name another stack set in the portfolio's `recipients`, or delete this one",
            );
            continue;
        }
        let reasons = reasons(set, live);
        if reasons.is_empty() {
            continue;
        }
        let targets: Vec<&str> = set.targets.ids().iter().map(String::as_str).collect();
        let verb = if live.is_some() { "update" } else { "create" };
        let id = StepId::DeployStackSet(set.name.clone());
        draft.push(Step {
            id: id.clone(),
            what: format!(
                "{verb} the stack set {} ({}) in {}",
                set.name,
                set.file,
                targets.join(", ")
            ),
            reason: reasons.join("; "),
            impact: Vec::new(),
            depends_on: before.clone(),
            action: Action::DeployStackSet {
                stack_set: set.clone(),
                bucket: known.desired.bucket.reference(),
            },
        });
        // Each may import from those before it.
        before.push(id);
    }
}

/// Why a stack set isn't as it should be.
fn reasons(set: &StackSet, live: Option<&LiveStackSet>) -> Vec<String> {
    let Some(live) = live else {
        return vec!["the account doesn't have it".to_owned()];
    };
    let mut reasons = Vec::new();
    if !set.is_template(&live.template) {
        reasons.push("its template has changed".to_owned());
    }
    let missing: BTreeSet<String> = set
        .targets
        .ids()
        .difference(&live.targets())
        .cloned()
        .collect();
    for target in missing {
        reasons.push(format!("{target} doesn't have it"));
    }
    for (account, why) in live.outdated() {
        reasons.push(format!("it is not as it should be in {account}: {why}"));
    }
    reasons
}
