//! What the schemas leave out about CloudFormation's handlers of one type.

use crate::cfn::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is known of one type's handlers beyond the schema.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Handler {
    #[serde(rename = "type")]
    pub(super) name: String,
    /// The ARNs of its resources, `{name}` for their names.
    pub arns: Vec<String>,
    /// The property that names a resource.
    #[serde(default)]
    pub name_property: Option<String>,
    /// What CloudFormation's own names start with.
    #[serde(default)]
    pub generated_name: GeneratedName,
    /// Actions that a property needs.
    #[serde(default)]
    pub only_with: IndexMap<String, Vec<String>>,
    /// Actions that stay out, with the reason.
    #[serde(default)]
    pub remove: IndexMap<String, String>,
    /// Actions that the schema lacks, with the reason.
    #[serde(default)]
    pub add: IndexMap<String, String>,
    /// Actions on any resource, with the reason.
    #[serde(default)]
    pub any: IndexMap<String, String>,
    /// Actions on other resources.
    #[serde(default)]
    pub on: IndexMap<String, Vec<String>>,
    /// Actions on resources of product stacks only.
    #[serde(default)]
    pub tagged: Vec<String>,
    /// The service that takes roles.
    #[serde(default)]
    pub passes_to: Option<String>,
}

/// What the name starts with that CloudFormation makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum GeneratedName {
    /// The stack's name.
    #[default]
    Stack,
    /// The logical id.
    LogicalId,
}

impl Handler {
    /// Whether the action stays out.
    pub(super) fn removes(&self, action: &str) -> bool {
        let mut removed = self.remove.keys();
        removed.any(|removed| removed.eq_ignore_ascii_case(action))
    }

    /// The properties that bring the action; none where it is needed without any.
    pub(super) fn properties_with(&self, action: &str) -> Vec<String> {
        let with = self.only_with.iter();
        with.filter(|(_, actions)| lists(actions, action))
            .map(|(property, _)| property.clone())
            .collect()
    }

    /// The resources of an action, where they are other than the type's own.
    pub(super) fn resources_of(&self, action: &str) -> Option<&Vec<String>> {
        self.on
            .iter()
            .find(|(listed, _)| listed.eq_ignore_ascii_case(action))
            .map(|(_, arns)| arns)
    }

    /// Whether the action is bound to resources of product stacks.
    pub(super) fn is_tagged(&self, action: &str) -> bool {
        lists(&self.tagged, action)
    }
}

fn lists(actions: &[String], action: &str) -> bool {
    actions
        .iter()
        .any(|listed| listed.eq_ignore_ascii_case(action))
}
