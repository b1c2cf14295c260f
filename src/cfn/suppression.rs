//! Findings that are meant to be: named in the template itself, each with its reason.

use super::{Map, Node, Resource};

/// A rule that says nothing of one resource, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The rule's id; one of cfn-lint's stands after [`Suppression::CFN_LINT`].
    pub rule: String,
    /// Why the finding is meant to be.
    pub reason: String,
}

/// The metadata of a resource that is this catalog's own.
const METADATA: &str = "compute-catalog";
const LIST: &str = "suppressions";

impl Suppression {
    /// What stands before the id of a rule of cfn-lint.
    pub const CFN_LINT: &str = "cfn-lint ";

    /// The reason that an import writes where a person has to say why.
    pub const UNFILLED: &str = "imported as it was: say why it may stay";

    /// The metadata of a resource that is this catalog's own.
    pub const METADATA: &str = METADATA;

    /// The suppressions of a resource, in the order in which they were declared.
    pub fn of(resource: &Resource) -> Vec<Suppression> {
        let Some(Node::Map(own)) = resource.metadata.get(METADATA) else {
            return Vec::new();
        };
        let Some(Node::List(list)) = own.get(LIST) else {
            return Vec::new();
        };
        let text = |entry: &Map, key: &str| entry.get(key).and_then(Node::scalar_text);
        list.iter()
            .filter_map(|item| match item {
                Node::Map(entry) => Some(Suppression {
                    rule: text(entry, "rule")?,
                    reason: text(entry, "reason").unwrap_or_default(),
                }),
                _ => None,
            })
            .collect()
    }

    /// Declares that a finding of one of our rules about a resource is meant to be, and why.
    pub fn declare(resource: &mut Resource, rule: &str, reason: &str) {
        let suppression = Suppression {
            rule: rule.to_owned(),
            reason: reason.to_owned(),
        };
        suppression.add_to(&mut resource.metadata);
    }

    /// Declares the same of a rule of cfn-lint, such as `E3006`, in its own way too.
    pub fn declare_for_cfn_lint(resource: &mut Resource, rule: &str, reason: &str) {
        ignore_in_cfn_lint(&mut resource.metadata, rule);
        Suppression::declare(
            resource,
            &format!("{}{rule}", Suppression::CFN_LINT),
            reason,
        );
    }

    fn add_to(self, metadata: &mut Map) {
        let entry: Map = [("rule", self.rule), ("reason", self.reason)]
            .into_iter()
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect();
        let mut own = map_at(metadata, METADATA);
        push(&mut own, LIST, Node::Map(entry));
        metadata.insert(METADATA.to_owned(), Node::Map(own));
    }
}

/// cfn-lint's own way to leave a rule out for one resource.
fn ignore_in_cfn_lint(metadata: &mut Map, rule: &str) {
    let mut own = map_at(metadata, "cfn-lint");
    let mut config = map_at(&own, "config");
    push(&mut config, "ignore_checks", rule.into());
    own.insert("config".to_owned(), Node::Map(config));
    metadata.insert("cfn-lint".to_owned(), Node::Map(own));
}

/// The map under a key, empty where there is none.
fn map_at(map: &Map, key: &str) -> Map {
    match map.get(key) {
        Some(Node::Map(inner)) => inner.clone(),
        _ => Map::default(),
    }
}

/// Adds an item to the list under a key.
fn push(map: &mut Map, key: &str, item: Node) {
    let mut items = match map.get(key) {
        Some(Node::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    items.push(item);
    map.insert(key.to_owned(), Node::List(items));
}
