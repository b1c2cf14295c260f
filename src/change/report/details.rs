//! Every change on a line of its own.

use super::words;
use crate::cfn::Node;
use crate::change::{ChangeKind, Changes, NamedChange, edits};

/// Every change, one line each.
pub(super) fn details(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &changes.parameters {
        if !matches!(change.fate, ChangeKind::Changed) {
            let fate = words(&change.fate);
            lines.push(format!("parameter {}: {fate}", change.name));
        }
    }
    lines.extend(edits(changes).iter().map(ToString::to_string));
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
                    push(
                        &mut lines,
                        &when,
                        format!(
                            "{}.{section}.{}: {}",
                            change.id,
                            property.path.join("."),
                            values(case.old.as_ref(), case.new.as_ref())
                        ),
                    );
                }
            }
        }
        for attribute in &change.attributes {
            let text = |text: &Option<String>| text.as_deref().map(Node::from);
            let (old, new) = (text(&attribute.old), text(&attribute.new));
            let values = values(old.as_ref(), new.as_ref());
            lines.push(format!("{}.{}: {values}", change.id, attribute.name));
        }
    }
    let sections = [
        ("output", &changes.outputs),
        ("condition", &changes.conditions),
        ("mapping", &changes.mappings),
    ];
    for (section, changes) in sections {
        let is_told = |change: &&NamedChange| change.values.is_empty();
        for change in changes.iter().filter(is_told) {
            lines.push(format!(
                "{section} {}: {}",
                change.name,
                words(&change.fate)
            ));
        }
    }
    lines
}

/// Adds a line, but where it stands there already for other values: two long texts, say, of which
/// the same lines are new.
fn push(lines: &mut Vec<String>, when: &str, line: String) {
    let is_same = |known: &String| {
        known
            .strip_prefix(&line)
            .is_some_and(|rest| rest.starts_with(" (where ") || rest.is_empty())
    };
    if let Some(known) = lines.iter_mut().find(|known| is_same(known)) {
        *known = line;
        return;
    }
    lines.push(line + when);
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
