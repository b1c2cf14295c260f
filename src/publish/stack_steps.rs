//! The steps that deploy stacks and share portfolios.

use super::draft::{Draft, stack_step_id};
use super::plan_input::PlanInput;
use super::stack_links::stack_links;
use super::{Action, Layer, LiveShare, LiveStack, Phase, Reference, Share, Stack, Step};
use crate::digest::Digest;
use std::collections::BTreeMap;

/// CloudFormation's words for stacks that hold nothing: one that so far is only a change set, and
/// one whose creation was put back, which is deleted and made anew.
const NOTHING: [&str; 2] = ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"];

pub(super) fn plan(known: &PlanInput<'_>, layer: Layer, draft: &mut Draft) {
    let links = stack_links(known.desired);
    for stack in known
        .desired
        .stacks
        .iter()
        .filter(|stack| stack.layer == layer)
    {
        let live = known
            .observed
            .stacks
            .get(&stack.name)
            .filter(|live| !NOTHING.contains(&live.status.as_str()));
        if let Some(live) = live.filter(|live| !live.is_settled()) {
            draft.block(
                &format!("stack {}", stack.name),
                format!("CloudFormation can't update it: it is {}", live.status),
                "wait until it is done, or mend it in the CloudFormation console",
            );
            continue;
        }
        let reasons = reasons(known, stack, live);
        if reasons.is_empty() {
            continue;
        }
        let mut depends_on = draft.of_bucket(known.desired);
        let needed = links.get(stack.name.as_str());
        depends_on.extend(
            needed
                .into_iter()
                .flatten()
                .map(|name| stack_step_id(name))
                .filter(|id| draft.has(id)),
        );
        if layer == Layer::Portfolio {
            depends_on.extend(draft.of(Phase::Foundation));
            depends_on.extend(steps_of_products(stack, draft));
        }
        depends_on.sort();
        depends_on.dedup();
        let removed = live.map_or_else(Vec::new, |live| removed(&live.template, &stack.template));
        let verb = if live.is_some() { "update" } else { "create" };
        let step = Step {
            id: stack_step_id(&stack.name),
            what: format!("{verb} the stack {} ({})", stack.name, stack.file),
            reason: reasons.join("; "),
            impact: removed
                .iter()
                .map(|logical_id| format!("{logical_id} is removed"))
                .collect(),
            depends_on,
            action: Action::DeployStack {
                stack: stack.name.clone(),
                create: live.is_none(),
                template: Digest::of(stack.template.as_bytes()),
                parameters: stack.parameters.clone(),
                removed,
                layer,
            },
        };
        match &stack.launch_role_of {
            Some(product) => draft.push_launch_role(product, step),
            None => draft.push(step),
        }
    }
}

fn reasons(known: &PlanInput<'_>, stack: &Stack, live: Option<&LiveStack>) -> Vec<String> {
    let Some(live) = live else {
        return vec!["the account doesn't have it".to_owned()];
    };
    let mut reasons = Vec::new();
    if !stack.is_template(&live.template) {
        reasons.push("its template has changed".to_owned());
    }
    for (name, reference) in &stack.parameters {
        let now = live.parameters.get(name);
        match known.value(reference) {
            Some(value) if now == Some(&value) => {}
            // Values may be secret or long: the name says enough.
            _ => reasons.push(format!("its parameter {name} has changed")),
        }
    }
    reasons
}

/// The planned steps of the products that a stack takes ids of.
fn steps_of_products(stack: &Stack, draft: &Draft) -> Vec<String> {
    let references = stack.parameters.values();
    let products = references.filter_map(|reference| match reference {
        Reference::ProductId(key) => Some(key.as_str()),
        _ => None,
    });
    products
        .flat_map(|product| draft.of_product(product))
        .cloned()
        .collect()
}

/// Logical ids that only the live template has.
fn removed(live: &str, desired: &str) -> Vec<String> {
    let ids = |text: &str| -> BTreeMap<String, ()> {
        crate::cfn::read(text)
            .map(|template| {
                template
                    .resources
                    .keys()
                    .map(|id| (id.to_string(), ()))
                    .collect()
            })
            .unwrap_or_default()
    };
    let keep = ids(desired);
    ids(live)
        .into_keys()
        .filter(|id| !keep.contains_key(id))
        .collect()
}

pub(super) fn shares(known: &PlanInput<'_>, draft: &mut Draft) {
    let mut shares = known.desired.shares.clone();
    shares.sort();
    // Who sees a product can launch it: the roles come first.
    let mut before = draft.of(Phase::Portfolios);
    before.extend(draft.of(Phase::Recipients));
    for share in shares {
        let live = known.value(&share.id).and_then(|portfolio| {
            let mut live = known.observed.shares.iter();
            live.find(|live| live.portfolio == portfolio && live.recipient == share.recipient)
        });
        let (verb, reason) = match live {
            None => ("share", "it is not shared with it yet".to_owned()),
            Some(live) => match otherwise(&share, live) {
                reasons if reasons.is_empty() => continue,
                reasons => ("share anew", reasons.join("; ")),
            },
        };
        let id = format!("share/{}/{}", share.portfolio, share.recipient);
        draft.push(Step {
            id: id.clone(),
            what: format!(
                "{verb} the portfolio {} with {}",
                share.portfolio, share.recipient
            ),
            reason,
            impact: Vec::new(),
            depends_on: before,
            action: Action::Share {
                portfolio: share.portfolio,
                id: share.id,
                recipient: share.recipient,
                update: live.is_some(),
                tag_options: share.tag_options,
                principals: share.principals,
            },
        });
        // Service Catalog takes one share at a time.
        before = vec![id];
    }
}

/// How a share isn't as it should be.
fn otherwise(share: &Share, live: &LiveShare) -> Vec<String> {
    [
        ("tag options", share.tag_options, live.tag_options),
        ("principals", share.principals, live.principals),
    ]
    .into_iter()
    .filter(|(_, should, is)| should != is)
    .map(|(what, should, _)| {
        let verb = if should { "should" } else { "should not" };
        format!("its {what} {verb} come with it")
    })
    .collect()
}
