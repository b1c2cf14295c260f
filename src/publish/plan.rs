//! The plan: the least that turns what an account has into what it should have.

use super::left_alone::left_alone;
use super::{
    Action, Bucket, Desired, Fingerprint, Observed, Ownership, Phase, Reference, Step, ownership,
    product_steps, stack_set_steps, stack_steps,
};
use crate::environment::AccountId;
use crate::product::Key;
use std::collections::BTreeMap;
use std::fmt;

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

/// Something that a person has to settle before the catalog can be published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Blocker {
    /// What it is about, such as `product notebook`.
    pub on: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  hint: {}", self.on, self.message, self.hint)
    }
}

impl std::error::Error for Blocker {}

/// What a person insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Hide retired versions although products run on them.
    pub force: bool,
    /// Publish versions that the environment before hasn't verified.
    pub insist: bool,
}

/// Steps, blockers and notes as they are found.
#[derive(Default)]
pub(super) struct Draft {
    pub steps: Vec<Step>,
    pub blockers: Vec<Blocker>,
    pub notes: Vec<String>,
}

impl Draft {
    pub(super) fn block(&mut self, on: &str, message: String, hint: impl Into<String>) {
        self.blockers.push(Blocker {
            on: on.to_owned(),
            message,
            hint: hint.into(),
        });
    }

    /// The planned steps that make the bucket for templates.
    pub(super) fn of_bucket(&self, desired: &Desired) -> Vec<String> {
        let id = match &desired.bucket {
            Bucket::Named(_) => return Vec::new(),
            Bucket::Own(name) => bucket_step_id(name),
            Bucket::Output { stack, .. } => stack_steps::step_id(stack),
        };
        let is_planned = self.steps.iter().any(|step| step.id == id);
        if is_planned { vec![id] } else { Vec::new() }
    }

    /// The planned steps of a phase.
    pub(super) fn of(&self, phase: Phase) -> Vec<String> {
        self.steps
            .iter()
            .filter(|step| step.action.phase() == phase)
            .map(|step| step.id.clone())
            .collect()
    }
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
    let known = Known {
        desired,
        observed,
        owned: &owned,
    };
    stack_steps::plan(&known, super::Layer::Foundation, &mut draft);
    for product in &desired.products {
        product_steps::plan(&known, product, options, &mut draft);
    }
    stack_steps::plan(&known, super::Layer::Portfolio, &mut draft);
    stack_set_steps::plan(&known, &mut draft);
    stack_steps::shares(&known, &mut draft);
    let lines = left_alone(desired, observed);
    draft.notes.extend(
        lines
            .into_iter()
            .map(|line| format!("{line}; it stays as it is")),
    );
    draft.steps.sort_by_key(|step| step.action.phase());
    draft.blockers.sort();
    draft.blockers.dedup();
    Plan {
        environment: desired.environment.clone(),
        account: desired.account.clone(),
        region: desired.region.clone(),
        observed: Fingerprint::of(desired, observed),
        steps: draft.steps,
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

/// What is known when a plan is made.
pub(super) struct Known<'a> {
    pub desired: &'a Desired,
    pub observed: &'a Observed,
    pub owned: &'a BTreeMap<&'a Key, Ownership<'a>>,
}

impl Known<'_> {
    /// The value of a reference, where it exists already.
    pub(super) fn value(&self, reference: &Reference) -> Option<String> {
        match reference {
            Reference::Value(value) => Some(value.clone()),
            Reference::ProductId(key) => match self.owned.get(key) {
                Some(Ownership::Ours(live)) => Some(live.id.clone()),
                _ => None,
            },
            Reference::StackOutput { stack, output } => self
                .observed
                .stacks
                .get(stack)?
                .outputs
                .get(output)
                .cloned(),
        }
    }
}

fn bucket_step_id(bucket: &str) -> String {
    format!("create-bucket/{bucket}")
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
        Bucket::Own(name) => draft.steps.push(Step {
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
