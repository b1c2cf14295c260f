//! What refers to what: a handle is there before it is used.

use compute_catalog::cfn::{IndexMap, Intrinsic, Map, Node, Piece, Resource, pieces};
use std::collections::{BTreeMap, BTreeSet};

/// The names in an order in which each comes after those that it needs; the order of the file
/// where that is free. A circle keeps the order of the file.
pub fn ordered<T>(
    all: &IndexMap<String, T>,
    needs: impl Fn(&T) -> BTreeSet<String>,
) -> Vec<&String> {
    let needs: BTreeMap<&String, BTreeSet<String>> =
        all.iter().map(|(name, item)| (name, needs(item))).collect();
    let mut done: Vec<&String> = Vec::new();
    let mut rest: Vec<&String> = all.keys().collect();
    while !rest.is_empty() {
        let is_ready = |name: &&String| {
            let mut open = needs[*name].iter();
            open.all(|need| need == *name || !all.contains_key(need) || done.contains(&need))
        };
        let next = rest.iter().position(is_ready).unwrap_or(0);
        done.push(rest.remove(next));
    }
    done
}

/// What a resource needs before it.
pub fn references_of(resource: &Resource) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = resource.depends_on.iter().cloned().collect();
    let maps = [&resource.properties, &resource.metadata];
    for node in maps.into_iter().flat_map(|map: &Map| map.values()) {
        names.extend(names_in(node));
    }
    for node in [&resource.creation_policy, &resource.update_policy] {
        names.extend(node.iter().flat_map(names_in));
    }
    names
}

/// Every name that a value refers to: parameters, resources, conditions, mappings.
pub fn names_in(node: &Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(node, &mut names);
    names
}

fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match node {
        Node::List(items) => items.iter().for_each(|item| collect(item, names)),
        Node::Map(map) => map.values().for_each(|value| collect(value, names)),
        Node::Intrinsic(function) => {
            match function.as_ref() {
                Intrinsic::Ref(name) | Intrinsic::Condition(name) => {
                    names.insert(name.clone());
                }
                Intrinsic::GetAtt { resource, .. } => {
                    names.insert(resource.clone());
                }
                Intrinsic::If { condition, .. } => {
                    names.insert(condition.clone());
                }
                Intrinsic::FindInMap { mapping, .. } => {
                    names.extend(mapping.as_str().map(str::to_owned));
                }
                Intrinsic::Sub { text, variables } => {
                    for piece in pieces(text).unwrap_or_default() {
                        if let Piece::Variable(name) = piece
                            && !variables.contains_key(name)
                        {
                            let name = name.split('.').next().unwrap_or(name);
                            names.insert(name.to_owned());
                        }
                    }
                }
                _ => {}
            }
            function.parts().for_each(|(_, part)| collect(part, names));
        }
        _ => {}
    }
}
