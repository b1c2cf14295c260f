//! Every change on a line of its own.

use super::words;
use crate::cfn::Node;
use crate::change::{ChangeKind, Changes};

/// Every change, one line each.
pub(super) fn details(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    if changes.description.is_some() {
        lines.push("the template's description changed".to_owned());
    }
    for change in &changes.parameters {
        lines.push(format!(
            "parameter {}: {}",
            change.name,
            words(&change.fate)
        ));
    }
    for change in &changes.resources {
        if !matches!(change.fate, ChangeKind::Changed) {
            lines.push(format!("resource {}: {}", change.id, words(&change.fate)));
        }
        let sections = [
            ("Properties", &change.properties),
            ("Metadata", &change.metadata),
        ];
        for (section, properties) in sections {
            for property in properties {
                for case in &property.cases {
                    let when = match case.when.is_always() {
                        true => String::new(),
                        false => format!(" (where {})", case.when),
                    };
                    lines.push(format!(
                        "{}.{section}.{}: {}{when}",
                        change.id,
                        property.path.join("."),
                        values(case.old.as_ref(), case.new.as_ref())
                    ));
                }
            }
        }
        for attribute in &change.attributes {
            lines.push(format!("{}.{attribute}: changed", change.id));
        }
    }
    let sections = [
        ("output", &changes.outputs),
        ("condition", &changes.conditions),
        ("mapping", &changes.mappings),
    ];
    for (section, changes) in sections {
        for change in changes {
            lines.push(format!(
                "{section} {}: {}",
                change.name,
                words(&change.fate)
            ));
        }
    }
    lines
}

fn values(old: Option<&Node>, new: Option<&Node>) -> String {
    let show = |node: Option<&Node>| node.map_or_else(|| "nothing".to_owned(), excerpt);
    match (old, new) {
        (Some(Node::String(old)), Some(Node::String(new)))
            if old.contains('\n') || new.contains('\n') =>
        {
            lines_of_text(old, new)
        }
        _ => format!("{} → {}", show(old), show(new)),
    }
}

/// A long text is not shown whole: how many of its lines are new, and how many gone.
fn lines_of_text(old: &str, new: &str) -> String {
    let count = |text: &str, other: &str| {
        let others: std::collections::BTreeSet<&str> = other.lines().collect();
        text.lines().filter(|line| !others.contains(line)).count()
    };
    format!("{} lines new, {} gone", count(new, old), count(old, new))
}

fn excerpt(node: &Node) -> String {
    const LENGTH: usize = 80;
    let text = node
        .scalar_text()
        .unwrap_or_else(|| node.to_json().to_string());
    let text = text.replace('`', "'").replace('\n', "⏎");
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
