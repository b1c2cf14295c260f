//! The plan: the least that turns what an account has into what it should have.

use super::draft::{Draft, bucket_step_id};
use super::left_alone::{PUT_BACK, drifted_before, left_alone};
use super::plan_input::PlanInput;
use super::{
    Action, Blocker, Bucket, Desired, Fingerprint, Layer, Observed, Options, Ownership, Step,
    ownership, product_steps, stack_set_steps, stack_steps,
};
use crate::environment::AccountId;
use crate::product::Key;
use std::collections::BTreeMap;

/// What a publish would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The environment.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// Its region.
    pub region: String,
    /// What the steps go by: parts of the account with the digest of each.
    pub observed: Fingerprint,
    /// The steps, each after those it depends on.
    pub steps: Vec<Step>,
    /// What has to be settled by a person first. With any, nothing is done.
    pub blockers: Vec<Blocker>,
    /// What isn't done, and why.
    pub notes: Vec<String>,
}

/// Compares an account with what it should have.
pub fn plan(desired: &Desired, observed: &Observed, options: Options) -> Plan {
    let mut draft = Draft::default();
    bucket(desired, observed, &mut draft);
    let owned: BTreeMap<&Key, Ownership<'_>> = desired
        .products
        .iter()
        .map(|product| (&product.key, ownership(desired, product, observed)))
        .collect();
    let known = PlanInput {
        desired,
        observed,
        owned: &owned,
    };
    stack_steps::plan(&known, Layer::Foundation, &mut draft);
    for product in &desired.products {
        product_steps::plan(&known, product, options, &mut draft);
    }
    stack_steps::plan(&known, Layer::Portfolio, &mut draft);
    stack_set_steps::plan(&known, &mut draft);
    stack_steps::shares(&known, &mut draft);
    let mut lines = left_alone(desired, observed);
    lines.extend(drifted_before(observed));
    lines.sort();
    if !lines.is_empty() {
        let stays = |line: String| format!("{line}; it stays as it is");
        draft.notes.extend(lines.into_iter().map(stays));
        draft.notes.push(PUT_BACK.to_owned());
    }
    draft.blockers.sort();
    draft.blockers.dedup();
    Plan {
        environment: desired.environment.clone(),
        account: desired.account.clone(),
        region: desired.region.clone(),
        observed: Fingerprint::of(desired, observed),
        steps: draft.take_steps(),
        blockers: draft.blockers,
        notes: draft.notes,
    }
}

impl Plan {
    /// Whether there is nothing to do and nothing to settle.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.blockers.is_empty()
    }
}

fn bucket(desired: &Desired, observed: &Observed, draft: &mut Draft) {
    if observed.bucket.is_some() {
        return;
    }
    match &desired.bucket {
        Bucket::Named(name) => draft.block(
            &format!("bucket {name}"),
            "it doesn't exist, or this identity may not see it".to_owned(),
            format!(
                "create it, or correct `templateBucket` in portfolios/environments/{}.yaml",
                desired.environment
            ),
        ),
        Bucket::Own(name) => draft.push(Step {
            id: bucket_step_id(name),
            action: Action::CreateBucket {
                bucket: name.clone(),
            },
            what: format!("create the bucket {name}"),
            reason: "the account has no bucket for templates".to_owned(),
            impact: Vec::new(),
            depends_on: Vec::new(),
        }),
        Bucket::Output { stack, .. } => {
            if desired.stack(stack).is_none() {
                draft.block(
                    &format!("stack {stack}"),
                    "it should hold the bucket for templates, and the catalog has no such stack"
                        .to_owned(),
                    "run `cargo xtask generate`",
                );
            }
        }
    }
}
