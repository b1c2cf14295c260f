//! The steps of one product as they are found, and what they are found from.

use super::draft::Draft;
use super::plan_input::PlanInput;
use super::{Action, LiveProduct, LiveVersion, Product, Step, StepId, Version};
use crate::product::VersionName;
use std::collections::BTreeMap;

/// The steps of one product, as they are found.
pub(super) struct Steps<'a, 'b> {
    pub(super) known: &'a PlanInput<'a>,
    pub(super) product: &'a Product,
    pub(super) live: Option<&'a LiveProduct>,
    pub(super) versions: BTreeMap<VersionName, &'a LiveVersion>,
    pub(super) draft: &'b mut Draft,
    /// The step that marks versions as withdrawn, where one is planned: the others come after it.
    pub(super) withdrawal: Option<StepId>,
    /// The step that creates each missing version.
    pub(super) created: BTreeMap<VersionName, StepId>,
    /// The steps that open a version to launches.
    pub(super) offers: Vec<StepId>,
}

impl Steps<'_, '_> {
    pub(super) fn push(
        &mut self,
        id: StepId,
        action: Action,
        what: String,
        reason: impl Into<String>,
        mut depends_on: Vec<StepId>,
    ) -> StepId {
        if depends_on.is_empty() {
            depends_on = self.draft.below(&self.product.key);
        }
        depends_on.extend(self.withdrawal.clone());
        depends_on.sort();
        depends_on.dedup();
        self.draft.push(Step {
            id: id.clone(),
            action,
            what,
            reason: reason.into(),
            impact: Vec::new(),
            depends_on,
        });
        id
    }

    pub(super) fn impact(&mut self, impact: &[String]) {
        if let Some(step) = self.draft.last_mut() {
            step.impact = impact.to_vec();
        }
    }

    pub(super) fn named(&self, version: &Version) -> String {
        format!("{} {}", self.product.key, version.name)
    }
}
