//! What CloudFormation remembers.

use crate::api::cloudformation as api;
use crate::state::tag::Tag;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What CloudFormation has in one account and region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stacks {
    /// By id, also those that were deleted.
    pub stacks: BTreeMap<String, Stack>,
    pub change_sets: BTreeMap<String, ChangeSet>,
    pub detections: BTreeMap<String, Detection>,
    /// By name.
    pub stack_sets: BTreeMap<String, StackSet>,
    /// Resources of types that no service here has: type, then physical id.
    pub plain: BTreeMap<String, BTreeMap<String, Value>>,
}

/// A stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stack {
    pub id: String,
    pub name: String,
    /// The state it comes to; until it has settled, that in progress is answered.
    pub status: String,
    pub status_in_progress: String,
    pub reason: Option<String>,
    /// Text, as given; empty until a change set was executed.
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub tags: Vec<Tag>,
    pub created: i64,
    pub updated: Option<i64>,
    pub deleted: Option<i64>,
    /// By logical id.
    pub resources: BTreeMap<String, StackResource>,
    pub outputs: Vec<StackOutput>,
    /// Names of the exports that it imports.
    pub imports: BTreeSet<String>,
    /// Oldest first.
    pub events: Vec<Event>,
    pub change_set: Option<String>,
    pub drift: Option<(String, i64)>,
    /// The role that CloudFormation takes, where it was given one.
    #[serde(default)]
    pub role: Option<String>,
    /// Whether it is kept from being deleted.
    #[serde(default)]
    pub is_protected: bool,
}

impl Stack {
    /// Adds an event of the stack itself.
    pub(crate) fn note(&mut self, status: &str, reason: Option<String>, when: i64) {
        self.events.push(Event {
            logical: self.name.clone(),
            physical: self.id.clone(),
            kind: "AWS::CloudFormation::Stack".to_owned(),
            status: status.to_owned(),
            reason,
            when,
        });
    }
}

/// A resource of a stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackResource {
    pub kind: String,
    pub physical: String,
    /// Position in the order of creation.
    pub order: usize,
    /// Evaluated.
    pub properties: Value,
    /// What `Fn::GetAtt` yields.
    pub attributes: BTreeMap<String, Value>,
    /// It stays when it leaves the stack.
    pub retained: bool,
    pub status: String,
    pub changed: i64,
    /// The stack in it, where it is a stack.
    pub nested: Option<Box<NestedStack>>,
}

/// A stack within a stack. Here it stands in its resource alone: no call lists it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NestedStack {
    pub name: String,
    /// Text, as it was read where `TemplateURL` said.
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub tags: Vec<Tag>,
    /// By logical id.
    pub resources: BTreeMap<String, StackResource>,
    pub outputs: BTreeMap<String, Value>,
}

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StackOutput {
    pub key: String,
    pub value: String,
    pub description: Option<String>,
    pub export: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    pub logical: String,
    pub physical: String,
    pub kind: String,
    pub status: String,
    pub reason: Option<String>,
    pub when: i64,
}

/// A change set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeSet {
    pub id: String,
    pub name: String,
    /// Id of the stack.
    pub stack: String,
    pub description: Option<String>,
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub tags: Vec<Tag>,
    pub changes: Vec<Change>,
    /// Why it failed.
    pub failure: Option<String>,
    pub executed: bool,
    pub created: i64,
}

/// A change of one resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// `Add`, `Modify` or `Remove`.
    pub action: String,
    pub logical: String,
    pub physical: Option<String>,
    pub kind: String,
    pub replacement: bool,
    /// Names of the properties that change.
    pub properties: Vec<String>,
}

/// A detection of drift.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detection {
    pub stack: String,
    pub drifted: usize,
    pub when: i64,
}

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

impl StackSet {
    /// The units that it has instances for.
    pub(crate) fn units(&self) -> Vec<String> {
        let units: BTreeSet<String> = self
            .instances
            .values()
            .filter_map(|instance| instance.unit.clone())
            .collect();
        units.into_iter().collect()
    }
}

/// Whether accounts that join a unit get their instance by themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AutoDeployment {
    pub enabled: Option<bool>,
    pub retain_stacks_on_account_removal: Option<bool>,
}

impl From<api::AutoDeployment> for AutoDeployment {
    fn from(given: api::AutoDeployment) -> Self {
        Self {
            enabled: given.enabled,
            retain_stacks_on_account_removal: given.retain_stacks_on_account_removal,
        }
    }
}

impl From<AutoDeployment> for api::AutoDeployment {
    fn from(kept: AutoDeployment) -> Self {
        Self {
            enabled: kept.enabled,
            retain_stacks_on_account_removal: kept.retain_stacks_on_account_removal,
            depends_on: Vec::new(),
        }
    }
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
