//! The statements of every policy in a template, in one form.

use super::Property;
use crate::cfn::{Map, Node, Path, Step, Trail};

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Who may take a role.
    Trust,
    /// What a principal may do.
    Identity,
    /// Who may do what to one resource.
    Resource,
}

impl Purpose {
    /// What the policies of a property are for.
    pub fn of(property: Property<'_>) -> Purpose {
        match property.name {
            "AssumeRolePolicyDocument" => Purpose::Trust,
            _ if property.resource.kind.starts_with("AWS::IAM::") => Purpose::Identity,
            _ => Purpose::Resource,
        }
    }
}

/// A statement that allows something.
pub(super) struct Allow<'s> {
    /// The property in which it stands.
    pub property: Property<'s>,
    /// Where it stands.
    pub at: Path,
    /// What its policy is for.
    pub purpose: Purpose,
    /// The actions, as written.
    pub actions: Vec<String>,
    /// The statement.
    pub statement: &'s Map,
}

impl Allow<'_> {
    /// The resources, functions among them.
    pub fn resources(&self) -> Vec<&Node> {
        Node::one_or_more(self.statement.get("Resource"))
    }

    /// Whether it speaks of all resources.
    pub fn is_for_all(&self) -> bool {
        self.statement.contains_key("NotResource")
            || self
                .resources()
                .iter()
                .any(|resource| resource.as_str() == Some("*"))
    }

    /// The services and other principals: the kind, and its values.
    pub fn principals(&self) -> Vec<(&str, &Node)> {
        match self.statement.get("Principal") {
            Some(Node::Map(kinds)) => kinds
                .iter()
                .flat_map(|(kind, names)| {
                    Node::one_or_more(Some(names))
                        .into_iter()
                        .map(move |name| (kind.as_str(), name))
                })
                .collect(),
            Some(one) => vec![("*", one)],
            None => Vec::new(),
        }
    }

    /// Whether a condition asks about one of these keys.
    pub fn asks(&self, keys: &[&str]) -> bool {
        let operators = self.statement.get("Condition").and_then(Node::as_map);
        operators
            .into_iter()
            .flat_map(Map::values)
            .filter_map(Node::as_map)
            .flat_map(Map::keys)
            .any(|key| keys.iter().any(|wanted| key.eq_ignore_ascii_case(wanted)))
    }

    /// Whether there is any condition.
    pub fn is_conditional(&self) -> bool {
        let conditions = self.statement.get("Condition").and_then(Node::as_map);
        conditions.is_some_and(|conditions| !conditions.is_empty())
    }
}

/// Every statement of a property that allows something, in the order of the template.
pub(super) fn allows(property: Property<'_>) -> Vec<Allow<'_>> {
    statements(property, "Allow")
}

/// Every statement of a property that denies something, in the same form.
pub(super) fn denies(property: Property<'_>) -> Vec<Allow<'_>> {
    statements(property, "Deny")
}

fn statements<'s>(property: Property<'s>, effect: &str) -> Vec<Allow<'s>> {
    let mut found = Vec::new();
    let resources = Trail::top("Resources");
    let resource = resources.key(property.id);
    let properties = resource.key("Properties");
    let at = properties.key(property.name);
    collect(property, &at, property.value, effect, &mut found);
    found
}

fn collect<'s>(
    property: Property<'s>,
    at: &Trail<'_>,
    node: &'s Node,
    effect: &str,
    found: &mut Vec<Allow<'s>>,
) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(property, &at.down(Step::Index(index)), item, effect, found);
            }
        }
        Node::Map(map) => match map.get("Statement") {
            Some(statements) => {
                let at = at.key("Statement");
                let is_list = statements.as_list().is_some();
                for (index, statement) in
                    Node::one_or_more(Some(statements)).into_iter().enumerate()
                {
                    if let Node::Map(statement) = statement
                        && statement.get("Effect").and_then(Node::as_str) == Some(effect)
                    {
                        let place = match is_list {
                            true => at.down(Step::Index(index)).path(),
                            false => at.path(),
                        };
                        found.push(Allow {
                            property,
                            at: place,
                            purpose: Purpose::of(property),
                            actions: texts(statement.get("Action")),
                            statement,
                        });
                    }
                }
            }
            None => {
                for (key, value) in map {
                    collect(property, &at.key(key), value, effect, found);
                }
            }
        },
        _ => {}
    }
}

fn texts(node: Option<&Node>) -> Vec<String> {
    Node::one_or_more(node)
        .into_iter()
        .filter_map(Node::scalar_text)
        .collect()
}
