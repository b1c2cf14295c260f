//! A plan as it is drawn up: what is found is added, and later steps look up those to wait for.

use super::{Blocker, Bucket, Desired, Phase, Step};
use crate::product::Key;
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
    /// Those of the foundation that every product stands on.
    below_all: Vec<String>,
    /// Those that bring a product's launch role.
    launch_roles: BTreeMap<Key, Vec<String>>,
}

impl Draft {
    pub(super) fn block(&mut self, on: &str, message: String, hint: impl Into<String>) {
        self.blockers.push(Blocker {
            on: on.to_owned(),
            message,
            hint: hint.into(),
        });
    }

    /// Adds a step that brings the launch role of a product.
    pub(super) fn push_launch_role(&mut self, product: &Key, step: Step) {
        let of_product = self.launch_roles.entry(product.clone()).or_default();
        of_product.push(step.id.clone());
        self.add(step);
    }

    pub(super) fn push(&mut self, step: Step) {
        if step.action.phase() == Phase::Foundation {
            self.below_all.push(step.id.clone());
        }
        self.add(step);
    }

    fn add(&mut self, step: Step) {
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

    /// The planned steps that a product stands on: those of the foundation, of the launch roles only
    /// its own.
    pub(super) fn below(&self, product: &Key) -> Vec<String> {
        let own = self.launch_roles.get(product).into_iter().flatten();
        self.below_all.iter().chain(own).cloned().collect()
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
