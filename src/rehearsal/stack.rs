//! A stack: its template, its values, and what it has made.

use super::account::Account;
use super::event::Status;
use super::thing::{Thing, attribute};
use super::world::World;
use crate::cfn::{Evaluator, IndexMap, Map, Node, Pseudo, Scenario, Template};
use std::sync::Arc;

/// What is asked of CloudFormation.
#[derive(Clone, Debug)]
pub struct StackRequest {
    /// The stack's name.
    pub name: String,
    /// Its template.
    pub template: Arc<Template>,
    /// The template's file, from the root of the repository: for messages.
    pub file: String,
    /// Values of its parameters; the others have their defaults.
    pub parameters: Scenario,
    /// The tags of the stack: its resources get them.
    pub tags: IndexMap<String, String>,
}

/// A stack.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What was asked for last.
    pub request: StackRequest,
    /// What it has made, in the order in which it was made.
    pub resources: IndexMap<String, Made>,
    /// Its outputs.
    pub outputs: IndexMap<String, Node>,
    /// Its state.
    pub status: Status,
}

/// What a stack has made of a resource.
#[derive(Clone, Debug)]
pub struct Made {
    /// The type.
    pub kind: String,
    /// Its physical id: what `Ref` yields.
    pub id: String,
    /// Its properties, functions evaluated.
    pub properties: Map,
    /// Attributes that aren't to be told from its properties.
    pub attributes: IndexMap<String, String>,
    /// The stack in it.
    pub nested: Option<Box<Stack>>,
}

impl Stack {
    /// A stack that has made nothing yet.
    pub fn new(request: StackRequest) -> Stack {
        Stack {
            request,
            resources: IndexMap::default(),
            outputs: IndexMap::default(),
            status: Status::CreateInProgress,
        }
    }

    /// Its ARN.
    pub fn arn(&self, account: &Account) -> String {
        account.pseudo(&self.request.name).stack_id
    }

    /// What the account has of one of its resources.
    pub fn thing<'a>(&self, account: &'a Account, logical_id: &str) -> Option<&'a Thing> {
        let made = self.resources.get(logical_id)?;
        account.find(&made.kind, &made.id)
    }
}

/// What is known while a stack's template is evaluated.
pub(super) struct Known<'a> {
    pub world: &'a World<'a>,
    pub account: &'a Account,
    pub pseudo: Pseudo,
    pub made: &'a IndexMap<String, Made>,
}

impl Evaluator for Known<'_> {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.pseudo.pseudo(name)
    }

    fn resource(&self, logical_id: &str) -> Option<Node> {
        Some(self.made.get(logical_id)?.id.as_str().into())
    }

    fn attribute(&self, logical_id: &str, name: &str) -> Option<Node> {
        let made = self.made.get(logical_id)?;
        if let Some(nested) = &made.nested
            && let Some(output) = name.strip_prefix("Outputs.")
        {
            return nested.outputs.get(output).cloned();
        }
        match self.account.find(&made.kind, &made.id) {
            Some(thing) => Some(attribute(
                self.world.behaviours,
                thing,
                &made.attributes,
                logical_id,
                name,
            )),
            None => made.attributes.get(name).map(|text| text.as_str().into()),
        }
    }

    fn export(&self, name: &str) -> Option<Node> {
        Some(self.account.exports.get(name)?.as_str().into())
    }
}

/// A function that is left in properties after evaluation, where something isn't known; `Base64`
/// and lists of zones stay, since nothing is decided by them.
pub(super) fn left_over(properties: &Map) -> Option<String> {
    properties
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "UserData" | "Code" | "TemplateBody"))
        .find(|(_, node)| node.has_function())
        .map(|(name, node)| format!("{name} ({})", node.to_json()))
}
