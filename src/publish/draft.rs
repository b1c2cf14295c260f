//! A plan as it is drawn up: what is found is added, and later steps look up those to wait for.

use super::{Blocker, Bucket, Desired, Phase, Step, StepId, Subject};
use crate::product::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Steps, blockers and notes as they are found.
#[derive(Default)]
pub(super) struct Draft {
    pub blockers: Vec<Blocker>,
    pub notes: Vec<String>,
    steps: Vec<Step>,
    /// The ids of the steps: a catalog has tens of thousands, and each looks up others.
    ids: BTreeSet<StepId>,
    by_phase: BTreeMap<Phase, Vec<StepId>>,
    by_product: BTreeMap<Key, Vec<StepId>>,
    /// Those of the foundation that every product stands on.
    below_all: Vec<StepId>,
    /// Those that bring a product's launch role.
    launch_roles: BTreeMap<Key, Vec<StepId>>,
    /// What is left as it is: it is blocked, or waits for something that is.
    held: BTreeSet<Subject>,
    /// The first blocker on which everything hangs.
    holds_all: bool,
}

impl Draft {
    /// Notes what a person has to settle. What it is about is left as it is meanwhile.
    pub(super) fn block(&mut self, on: Subject, message: String, hint: impl Into<String>) {
        self.block_by(Blocker {
            on,
            message,
            hint: hint.into(),
        });
    }

    pub(super) fn block_by(&mut self, blocker: Blocker) {
        match blocker.on.product() {
            Some(product) => {
                self.held.insert(Subject::Product(product.clone()));
            }
            None => {
                self.holds_all |= matches!(blocker.on, Subject::Account(_));
                self.held.insert(blocker.on.clone());
            }
        }
        self.blockers.push(blocker);
    }

    /// Leaves something as it is because of something else that is.
    pub(super) fn wait(&mut self, who: Subject, whom: &Subject) {
        let note = format!("{who} waits for the {whom}");
        if self.held.insert(who) {
            self.notes.push(note);
        }
    }

    /// Whether something is left as it is.
    pub(super) fn is_held(&self, subject: &Subject) -> bool {
        self.holds_all || self.held.contains(subject)
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
        if let Some(product) = id.product() {
            let of_product = self.by_product.entry(product.clone()).or_default();
            of_product.push(id.clone());
        }
        self.ids.insert(id.clone());
        self.steps.push(step);
    }

    /// Lets the closing of versions from before this catalog wait for a step, if it is planned.
    pub(super) fn close_after(&mut self, product: &Key, id: &StepId) {
        if !self.has(id) {
            return;
        }
        let is_closing =
            |step: &&mut Step| matches!(&step.id, StepId::CloseAdopted(of, _) if of == product);
        for step in self.steps.iter_mut().filter(is_closing) {
            step.depends_on.push(id.clone());
            step.depends_on.sort();
            step.depends_on.dedup();
        }
    }

    /// The step that was added last.
    pub(super) fn last_mut(&mut self) -> Option<&mut Step> {
        self.steps.last_mut()
    }

    /// Every step, in the order in which they are shown and started, without those on something that
    /// is left as it is.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        let mut steps = std::mem::take(&mut self.steps);
        if self.holds_all {
            return Vec::new();
        }
        let is_held = |step: &Step| {
            let product = step.id.product().cloned().map(Subject::Product);
            product.is_some_and(|product| self.held.contains(&product))
        };
        let mut gone: BTreeSet<StepId> = BTreeSet::new();
        steps.retain(|step| {
            let stays = !is_held(step);
            if !stays {
                gone.insert(step.id.clone());
            }
            stays
        });
        // And without what comes after them.
        loop {
            let before = gone.len();
            steps.retain(|step| {
                let stays = !step.depends_on.iter().any(|id| gone.contains(id));
                if !stays {
                    gone.insert(step.id.clone());
                    self.notes.push(format!(
                        "not yet: {}, which comes after what is blocked",
                        step.what
                    ));
                }
                stays
            });
            if gone.len() == before {
                break;
            }
        }
        steps.sort_by_key(|step| step.action.phase());
        steps
    }

    /// Whether a step is planned.
    pub(super) fn has(&self, id: &StepId) -> bool {
        self.ids.contains(id)
    }

    /// The planned steps that make the bucket for templates.
    pub(super) fn of_bucket(&self, desired: &Desired) -> Vec<StepId> {
        let id = match &desired.bucket {
            Bucket::Named(_) => return Vec::new(),
            Bucket::Own(name) => StepId::CreateBucket(name.clone()),
            Bucket::Output { stack, .. } => StepId::DeployStack(stack.clone()),
        };
        if self.has(&id) { vec![id] } else { Vec::new() }
    }

    /// The planned steps of a phase.
    pub(super) fn of(&self, phase: Phase) -> Vec<StepId> {
        self.by_phase.get(&phase).cloned().unwrap_or_default()
    }

    /// The planned steps that a product stands on: those of the foundation, of the launch roles only
    /// its own.
    pub(super) fn below(&self, product: &Key) -> Vec<StepId> {
        let own = self.launch_roles.get(product).into_iter().flatten();
        self.below_all.iter().chain(own).cloned().collect()
    }

    /// The planned steps of a product.
    pub(super) fn of_product(&self, product: &Key) -> &[StepId] {
        self.by_product.get(product).map_or(&[], Vec::as_slice)
    }
}
