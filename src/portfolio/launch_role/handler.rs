//! What the schemas leave out about CloudFormation's handlers: the reviewed file beside this one.

use crate::yaml::{InputError, load};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The reviewed file.
const FILE: &str = "src/portfolio/launch_role/handlers.yaml";
const TEXT: &str = include_str!("handlers.yaml");

/// The reviewed facts, a type each.
#[derive(Clone, Debug)]
pub struct Handlers {
    by_type: IndexMap<String, Handler>,
}

/// What is known of one type's handlers beyond the schema.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Handler {
    #[serde(rename = "type")]
    name: String,
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

impl Handlers {
    /// The reviewed facts.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn reviewed() -> Result<Handlers, Vec<InputError>> {
        let handlers: Vec<Handler> = load(FILE, TEXT)?;
        Ok(Handlers {
            by_type: handlers
                .into_iter()
                .map(|handler| (handler.name.clone(), handler))
                .collect(),
        })
    }

    /// The facts of a type.
    pub fn of(&self, type_name: &str) -> Option<&Handler> {
        self.by_type.get(type_name)
    }

    /// The types, in the order of the file.
    pub fn types(&self) -> impl Iterator<Item = (&str, &Handler)> {
        self.by_type
            .iter()
            .map(|(name, handler)| (name.as_str(), handler))
    }
}

impl Handler {
    /// Whether the templates need the action at all.
    pub(super) fn needs(&self, action: &str, has_property: impl Fn(&str) -> bool) -> bool {
        if self
            .remove
            .keys()
            .any(|removed| removed.eq_ignore_ascii_case(action))
        {
            return false;
        }
        let mut properties = self
            .only_with
            .iter()
            .filter(|(_, actions)| lists(actions, action))
            .map(|(property, _)| property.as_str())
            .peekable();
        properties.peek().is_none() || properties.any(has_property)
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
