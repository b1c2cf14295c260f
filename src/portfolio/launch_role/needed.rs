//! The actions that the handlers of a type need: those of its schema, as far as they were reviewed to
//! be needed, and those that the schema lacks.

use super::handler::Handler;
use crate::iam::ActionList;
use crate::resource::TypeFacts;
use std::collections::BTreeMap;

/// An action that a type's handlers need.
#[derive(Clone, Debug)]
pub(super) struct NeededAction {
    /// Its name, the service in lower case.
    pub name: String,
    /// Whether it takes resources, rather than `*` only; nothing where IAM has no such action.
    pub takes_resource: Option<bool>,
    /// The properties that bring it; none where it is needed whatever the templates set.
    only_with: Vec<String>,
}

impl NeededAction {
    /// Whether templates that set these properties need it.
    pub(super) fn is_needed(&self, has_property: impl Fn(&str) -> bool) -> bool {
        let mut properties = self.only_with.iter();
        self.only_with.is_empty() || properties.any(|property| has_property(property))
    }
}

/// The actions of a type, sorted by their lower-case spelling; `only_leaves` leaves out what makes
/// and changes.
pub(super) fn needed(
    facts: &TypeFacts,
    handler: &Handler,
    only_leaves: bool,
    actions: &ActionList,
) -> Vec<NeededAction> {
    let permissions = &facts.permissions;
    let lists: &[&[&str]] = match only_leaves {
        true => &[permissions.read, permissions.delete],
        false => &[
            permissions.create,
            permissions.read,
            permissions.update,
            permissions.delete,
        ],
    };
    let mut needed: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    let from_schema = lists.iter().flat_map(|list| list.iter().copied());
    for action in from_schema.filter(|action| !handler.removes(action)) {
        let properties = || handler.properties_with(action);
        let entry = needed.entry(action.to_ascii_lowercase());
        entry.or_insert_with(|| (action, properties()));
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
        NeededAction {
            takes_resource: actions.takes_resource(&name),
            name,
            only_with,
        }
    };
    needed.into_iter().map(spelt).collect()
}
