//! What AWS's schemas leave out about CloudFormation's handlers: `vendor/handlers.yaml`, read, and the
//! actions of each type that follow from its schema and the file together.

use crate::cfn::IndexMap;
use crate::iam::ActionList;
use crate::resource::{self, TypeFacts};
use crate::yaml::{InputError, load};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Where the file stands, from the root of the repository.
pub(super) const FILE: &str = "vendor/handlers.yaml";
const TEXT: &str = include_str!("../../../vendor/handlers.yaml");

/// What is known of one type's handlers beyond its schema.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HandlerFacts {
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
    /// Actions on resources of product stacks only, told by CloudFormation's tags on them. What `on` lists
    /// for them beside the type's own resources may be of any stack.
    #[serde(default)]
    pub tagged: Vec<String>,
    /// The type whose tags count, where resources of this one have their parent's.
    #[serde(default)]
    pub tags_of: Option<String>,
    /// Actions on resources of the product's own logical ids only.
    #[serde(default)]
    pub own: Vec<String>,
    /// The type whose names are the aliases of these resources: only those without an alias of
    /// another name are acted on.
    #[serde(default)]
    pub aliases: Option<String>,
    /// The service that takes roles.
    #[serde(default)]
    pub passes_to: Option<String>,
    /// Why actions are on any resource, of a type that nobody has reviewed; never in the file.
    #[serde(skip)]
    pub(super) unreviewed: Option<String>,
}

/// What the name starts with that CloudFormation makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum GeneratedName {
    /// The stack's name.
    #[default]
    Stack,
    /// The stack's name in lower case.
    LowerStack,
    /// The logical id.
    LogicalId,
}

impl HandlerFacts {
    /// What is known of a type that nobody has reviewed: no more than its schema.
    fn unreviewed(name: &str) -> HandlerFacts {
        HandlerFacts {
            name: name.to_owned(),
            unreviewed: Some(format!("nobody has reviewed the handlers of {name}")),
            ..HandlerFacts::default()
        }
    }

    /// Whether the action stays out.
    fn removes(&self, action: &str) -> bool {
        let mut removed = self.remove.keys();
        removed.any(|removed| removed.eq_ignore_ascii_case(action))
    }

    /// The properties that bring the action; none where it is needed without any.
    pub fn properties_with(&self, action: &str) -> Vec<String> {
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

    /// Whether the action is bound to the product's own logical ids.
    pub(super) fn is_own(&self, action: &str) -> bool {
        lists(&self.own, action)
    }
}

fn lists(actions: &[String], action: &str) -> bool {
    actions
        .iter()
        .any(|listed| listed.eq_ignore_ascii_case(action))
}

/// An action that a type's handlers call.
#[derive(Clone, Debug)]
pub(super) struct HandlerAction {
    /// Its name, the service in lower case.
    pub name: String,
    /// Whether it takes resources, rather than `*` only; nothing where IAM has no such action.
    pub takes_resource: Option<bool>,
    /// Whether the handler that deletes calls it.
    pub deletes: bool,
    /// The properties that bring it; none where it is needed whatever the templates set.
    only_with: Vec<String>,
}

impl HandlerAction {
    /// Whether templates that set these properties need it.
    pub(super) fn is_needed(&self, has_property: impl Fn(&str) -> bool) -> bool {
        let mut properties = self.only_with.iter();
        self.only_with.is_empty() || properties.any(|property| has_property(property))
    }
}

/// What is known of the handlers of every vendored type: those that were reviewed first, in the order
/// of the file.
#[derive(Clone, Debug)]
pub struct Handlers {
    by_type: IndexMap<String, OfType>,
}

/// What is known of one type's handlers, with the actions that follow: many products use the type.
#[derive(Clone, Debug)]
struct OfType {
    facts: HandlerFacts,
    all: OnceLock<Vec<HandlerAction>>,
    delete_only: OnceLock<Vec<HandlerAction>>,
}

impl Handlers {
    /// The reviewed facts.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn reviewed() -> Result<Handlers, Vec<InputError>> {
        let facts: Vec<HandlerFacts> = load(FILE, TEXT)?;
        let of_type = |facts: HandlerFacts| OfType {
            facts,
            all: OnceLock::new(),
            delete_only: OnceLock::new(),
        };
        let mut by_type: IndexMap<String, OfType> = facts
            .into_iter()
            .map(|facts| (facts.name.clone(), of_type(facts)))
            .collect();
        let added = resource::added().into_iter().map(|one| one.facts);
        for TypeFacts { name, .. } in resource::types().chain(added) {
            by_type
                .entry((*name).to_owned())
                .or_insert_with(|| of_type(HandlerFacts::unreviewed(name)));
        }
        Ok(Handlers { by_type })
    }

