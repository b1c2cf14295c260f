//! Two values compared down to the paths that differ.

use crate::cfn::normal::{is_policy, normal, sort};
use crate::cfn::{Map, Node};
use crate::resource::Kind;

/// One difference: where, and what stood and stands there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub path: Vec<String>,
    pub old: Option<Node>,
    pub new: Option<Node>,
}

/// What names an item of a list, where something does.
const NAMES: [&str; 7] = [
    "Key",
    "DeviceName",
    "Sid",
    "PolicyName",
    "Id",
    "Name",
    "IndexName",
];

/// The differences between two maps of properties. `kind` tells what stands under a name.
pub(super) fn compare_maps(
    path: &[String],
    old: &Map,
    new: &Map,
    kind: &dyn Fn(&str) -> Option<Kind>,
    found: &mut Vec<Difference>,
) {
    let names = old
        .keys()
        .chain(new.keys().filter(|name| !old.contains_key(*name)));
    for name in names {
        let mut inner = path.to_vec();
        inner.push(name.clone());
        compare(&inner, old.get(name), new.get(name), kind(name), found);
    }
}

/// The differences between two values at a path.
pub(super) fn compare(
    path: &[String],
    old: Option<&Node>,
    new: Option<&Node>,
    kind: Option<Kind>,
    found: &mut Vec<Difference>,
) {
    let leaf = |found: &mut Vec<Difference>| {
        found.push(Difference {
            path: path.to_vec(),
            old: old.cloned(),
            new: new.cloned(),
        });
    };
    let (Some(before), Some(after)) = (old, new) else {
        if old.is_some() || new.is_some() {
            leaf(found);
        }
        return;
    };
    // Most values are written alike, too: their one form needn't be made.
    if before == after {
        return;
    }
    if let (Node::Map(before), Node::Map(after)) = (before, after)
        && !is_policy(before)
        && !is_policy(after)
    {
        // Such maps are equal where what they hold is.
        compare_maps(path, before, after, &|name| below(kind, name), found);
        return;
    }
    if normal(before) == normal(after) {
        return;
    }
    match (before, after) {
        (Node::Map(before), Node::Map(after)) => {
            compare_maps(path, before, after, &|name| below(kind, name), found);
        }
        (Node::List(before), Node::List(after)) => {
            compare_lists(path, before, after, kind, found);
        }
        _ => leaf(found),
    }
}

fn below(kind: Option<Kind>, name: &str) -> Option<Kind> {
    match kind? {
        Kind::Object(object) => object.property(name).map(|property| property.kind),
        Kind::Map(values) => Some(*values),
        Kind::List { items, .. } => Some(*items),
        Kind::Json => Some(Kind::Json),
        _ => None,
    }
}

fn compare_lists(
    path: &[String],
    old: &[Node],
    new: &[Node],
    kind: Option<Kind>,
    found: &mut Vec<Difference>,
) {
    let is_ordered = !matches!(kind, Some(Kind::List { ordered: false, .. }));
    let named = |items: &[Node]| items.iter().all(|item| name_of(item).is_some());
    let has_names = named(old) && named(new);
    if !is_ordered || has_names {
        let sorted = |items: &[Node]| {
            let mut items: Vec<Node> = items.iter().map(normal).collect();
            sort(&mut items);
            items
        };
        if sorted(old) == sorted(new) && !is_ordered {
            return;
        }
    }
    let at = |index: usize| {
        let mut inner = path.to_vec();
        inner.push(index.to_string());
        inner
    };
    let items = below(kind, "0");
    if !has_names && is_ordered {
        for index in 0..old.len().max(new.len()) {
            compare(&at(index), old.get(index), new.get(index), items, found);
        }
        return;
    }
    // Items that stand in both lists are out; the rest is paired by name, or in order.
    let mut left: Vec<(usize, &Node)> = old.iter().enumerate().collect();
    let mut right: Vec<(usize, &Node)> = new.iter().enumerate().collect();
    left.retain(|(_, item)| {
        let same = right
            .iter()
            .position(|(_, other)| normal(other) == normal(item));
        same.map(|position| right.remove(position)).is_none()
    });
    for (index, item) in left {
        let pair = match has_names {
            true => right
                .iter()
                .position(|(_, other)| name_of(other) == name_of(item)),
            false => (!right.is_empty()).then_some(0),
        };
        match pair.map(|position| right.remove(position)) {
            Some((place, other)) => compare(&at(place), Some(item), Some(other), items, found),
            None => compare(&at(index), Some(item), None, items, found),
        }
    }
    for (index, item) in right {
        compare(&at(index), None, Some(item), items, found);
    }
}

fn name_of(item: &Node) -> Option<Node> {
    NAMES.iter().find_map(|name| item.get(name)).map(normal)
}
