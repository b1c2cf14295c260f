//! A plan as it is drawn up: what is found is added, and later steps look up those to wait for.

use super::{Blocker, Bucket, Desired, Phase, Step};

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
            Bucket::Output { stack, .. } => stack_step_id(stack),
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

/// The id of the step that deploys a stack.
pub(super) fn stack_step_id(stack: &str) -> String {
    format!("deploy-stack/{stack}")
}

/// The id of the step that makes a bucket.
pub(super) fn bucket_step_id(bucket: &str) -> String {
    format!("create-bucket/{bucket}")
}