    /// The facts of a type.
    pub fn of(&self, type_name: &str) -> Option<&HandlerFacts> {
        Some(&self.by_type.get(type_name)?.facts)
    }

    /// Whether no more is known of a type's handlers than AWS's schema: launch roles grant what it names
    /// on any resource.
    pub fn is_unreviewed(&self, type_name: &str) -> bool {
        self.of(type_name)
            .is_some_and(|facts| facts.unreviewed.is_some())
    }

    /// The actions that the handlers of a type call, sorted by their lower-case spelling; only those
    /// that read and delete what is there, where that is all there is to do.
    pub(super) fn actions(
        &self,
        facts: &TypeFacts,
        delete_only: bool,
        actions: &ActionList,
    ) -> &[HandlerAction] {
        self.by_type.get(facts.name).map_or(&[], |of_type| {
            let list = match delete_only {
                true => &of_type.delete_only,
                false => &of_type.all,
            };
            list.get_or_init(|| handler_actions(facts, &of_type.facts, delete_only, actions))
        })
    }

    /// The reviewed types, in the order of the file.
    pub fn types(&self) -> impl Iterator<Item = (&str, &HandlerFacts)> {
        let types = self.by_type.iter();
        let types = types.filter(|(_, of_type)| of_type.facts.unreviewed.is_none());
        types.map(|(name, of_type)| (name.as_str(), &of_type.facts))
    }
}

/// Whether an action is one by which a handler reads: what it reads doesn't depend on what a
/// template sets, so neither does the action.
pub fn is_reading(action: &str) -> bool {
    let verb = action.split_once(':').map_or("", |(_, verb)| verb);
    let starts = |start: &str| {
        verb.get(..start.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(start))
    };
    starts("describe") || starts("get") || starts("list")
}

/// The actions of a type; `delete_only` leaves out what makes and changes.
fn handler_actions(
    facts: &TypeFacts,
    handler: &HandlerFacts,
    delete_only: bool,
    actions: &ActionList,
) -> Vec<HandlerAction> {
    let permissions = &facts.permissions;
    let tagging = facts.tagging.permissions;
    // What is read back after a change, and after a creation, whatever was set.
    let reading = || {
        let read = permissions.read.iter().chain(tagging).copied();
        read.filter(|action| is_reading(action))
    };
    let lower = |action: &str| action.to_ascii_lowercase();
    let read: BTreeSet<String> = reading().map(lower).collect();
    let deletes: BTreeSet<String> = permissions
        .delete
        .iter()
        .map(|action| lower(action))
        .collect();
    let lists: &[&[&str]] = match delete_only {
        true => &[permissions.read, permissions.delete],
        false => &[
            permissions.create,
            permissions.read,
            permissions.update,
            permissions.delete,
            tagging,
        ],
    };
    let mut needed: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    let from_schema = lists.iter().flat_map(|list| list.iter().copied());
    for action in from_schema
        .chain(reading())
        .filter(|action| !handler.removes(action))
    {
        let name = lower(action);
        let only_with = match read.contains(&name) {
            true => Vec::new(),
            false => handler.properties_with(action),
        };
        needed.entry(name).or_insert((action, only_with));
    }
    for action in handler.add.keys() {
        let entry = needed.entry(action.to_ascii_lowercase());
        let (_, only_with) = entry.or_insert_with(|| (action, Vec::new()));
        only_with.clear();
    }
    let spelt = |(mut name, (action, only_with)): (String, (&str, Vec<String>))| {
        // The service stays in lower case.
        let start = action.find(':').unwrap_or(action.len());
        name.replace_range(start.., &action[start..]);
        HandlerAction {
            takes_resource: actions.takes_resource(&name),
            deletes: deletes.contains(&lower(&name)),
            name,
            only_with,
        }
    };
    needed.into_iter().map(spelt).collect()
}
