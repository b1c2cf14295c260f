//! What is kept of a stack set, and how it is found.

use super::super::{here, here_mut};
use crate::context::Context;
use crate::wire::Refusal;
use crate::wire::field::{self, Tag};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A stack set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackSet {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub tags: Vec<Tag>,
    /// `SELF_MANAGED` or `SERVICE_MANAGED`.
    pub permission_model: String,
    pub auto_deployment: Option<AutoDeployment>,
    pub administration_role: Option<String>,
    pub execution_role: Option<String>,
    /// By account and region, as `account/region`.
    pub instances: BTreeMap<String, Instance>,
    pub operations: BTreeMap<String, Operation>,
}

/// Whether accounts that join a unit get their instance by themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AutoDeployment {
    #[serde(default, deserialize_with = "field::flag")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "field::flag")]
    retain_stacks_on_account_removal: Option<bool>,
}

/// A stack of a stack set, in one account and region.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instance {
    /// Id of the stack in its account and region.
    pub stack: Option<String>,
    /// The unit that it was made for.
    pub unit: Option<String>,
    pub overrides: BTreeMap<String, String>,
    /// Why the last operation failed.
    pub failure: Option<String>,
}

/// Something that was done to a stack set's instances.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub action: String,
    pub failed: usize,
    pub when: i64,
}

impl StackSet {
    /// The units that it has instances for.
    pub(super) fn units(&self) -> Vec<String> {
        let units: BTreeSet<String> = self
            .instances
            .values()
            .filter_map(|instance| instance.unit.clone())
            .collect();
        units.into_iter().collect()
    }
}

/// As whom the caller acts on the organisation. Which accounts may isn't asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum CallAs {
    #[default]
    #[serde(rename = "SELF")]
    Caller,
    DelegatedAdmin,
}

/// How an operation goes about it: accepted, since all is done at once here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Preferences {
    #[serde(rename = "RegionConcurrencyType")]
    _region_concurrency_type: Option<String>,
    #[serde(rename = "RegionOrder")]
    _region_order: Option<Vec<String>>,
    #[serde(rename = "FailureToleranceCount")]
    _failure_tolerance_count: Option<String>,
    #[serde(rename = "FailureTolerancePercentage")]
    _failure_tolerance_percentage: Option<String>,
    #[serde(rename = "MaxConcurrentCount")]
    _max_concurrent_count: Option<String>,
    #[serde(rename = "MaxConcurrentPercentage")]
    _max_concurrent_percentage: Option<String>,
}

fn missing(name: &str) -> Refusal {
    Refusal::new(
        404,
        "StackSetNotFoundException",
        format!("StackSet {name} not found"),
    )
}

/// A stack set by its name or id.
pub(super) fn find<'a>(context: &'a Context<'_>, name: &str) -> Result<&'a StackSet, Refusal> {
    here(context)
        .and_then(|here| {
            let by_id = || here.stack_sets.values().find(|one| one.id == name);
            here.stack_sets.get(name).or_else(by_id)
        })
        .ok_or_else(|| missing(name))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    name: &str,
) -> Result<&'a mut StackSet, Refusal> {
    let name = find(context, name)?.name.clone();
    let found = here_mut(context).stack_sets.get_mut(&name);
    found.ok_or_else(|| missing(&name))
}
