//! The steps that deploy stacks and share portfolios.

use super::declared::of_type;
use super::draft::Draft;
use super::hand_made::in_the_way;
use super::lost_export::imported;
use super::plan_input::PlanInput;
use super::stack_deletion::deletion;
use super::stack_links::stack_links;
use super::stack_template::json;
use super::superseded::{renamed, superseded};
use super::{
    Action, Layer, LiveShare, LiveStack, Observed, Phase, Reference, Scope, Share, Stack, Step,
    StepId, Subject, Superseded,
};
use crate::product::Key;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(known: &PlanInput<'_>, layer: Layer, draft: &mut Draft) {
    let links = stack_links(known.desired);
    if known.goal.scope == Scope::Withdrawals {
        return;
    }
    for stack in known
        .desired
        .stacks
        .iter()
        .filter(|stack| stack.layer == layer && is_covered(known, stack))
    {
        let subject = Subject::Stack(stack.name.clone());
        if draft.is_held(&subject) {
            continue;
        }
        let live = known
            .observed
            .stacks
            .get(&stack.name)
            .filter(|live| !live.holds_nothing());
        // Told also where the stack waits for something else: a person settles both at once.
        if live.is_none() {
            let in_the_way = in_the_way(known, stack);
            if !in_the_way.is_empty() {
                for (message, hint) in in_the_way {
                    draft.block(subject.clone(), message, hint);
                }
                continue;
            }
        }
        let needed = links.get(stack.name.as_str()).into_iter().flatten();
        let mut needed = needed.map(|name| Subject::Stack((*name).to_owned()));
        if let Some(held) = needed.find(|needed| draft.is_held(needed)) {
            draft.wait(subject, &held);
            continue;
        }
        if let Some(product) = not_there(known, stack, draft) {
            draft.wait(subject, &Subject::Product(product));
            continue;
        }
        if let Some(live) = live.filter(|live| !live.is_settled() && !live.is_in_progress()) {
            let (message, hint) = unsettled(known.observed, &stack.name, live);
            draft.block(subject, message, hint);
            continue;
        }
        // What differs between two templates is nothing where they are the same.
        let altered = live.filter(|live| !stack.is_template(&live.template));
        if let Some(why) = altered.and_then(|live| switched_kind(&live.template, &stack.template)) {
            draft.block(
                subject,
                format!("{why}, and CloudFormation makes the new constraint before it deletes the old, which Service Catalog refuses"),
                "in two publishes: leave the product out of the portfolio's file, generate, publish; put it in again as it should be, generate, publish",
            );
            continue;
        }
        if let Some((message, hint)) = altered.and_then(|live| of_others(known, stack, live)) {
            draft.block(subject, message, hint);
            continue;
        }
        if let Some((message, hint)) = live.and_then(imported) {
            draft.block(subject, message, hint);
            continue;
        }
        if let Some((message, hint)) = altered.and_then(|live| renamed(known, stack, live)) {
            draft.block(subject, message, hint);
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
                .map(|name| StepId::DeployStack((*name).to_owned()))
                .filter(|id| draft.has(id)),
        );
        if layer == Layer::Portfolio {
            depends_on.extend(draft.of(Phase::Foundation));
            depends_on.extend(steps_of_products(stack, draft));
        }
        depends_on.sort();
        depends_on.dedup();
        let removed = live.map_or_else(Vec::new, |live| removed(&live.template, &stack.template));
        let superseded = live.map_or_else(Vec::new, |live| superseded(known, stack, live));
        let gone = removed.iter().map(|id| format!("{id} is removed"));
        let verb = if live.is_some() { "update" } else { "create" };
        let step = Step {
            id: StepId::DeployStack(stack.name.clone()),
            what: format!("{verb} the stack {} ({})", stack.name, stack.file),
            reason: reasons.join("; "),
            impact: gone
                .chain(superseded.iter().map(Superseded::impact))
                .collect(),
            depends_on,
            action: Action::DeployStack {
                stack: stack.clone(),
                create: live.is_none(),
                removed,
                superseded,
                bucket: known.desired.bucket.reference(),
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
    if live.is_in_progress() {
        reasons.push(format!(
            "CloudFormation is still at work on it: {}",
            live.status
        ));
    }
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

/// Whether the run looks after a stack: what every product stands on, the launch roles of its
/// products, and the portfolios that offer them.
fn is_covered(known: &PlanInput<'_>, stack: &Stack) -> bool {
    if known.goal.scope == Scope::Catalog {
        return true;
    }
    match (&stack.launch_role_of, stack.layer) {
        (Some(product), _) => known.goal.covers(product),
        (None, Layer::Foundation) => true,
        (None, Layer::Portfolio) => products_of(stack).any(|key| known.goal.covers(key)),
    }
}

/// The products that a stack takes ids of.
fn products_of(stack: &Stack) -> impl Iterator<Item = &Key> {
    let references = stack.parameters.values();
    references.filter_map(|reference| match reference {
        Reference::ProductId(key) => Some(key),
        _ => None,
    })
}

/// A product whose id a stack takes, and that isn't there nor about to be.
fn not_there(known: &PlanInput<'_>, stack: &Stack, draft: &Draft) -> Option<Key> {
    let mut products = products_of(stack);
    let lacks = |key: &&Key| {
        let is_held = draft.is_held(&Subject::Product((*key).clone()));
        let id = Reference::ProductId((*key).clone());
        let is_coming = draft.has(&StepId::CreateProduct((*key).clone())) && !is_held;
        known.value(&id).is_none() && !is_coming
    };
    products.find(lacks).cloned()
}

/// Why CloudFormation can't update a stack, and the way out.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes>
fn unsettled(observed: &Observed, name: &str, live: &LiveStack) -> (String, String) {
    let message = format!("CloudFormation can't update it: it is {}", live.status);
    let hint = match live.status.as_str() {
        "UPDATE_ROLLBACK_FAILED" => format!(
            "`aws cloudformation continue-update-rollback --stack-name {name}`, once what its events name is mended; then publish again"
        ),
        // Both take back what was done last: a stack whose creation failed holds nothing afterwards.
        "UPDATE_FAILED" | "CREATE_FAILED" => format!(
            "`aws cloudformation rollback-stack --stack-name {name}`, once what its events name is mended; then publish again"
        ),
        "ROLLBACK_FAILED" | "DELETE_FAILED" => format!(
            "{}, once what its events name is mended; then publish again, which makes it anew",
            deletion(observed, name)
        ),
        _ => "mend it in the CloudFormation console, then publish again".to_owned(),
    };
    (message, hint)
}

/// A stack of our stack's name that holds nothing of what ours holds: an update would delete all of it.
fn of_others(known: &PlanInput<'_>, stack: &Stack, live: &LiveStack) -> Option<(String, String)> {
    let kinds = |text: &str| -> BTreeSet<(String, String)> {
        let template = json(text);
        let resources = template["Resources"].as_object().into_iter().flatten();
        let kind = |one: &serde_json::Value| one["Type"].as_str().unwrap_or_default().to_owned();
        resources.map(|(id, one)| (id.clone(), kind(one))).collect()
    };
    let (is, should) = (kinds(&live.template), kinds(&stack.template));
    if is.is_empty() || !is.is_disjoint(&should) {
        return None;
    }
    let held: Vec<&str> = is.iter().map(|(id, _)| id.as_str()).collect();
    Some((
        format!(
            "it isn't ours: it holds nothing that {} has, and an update would delete what it holds: {}",
            stack.file,
            held.join(", ")
        ),
        format!(
            "find out whose it is; where nobody needs it, {}, then publish again; otherwise give ours another name, `stack` in the file of portfolios/ that {} is generated from",
            deletion(known.observed, &stack.name),
            stack.file
        ),
    ))
}

/// A product of a portfolio that goes from a launch role to a stack set, or back.
fn switched_kind(live: &str, desired: &str) -> Option<String> {
    let kinds = |template: &str| {
        let template = json(template);
        let mut kinds: BTreeMap<(String, String), (&'static str, String)> = BTreeMap::new();
        for (kind, word) in [
            ("LaunchRoleConstraint", "a launch role"),
            ("StackSetConstraint", "a stack set"),
        ] {
            for (logical_id, properties) in of_type(&template, kind) {
                let pair = (
                    properties["PortfolioId"].to_string(),
                    properties["ProductId"].to_string(),
                );
                kinds.insert(pair, (word, logical_id.clone()));
            }
        }
        kinds
    };
    let now = kinds(live);
    kinds(desired).into_iter().find_map(|(pair, (to, _))| {
        let (from, logical_id) = now.get(&pair)?;
        (*from != to).then(|| format!("{logical_id} goes from {from} to {to}"))
    })
}

/// The planned steps of the products that a stack takes ids of.
fn steps_of_products(stack: &Stack, draft: &Draft) -> Vec<StepId> {
    products_of(stack)
        .flat_map(|product| draft.of_product(product))
        .filter(|id| !matches!(id, StepId::CloseAdopted(..)))
        .cloned()
        .collect()
}

/// Versions from before this catalog are closed once every portfolio has the launch role of their
/// product: until then they are what people can launch there.
pub(super) fn before_closings(known: &PlanInput<'_>, draft: &mut Draft) {
    let stacks = known.desired.stacks.iter();
    for stack in stacks.filter(|stack| stack.layer == Layer::Portfolio) {
        let id = StepId::DeployStack(stack.name.clone());
        for product in products_of(stack) {
            draft.close_after(product, &id);
        }
    }
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
    if known.goal.scope != Scope::Catalog {
        return;
    }
    let mut shares = known.desired.shares.clone();
    shares.sort();
    // Who sees a product can launch it: the roles come first.
    let mut before = draft.of(Phase::Portfolios);
    before.extend(draft.of(Phase::Recipients));
    for share in shares {
        let stack = match &share.id {
            Reference::StackOutput { stack, .. } => Some(Subject::Stack(stack.clone())),
            Reference::Value(_) | Reference::ProductId(_) => None,
        };
        if let Some(stack) = stack.filter(|stack| draft.is_held(stack)) {
            draft.notes.push(format!(
                "the share of {} with {} waits for the {stack}",
                share.portfolio, share.recipient
            ));
            continue;
        }
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
        let id = StepId::Share(share.portfolio.clone(), share.recipient.clone());
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
                share,
                update: live.is_some(),
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
