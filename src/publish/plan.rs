//! The plan: the least that turns what an account has into what it should have.

use super::changed_by_hand::{changed_by_hand, drifted_before};
use super::draft::Draft;
use super::plan_input::PlanInput;
use super::{
    Action, Blocker, Bucket, Desired, Fingerprint, Goal, Layer, Observed, Options, Ownership,
    Restoration, Scope, Step, StepId, Subject, ownership, product_steps, stack_set_steps,
    stack_steps,
};
use crate::environment::{AccountId, environment_path};
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
    /// What has to be settled by a person first. What they are about is left as it is.
    pub blockers: Vec<Blocker>,
    /// What isn't done, and why.
    pub notes: Vec<String>,
    /// What isn't as it should be and no step changes.
    pub left: Vec<String>,
}

/// Compares an account with all that it should have.
pub fn plan(desired: &Desired, observed: &Observed, options: Options) -> Plan {
    Goal::default().plan(desired, observed, options)
}

impl Goal {
    /// The steps that reach it.
    pub fn plan(&self, desired: &Desired, observed: &Observed, options: Options) -> Plan {
        let mut draft = Draft::default();
        if self.scope != Scope::Withdrawals {
            for lack in &desired.lacks {
                draft.block_by(lack.clone());
            }
            bucket(desired, observed, &mut draft);
        }
        let owned: BTreeMap<&Key, Ownership<'_>> = desired
            .products
            .iter()
            .map(|product| (&product.key, ownership(desired, product, observed)))
            .collect();
        let known = PlanInput {
            desired,
            observed,
            owned: &owned,
            goal: self,
            options,
        };
        let mut changed = changed_by_hand(desired, observed);
        for (on, message, hint) in &changed.blockers {
            draft.block(on.clone(), message.clone(), hint);
        }
        stack_steps::plan(&known, Layer::Foundation, &mut draft);
        let products = desired.products.iter();
        for product in products.filter(|product| self.covers(&product.key)) {
            product_steps::plan(&known, product, &mut draft);
        }
        stack_steps::plan(&known, Layer::Portfolio, &mut draft);
        stack_steps::before_closings(&known, &mut draft);
        let mut left = changed.lines;
        restorations(&known, changed.restorations, &mut left, &mut draft);
        stack_set_steps::plan(&known, &mut draft);
        stack_steps::shares(&known, &mut draft);
        left.extend(drifted_before(observed));
        let steps = draft.take_steps();
        // A constraint that a step deletes isn't left.
        for superseded in steps.iter().flat_map(|step| step.action.superseded()) {
            changed.added_constraints.remove(&superseded.constraint);
        }
        left.extend(changed.added_constraints.into_values());
        left.sort();
        if self.scope == Scope::Withdrawals {
            left.clear();
            draft.notes.retain(|note| note.contains("stays active"));
            // What else is wrong has its own command.
            draft.blockers.retain(|blocker| {
                let product = blocker.on.product();
                product.is_some_and(|product| self.covers(product))
            });
        }
        draft.blockers.sort();
        draft.blockers.dedup();
        Plan {
            environment: desired.environment.clone(),
            account: desired.account.clone(),
            region: desired.region.clone(),
            observed: Fingerprint::of(desired, observed),
            steps,
            blockers: draft.blockers,
            notes: draft.notes,
            left,
        }
    }
}

/// The steps that put back what was changed by hand, each after what is done to its stack.
fn restorations(
    known: &PlanInput<'_>,
    found: Vec<(String, String, Restoration, String)>,
    left: &mut Vec<String>,
    draft: &mut Draft,
) {
    for (stack, logical_id, restoration, line) in found {
        let is_held = draft.is_held(&Subject::Stack(stack.clone()));
        if is_held || known.goal.scope != Scope::Catalog {
            left.push(line);
            continue;
        }
        let deployed = StepId::DeployStack(stack.clone());
        let depends_on = match draft.has(&deployed) {
            true => vec![deployed],
            false => Vec::new(),
        };
        draft.push(Step {
            id: StepId::Restore(stack, logical_id),
            what: restoration.to_string(),
            reason: line,
            impact: Vec::new(),
            depends_on,
            action: Action::Restore { restoration },
        });
    }
}

impl Plan {
    /// Whether there is nothing to do and nothing to settle.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.blockers.is_empty()
    }

    /// Whether the account is as it should be.
    pub fn is_well(&self) -> bool {
        self.is_empty() && self.left.is_empty()
    }
}

fn bucket(desired: &Desired, observed: &Observed, draft: &mut Draft) {
    if observed.bucket.is_some() {
        return;
    }
    if let Some(why) = &observed.unusable_bucket {
        let (name, hint) = match &desired.bucket {
            Bucket::Named(name) | Bucket::Own(name) => (
                Some(name),
                format!(
                    "let this identity list it, or name a bucket of this account and region: `templateBucket` in {}",
                    environment_path(&desired.environment)
                ),
            ),
            Bucket::Output { stack, output } => (
                observed
                    .stacks
                    .get(stack)
                    .and_then(|live| live.outputs.get(output)),
                format!(
                    "let this identity list it; where another account has it, it was deleted here and made there under its name, and nothing is to be uploaded to it: give it another name in the stack {stack}"
                ),
            ),
        };
        let name = name.map_or("for templates", String::as_str);
        draft.block(
            Subject::Account(format!("bucket {name}")),
            why.clone(),
            hint,
        );
        return;
    }
    match &desired.bucket {
        Bucket::Named(name) => draft.block(
            Subject::Account(format!("bucket {name}")),
            "it doesn't exist, or this identity may not see it".to_owned(),
            format!(
                "create it, or correct `templateBucket` in portfolios/environments/{}.yaml",
                desired.environment
            ),
        ),
        Bucket::Own(name) => draft.push(Step {
            id: StepId::CreateBucket(name.clone()),
            action: Action::CreateBucket {
                bucket: name.clone(),
            },
            what: format!("create the bucket {name}"),
            reason: "the account has no bucket for templates".to_owned(),
            impact: Vec::new(),
            depends_on: Vec::new(),
        }),
        Bucket::Output { stack, output } => {
            let live = observed.stacks.get(stack);
            let named = live.and_then(|live| live.outputs.get(output));
            if desired.stack(stack).is_none() {
                draft.block(
                    Subject::Account(format!("stack {stack}")),
                    "it should hold the bucket for templates, and the catalog has no such stack"
                        .to_owned(),
                    "run `cargo xtask generate`",
                );
            } else if let Some(name) = named {
                draft.block(
                    Subject::Account(format!("bucket {name}")),
                    format!("stack {stack} has made it, and it doesn't exist: somebody has deleted it"),
                    format!(
                        "`aws s3api create-bucket --bucket {name}` in {}, then publish again, which uploads every template; products that run don't need it, launches do",
                        desired.region
                    ),
                );
            }
        }
    }
}
