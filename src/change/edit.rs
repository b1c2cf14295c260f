//! What a person edited: each value as it was and as it is.

use super::{ChangeKind, Changes, ParameterChange, ValueChange};
use crate::cfn::Node;
use serde::Serialize;

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// What was edited: `parameter VolumeSize, default`.
    pub what: String,
    /// As it was; none: it wasn't there.
    pub old: Option<String>,
    /// As it is; none: it is gone.
    pub new: Option<String>,
}

impl std::fmt::Display for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "{}: {old} → {new}", self.what),
            (None, Some(new)) => write!(f, "{}: + {new}", self.what),
            (Some(old), None) => write!(f, "{}: − {old}", self.what),
            (None, None) => f.write_str(&self.what),
        }
    }
}

/// Every edit of the form, of mappings, outputs and texts, in the order of the template.
pub fn edits(changes: &Changes) -> Vec<Edit> {
    let mut edits = Vec::new();
    if let Some((old, new)) = &changes.description {
        edits.push(Edit {
            what: "description of the template".to_owned(),
            old: old.as_deref().map(quoted),
            new: new.as_deref().map(quoted),
        });
    }
    for change in &changes.parameters {
        parameter(change, &mut edits);
    }
    for (section, named) in [("mapping", &changes.mappings), ("output", &changes.outputs)] {
        for one in named {
            edits.extend(
                one.values
                    .iter()
                    .map(|value| of_value(section, &one.name, value)),
            );
        }
    }
    edits.extend(changes.form.iter().map(|value| of_value("form", "", value)));
    edits
}

fn of_value(section: &str, name: &str, value: &ValueChange) -> Edit {
    let path: Vec<&str> = [name]
        .into_iter()
        .chain(value.path.iter().map(String::as_str))
        .collect();
    let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
    Edit {
        what: format!("{section} {}", path.join(".")),
        old: value.old.as_ref().map(shown),
        new: value.new.as_ref().map(shown),
    }
}

fn parameter(change: &ParameterChange, edits: &mut Vec<Edit>) {
    let name = &change.name;
    let (old, new) = match (&change.fate, &change.old, &change.new) {
        (ChangeKind::Changed, Some(old), Some(new)) => (old, new),
        (_, _, Some(new)) => {
            edits.push(Edit {
                what: format!("parameter {name}"),
                old: None,
                new: Some(new.default.as_ref().map_or_else(
                    || format!("{} without a default", new.kind),
                    |default| format!("{}, default {}", new.kind, shown(default)),
                )),
            });
            return;
        }
        (_, old, None) => {
            edits.push(Edit {
                what: format!("parameter {name}"),
                old: Some(
                    old.as_ref()
                        .map_or_else(String::new, |old| old.kind.to_string()),
                ),
                new: None,
            });
            return;
        }
    };
    let mut add = |what: &str, old: Option<String>, new: Option<String>| {
        if old != new {
            edits.push(Edit {
                what: format!("parameter {name}, {what}"),
                old,
                new,
            });
        }
    };
    let node = |node: &Option<Node>| node.as_ref().map(shown);
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let text = |text: &Option<String>| text.as_deref().map(quoted);
    add(
        "type",
        Some(old.kind.to_string()),
        Some(new.kind.to_string()),
    );
    add("default", node(&old.default), node(&new.default));
    let values = |nodes: &[Node], others: &[Node]| {
        let only = nodes.iter().filter(|one| !others.contains(one)).map(shown);
        let only: Vec<String> = only.collect();
        (!only.is_empty()).then(|| only.join(", "))
    };
    let (gone, added) = (
        values(&old.allowed_values, &new.allowed_values),
        values(&new.allowed_values, &old.allowed_values),
    );
    match (gone, added) {
        (None, None) if old.allowed_values != new.allowed_values => {
            add("order of the values", Some("another".to_owned()), None);
        }
        // Two lines: what is gone and what is new stand in no pairs.
        (gone, added) => {
            add("values no longer offered", gone, None);
            add("values offered", None, added);
        }
    }
    add(
        "pattern",
        text(&old.allowed_pattern),
        text(&new.allowed_pattern),
    );
    add("least", node(&old.min_value), node(&new.min_value));
    add("greatest", node(&old.max_value), node(&new.max_value));
    add(
        "least length",
        number(old.min_length),
        number(new.min_length),
    );
    add(
        "greatest length",
        number(old.max_length),
        number(new.max_length),
    );
    add(
        "description",
        text(&old.description),
        text(&new.description),
    );
    add(
        "text for a wrong value",
        text(&old.constraint_description),
        text(&new.constraint_description),
    );
    let hidden = |is_hidden: bool| Some(is_hidden.to_string());
    add("hidden", hidden(old.no_echo), hidden(new.no_echo));
}

fn shown(node: &Node) -> String {
    quoted(
        &node
            .scalar_text()
            .unwrap_or_else(|| node.to_json().to_string()),
    )
}

fn quoted(text: &str) -> String {
    const LENGTH: usize = 160;
    let text = text.replace('`', "'").replace('\n', "⏎");
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
