//! Which present values of running products an update would refuse.
//!
//! An update keeps a product's parameter values. CloudFormation checks them against the new
//! template as it checks those of a launch.

use super::{ChangeKind, Changes, ParameterChange};
use crate::cfn::{Node, Parameter};
use serde::Serialize;
use std::fmt;

/// A parameter that no longer takes what running products have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Incompatibility {
    /// The parameter.
    pub parameter: String,
    /// What is wrong.
    pub kind: Break,
    /// Present values that the update refuses, where they can be told; a text about them otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How a parameter breaks with what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Break {
    /// The parameter is gone: its value is lost.
    Removed,
    /// The parameter is another one's successor: its value is not carried over.
    Renamed {
        /// The old name.
        from: String,
    },
    /// A new parameter without a default: an update that names no value for it fails.
    Required,
    /// It had a default, and has none: a product that was launched with it must name a value.
    DefaultRemoved,
    /// Another type.
    Type {
        /// As it was.
        from: String,
        /// As it is.
        to: String,
    },
    /// Values it took are refused.
    Narrowed,
    /// Another pattern: which present values it refuses isn't known offline.
    Pattern,
}

impl Break {
    /// How a list of refused values says that all others are.
    pub(super) const BUT: &'static str = "anything but ";
}

impl fmt::Display for Incompatibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.parameter;
        match &self.kind {
            Break::Removed => write!(f, "{name} is gone: what was chosen there is lost"),
            Break::Renamed { from } => {
                write!(
                    f,
                    "{name} was {from}: what was chosen there is not carried over"
                )
            }
            Break::Required => write!(
                f,
                "{name} is new and has no default: an update must name a value"
            ),
            Break::DefaultRemoved => write!(f, "{name} no longer has a default"),
            Break::Type { from, to } => write!(f, "{name} was of type {from} and is of type {to}"),
            Break::Narrowed => write!(
                f,
                "{name} no longer takes {}: products with such a value can't update as they are",
                self.values.join(", ")
            ),
            Break::Pattern => write!(
                f,
                "{name} has another pattern: products whose value doesn't match can't update as they are"
            ),
        }
    }
}

/// What running products of the old template can't carry over.
pub fn compatibility(changes: &Changes) -> Vec<Incompatibility> {
    changes.parameters.iter().flat_map(of_change).collect()
}

fn of_change(change: &ParameterChange) -> Vec<Incompatibility> {
    let one = |kind| {
        vec![Incompatibility {
            parameter: change.name.clone(),
            kind,
            values: Vec::new(),
        }]
    };
    match (&change.fate, &change.old, &change.new) {
        (ChangeKind::Added, _, Some(new)) if new.default.is_none() => one(Break::Required),
        (ChangeKind::Removed, ..) => one(Break::Removed),
        (ChangeKind::Renamed { from }, ..) => one(Break::Renamed { from: from.clone() }),
        (ChangeKind::Changed, Some(old), Some(new)) => compatibility_of(&change.name, old, new),
        _ => Vec::new(),
    }
}

/// What running products can't carry over from one form of a parameter to another.
pub fn compatibility_of(name: &str, old: &Parameter, new: &Parameter) -> Vec<Incompatibility> {
    let mut found = Vec::new();
    let mut add = |kind, values| {
        found.push(Incompatibility {
            parameter: name.to_owned(),
            kind,
            values,
        });
    };
    if old.kind != new.kind {
        let (from, to) = (old.kind.to_string(), new.kind.to_string());
        add(Break::Type { from, to }, Vec::new());
    }
    if old.default.is_some() && new.default.is_none() {
        add(Break::DefaultRemoved, Vec::new());
    }
    let mut refused = Vec::new();
    let present = texts(&old.allowed_values);
    let offered = texts(&new.allowed_values);
    // Where the old form listed its values, each is tried; otherwise its default and bounds are.
    let default = old.default.as_ref().and_then(Node::scalar_text);
    let known = match present.is_empty() {
        true => default.into_iter().collect(),
        false => present.clone(),
    };
    for value in known {
        if !takes(new, &value) {
            refused.push(format!("`{value}`"));
        }
    }
    if present.is_empty() {
        if !offered.is_empty() {
            refused.push(format!("{}{}", Break::BUT, quoted(&offered)));
        }
        refused.extend(bounds(old, new));
    }
    if !refused.is_empty() {
        refused.dedup();
        add(Break::Narrowed, refused);
    }
    let is_stricter = new.allowed_pattern.is_some() && old.allowed_pattern != new.allowed_pattern;
    if is_stricter && present.is_empty() && offered.is_empty() {
        add(Break::Pattern, Vec::new());
    }
    found
}

fn texts(nodes: &[Node]) -> Vec<String> {
    nodes.iter().filter_map(Node::scalar_text).collect()
}

fn quoted(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    quoted.join(", ")
}

/// Bounds that are tighter than they were, in words.
fn bounds(old: &Parameter, new: &Parameter) -> Vec<String> {
    let number = |node: &Option<Node>| node.as_ref()?.scalar_text()?.parse::<f64>().ok();
    let length = |number: Option<i64>| number.map(|number| number as f64);
    let below = [
        (
            number(&old.min_value),
            number(&new.min_value),
            "values below",
        ),
        (
            length(old.min_length),
            length(new.min_length),
            "texts shorter than",
        ),
    ];
    let above = [
        (
            number(&old.max_value),
            number(&new.max_value),
            "values above",
        ),
        (
            length(old.max_length),
            length(new.max_length),
            "texts longer than",
        ),
    ];
    let rises = below.into_iter().filter_map(|(old, new, words)| {
        let new = new?;
        old.is_none_or(|old| new > old)
            .then(|| format!("{words} {new}"))
    });
    let falls = above.into_iter().filter_map(|(old, new, words)| {
        let new = new?;
        old.is_none_or(|old| new < old)
            .then(|| format!("{words} {new}"))
    });
    rises.chain(falls).collect()
}

/// Whether a parameter takes a value.
pub(super) fn takes(parameter: &Parameter, value: &str) -> bool {
    parameter.refusal(value).is_none()
}
