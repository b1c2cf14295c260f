//! A plan as it is drawn up: what is found is added, and later steps look up those to wait for.

use super::{Blocker, Bucket, Desired, Phase, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Steps, blockers and notes as they are found.
#[derive(Default)]
pub(super) struct Draft {
    pub blockers: Vec<Blocker>,
    pub notes: Vec<String>,
    steps: Vec<Step>,
    /// The ids of the steps: a catalog has tens of thousands, and each looks up others.
    ids: BTreeSet<String>,
    by_phase: BTreeMap<Phase, Vec<String>>,
    by_product: BTreeMap<String, Vec<String>>,
}

impl Draft {
    pub(super) fn block(&mut self, on: &str, message: String, hint: impl Into<String>) {
        self.blockers.push(Blocker {
            on: on.to_owned(),
            message,
            hint: hint.into(),
        });
    }

    pub(super) fn push(&mut self, step: Step) {
        let id = &step.id;
        let of_phase = self.by_phase.entry(step.action.phase()).or_default();
        of_phase.push(id.clone());
        let mut parts = id.split('/');
        if parts.next() != Some("deploy-stack")
            && let Some(product) = parts.next()
        {
            let of_product = self.by_product.entry(product.to_owned()).or_default();
            of_product.push(id.clone());
        }
        self.ids.insert(id.clone());
        self.steps.push(step);
    }

    /// The step that was added last.
    pub(super) fn last_mut(&mut self) -> Option<&mut Step> {
        self.steps.last_mut()
    }

    /// Every step, in the order in which they are shown and started.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        let mut steps = std::mem::take(&mut self.steps);
        steps.sort_by_key(|step| step.action.phase());
        steps
    }

    /// Whether a step is planned.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The planned steps that make the bucket for templates.
    pub(super) fn of_bucket(&self, desired: &Desired) -> Vec<String> {
        let id = match &desired.bucket {
            Bucket::Named(_) => return Vec::new(),
            Bucket::Own(name) => bucket_step_id(name),
            Bucket::Output { stack, .. } => stack_step_id(stack),
        };
        if self.has(&id) { vec![id] } else { Vec::new() }
    }

    /// The planned steps of a phase.
    pub(super) fn of(&self, phase: Phase) -> Vec<String> {
        self.by_phase.get(&phase).cloned().unwrap_or_default()
    }

    /// The planned steps of a product.
    pub(super) fn of_product(&self, product: &str) -> &[String] {
        self.by_product.get(product).map_or(&[], Vec::as_slice)
    }
}

/// The id of the step that deploys a stack.
pub(super) fn stack_step_id(stack: &str) -> String {
    format!("deploy-stack/{stack}")
}

/// The id of the step that makes a bucket.
pub(super) fn bucket_step_id(bucket: &str) -> String {
    format!("create-bucket/{bucket}")
}
