//! What makes a difference for a template among the values of its parameters.

use super::include::TRANSFORM;
use super::reference::{Target, each_target, walk};
use super::trail::Trail;
use super::{IndexMap, IndexSet, Intrinsic, Node, Template};

/// The literals that conditions compare parameters with.
pub(super) fn compared(template: &Template) -> IndexMap<&str, IndexSet<String>> {
    let mut compared: IndexMap<&str, IndexSet<String>> = IndexMap::default();
    for (name, node) in &template.conditions {
        walk(&Trail::top(name), node, &mut |_, function| {
            if let Intrinsic::Equals(left, right) = function {
                for (one, other) in [(left, right), (right, left)] {
                    if let Some(Intrinsic::Ref(parameter)) = one.as_intrinsic()
                        && let Some(text) = other.scalar_text()
                    {
                        compared.entry(parameter).or_default().insert(text);
                    }
                }
            }
        });
    }
    compared
}

/// The keys of mappings that parameters choose among: `!FindInMap [Images, !Ref Image, Id]`.
pub(super) fn chosen_keys(template: &Template) -> IndexMap<&str, IndexSet<String>> {
    let mut chosen: IndexMap<&str, IndexSet<String>> = IndexMap::default();
    if template.mappings.is_empty() {
        return chosen;
    }
    let is_parameter = |name: &str| template.parameters.contains_key(name);
    template.each_value(&mut |trail, node| {
        walk(trail, node, &mut |_, function| {
            let Intrinsic::FindInMap {
                mapping,
                top,
                second,
                ..
            } = function
            else {
                return;
            };
            let rows = mapping
                .as_str()
                .and_then(|name| template.mappings.get(name));
            let Some(rows) = rows else { return };
            if let Some(Intrinsic::Ref(name)) = top.as_intrinsic()
                && is_parameter(name)
            {
                let keys = chosen.entry(name).or_default();
                keys.extend(rows.keys().filter(|key| *key != TRANSFORM).cloned());
            }
            if let Some(Intrinsic::Ref(name)) = second.as_intrinsic()
                && is_parameter(name)
            {
                let row = top.scalar_text();
                let is_asked = |name: &String| row.as_ref().is_none_or(|row| row == name);
                let rows = rows.iter().filter(|(name, _)| is_asked(name));
                let rows = rows.filter(|(name, _)| *name != TRANSFORM);
                let keys = chosen.entry(name).or_default();
                keys.extend(rows.flat_map(|(_, row)| row.keys()).cloned());
            }
        });
    });
    chosen
}

/// Which of these parameters each condition asks about, also through the conditions it names: from
/// each parameter to who asks about it, and who asks those.
pub(super) fn asked_by_conditions<'a>(
    template: &'a Template,
    parameters: impl IntoIterator<Item = &'a str>,
) -> IndexMap<&'a str, IndexSet<&'a str>> {
    // For a parameter and for a condition, the conditions that name it, by their places.
    let mut of_parameter: IndexMap<&str, Vec<usize>> = IndexMap::default();
    let mut of_condition = vec![Vec::new(); template.conditions.len()];
    for (place, node) in template.conditions.values().enumerate() {
        each_target_in(node, &mut |target| match target {
            Target::Name(name) => of_parameter.entry(name).or_default().push(place),
            Target::Condition(name) => {
                if let Some(other) = template.conditions.get_index_of(name) {
                    of_condition[other].push(place);
                }
            }
            _ => {}
        });
    }
    let names = template.conditions.keys();
    let mut all: IndexMap<&str, IndexSet<&str>> = names
        .map(|name| (name.as_str(), IndexSet::default()))
        .collect();
    for parameter in parameters {
        let mut waiting = of_parameter.swap_remove(parameter).unwrap_or_default();
        let mut seen = vec![false; all.len()];
        while let Some(place) = waiting.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            all[place].insert(parameter);
            waiting.extend(&of_condition[place]);
        }
    }
    all
}

/// Visits what a node points at.
pub(super) fn each_target_in<'t>(node: &'t Node, visit: &mut impl FnMut(Target<'t>)) {
    walk(&Trail::top(""), node, &mut |_, function| {
        each_target(function, visit);
    });
}
