//! What the steps of a plan go by: the account as it should be, and as it is.

use super::{Desired, Goal, Observed, Options, Ownership, Reference};
use crate::product::Key;
use std::collections::BTreeMap;

/// What is known when a plan is made.
pub(super) struct PlanInput<'a> {
    pub desired: &'a Desired,
    pub observed: &'a Observed,
    pub owned: &'a BTreeMap<&'a Key, Ownership<'a>>,
    pub goal: &'a Goal,
    pub options: Options,
}

impl PlanInput<'_> {
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
