//! What two templates can tell apart: everything else turns out the same in both, whatever the
//! values and wherever they are launched, and needn't be evaluated to know that.

use crate::cfn::reference::{each_target, walk};
use crate::cfn::{IndexMap, IndexSet, Intrinsic, Map, Node, Target, Template, Trail};

/// The names that don't mean the same in two templates.
pub(super) struct Apart<'t> {
    parameters: IndexSet<&'t str>,
    mappings: IndexSet<&'t str>,
    conditions: IndexSet<&'t str>,
}

impl<'t> Apart<'t> {
    /// What differs between two templates, or is in one of them alone.
    pub fn of(old: &'t Template, new: &'t Template) -> Apart<'t> {
        let mut apart = Apart {
            parameters: differing(&old.parameters, &new.parameters),
            mappings: differing(&old.mappings, &new.mappings),
            conditions: differing(&old.conditions, &new.conditions),
        };
        // A condition differs with what it asks, and with the conditions that it names.
        loop {
            let further: Vec<&str> = new
                .conditions
                .iter()
                .filter(|(name, node)| {
                    !apart.conditions.contains(name.as_str()) && apart.asks(node)
                })
                .map(|(name, _)| name.as_str())
                .collect();
            if further.is_empty() {
                return apart;
            }
            apart.conditions.extend(further);
        }
    }

    /// The entries that can differ between two maps: those of the old one first.
    pub fn entries<'m>(&self, old: &'m Map, new: &'m Map) -> Vec<&'m str> {
        let added = new.keys().filter(|name| !old.contains_key(*name));
        let names = old.keys().chain(added).map(String::as_str);
        names
            .filter(|name| match (old.get(*name), new.get(*name)) {
                (Some(old), Some(new)) => old != new || self.asks(new),
                _ => true,
            })
            .collect()
    }

    /// Whether what conditions decide can differ, by their names.
    pub fn condition(&self, [old, new]: [&Option<String>; 2]) -> bool {
        let differs = |name: &String| self.conditions.contains(name.as_str());
        old != new || new.as_ref().is_some_and(differs)
    }

    /// Whether a value asks for anything that differs.
    fn asks(&self, node: &Node) -> bool {
        let mut found = false;
        walk(&Trail::top(""), node, &mut |_, function| {
            each_target(function, &mut |target| {
                found |= match target {
                    Target::Name(name) => self.parameters.contains(name),
                    Target::Attribute { .. } => false,
                    Target::Mapping(name) => self.mappings.contains(name),
                    Target::Condition(name) => self.conditions.contains(name),
                }
            });
            // Which mapping it is may be computed.
            if let Intrinsic::FindInMap { mapping, .. } = function {
                found |= mapping.as_str().is_none() && !self.mappings.is_empty();
            }
        });
        found
    }
}

/// The names that stand for different things, or for something in one place alone.
fn differing<'t, T: PartialEq>(
    old: &'t IndexMap<String, T>,
    new: &'t IndexMap<String, T>,
) -> IndexSet<&'t str> {
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    let changed = new
        .iter()
        .filter(|(name, one)| old.get(*name) != Some(*one))
        .map(|(name, _)| name);
    gone.chain(changed).map(String::as_str).collect()
}
