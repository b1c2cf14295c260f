//! How templates are compared: as CloudFormation understands them.

use super::apart::Apart;
use super::items::{Difference, compare};
use super::{
    AttributeChange, Case, ChangeKind, Changes, NamedChange, ParameterChange, PropertyChange,
    ResourceChange, ValueChange, When,
};
use crate::cfn::normal::{normal, normal_text};
use crate::cfn::place::{ACCOUNT, REGION};
use crate::cfn::{
    Evaluation, IndexMap, IndexSet, Map, Node, Places, Pseudo, Resource, Scenario, Scenarios,
    Template, TemplateOutput,
};
use crate::resource;

/// What differs between two templates, wherever they are launched. A running product keeps its
/// parameter values in an update, so each value that the old template allows is carried over; new
/// parameters have their defaults.
pub fn diff(old: &Template, new: &Template) -> Changes {
    diff_in(old, new, &Places::anywhere())
}

/// As [`diff()`], in these accounts and regions and those that the templates speak of.
pub fn diff_in(old: &Template, new: &Template, places: &Places) -> Changes {
    let same_value = |one: &Node, other: &Node| one == other || normal(one) == normal(other);
    let same_output = |one: &TemplateOutput, other: &TemplateOutput| {
        same_value(&one.value, &other.value)
            && one.condition == other.condition
            && one.description == other.description
            && one.export.as_ref().map(normal) == other.export.as_ref().map(normal)
    };
    let outputs = named(&old.outputs, &new.outputs, same_output, output_node);
    let conditions = named(&old.conditions, &new.conditions, same_value, Node::clone);
    let same_rows = |one: &Rows, other: &Rows| one == other;
    let mappings = named(&old.mappings, &new.mappings, same_rows, rows_node);
    Changes {
        description: (old.description != new.description)
            .then(|| (old.description.clone(), new.description.clone())),
        parameters: parameters(old, new),
        resources: resources(old, new, &places.and_of(&[old, new])),
        outputs,
        conditions,
        mappings,
        form: value_changes(
            Some(&Node::Map(old.metadata.clone())),
            Some(&Node::Map(new.metadata.clone())),
        ),
    }
}

/// The rows of a mapping.
type Rows = IndexMap<String, IndexMap<String, Node>>;

fn rows_node(rows: &Rows) -> Node {
    let row =
        |(top, row): (&String, &IndexMap<String, Node>)| (top.clone(), Node::Map(row.clone()));
    Node::Map(rows.iter().map(row).collect())
}

fn output_node(output: &TemplateOutput) -> Node {
    let text = |text: &Option<String>| text.as_deref().map(Node::from);
    let parts = [
        ("Description", text(&output.description)),
        ("Condition", text(&output.condition)),
        ("Value", Some(output.value.clone())),
        ("Export", output.export.clone()),
    ];
    let there = parts
        .into_iter()
        .filter_map(|(name, node)| Some((name.to_owned(), node?)));
    Node::Map(there.collect())
}

/// The values that differ between two things, each with its path.
fn value_changes(old: Option<&Node>, new: Option<&Node>) -> Vec<ValueChange> {
    let mut found = Vec::new();
    compare(&[], old, new, None, &mut found);
    found
        .into_iter()
        .map(|difference| ValueChange {
            path: difference.path,
            old: difference.old,
            new: difference.new,
        })
        .collect()
}

/// What became of each name. Something that is gone and something equal that is new are one
/// thing renamed.
fn fates<'a, T>(
    old: &'a IndexMap<String, T>,
    new: &'a IndexMap<String, T>,
    same: impl Fn(&'a T, &'a T) -> bool,
) -> Vec<(&'a String, ChangeKind)> {
    let mut gone: IndexSet<&String> = old.keys().filter(|name| !new.contains_key(*name)).collect();
    let mut fates = Vec::new();
    for (name, value) in new {
        match old.get(name) {
            Some(before) if same(before, value) => {}
            Some(_) => fates.push((name, ChangeKind::Changed)),
            None => {
                let from = gone.iter().copied().find(|from| same(&old[*from], value));
                fates.push(match from {
                    Some(from) => {
                        gone.shift_remove(from);
                        (name, ChangeKind::Renamed { from: from.clone() })
                    }
                    None => (name, ChangeKind::Added),
                });
            }
        }
    }
    fates.extend(gone.into_iter().map(|name| (name, ChangeKind::Removed)));
    fates
}

fn named<'a, T>(
    old: &'a IndexMap<String, T>,
    new: &'a IndexMap<String, T>,
    same: impl Fn(&'a T, &'a T) -> bool,
    node: impl Fn(&'a T) -> Node,
) -> Vec<NamedChange> {
    fates(old, new, same)
        .into_iter()
        .map(|(name, fate)| {
            let values = match (&fate, old.get(name), new.get(name)) {
                (ChangeKind::Changed, Some(old), Some(new)) => {
                    value_changes(Some(&node(old)), Some(&node(new)))
                }
                _ => Vec::new(),
            };
            NamedChange {
                name: name.clone(),
                fate,
                values,
            }
        })
        .collect()
}

fn parameters(old: &Template, new: &Template) -> Vec<ParameterChange> {
    fates(&old.parameters, &new.parameters, |one, other| one == other)
        .into_iter()
        .map(|(name, fate)| {
            let before = match &fate {
                ChangeKind::Renamed { from } => from,
                _ => name,
            };
            ParameterChange {
                name: name.clone(),
                old: old.parameters.get(before).cloned(),
                new: new.parameters.get(name).cloned(),
                fate,
            }
        })
        .collect()
}

fn resources(old: &Template, new: &Template, places: &Places) -> Vec<ResourceChange> {
    // Equal but for the name: only then it is the same thing under another name. A reference to
    // itself would differ, and is rare enough to count as another thing.
    let unchanged = |one: &Resource, other: &Resource| {
        let whole = |resource: &Resource| normal(&Node::Map(resource.properties.clone()));
        one.kind == other.kind && (one.properties == other.properties || whole(one) == whole(other))
    };
    let mut before = Scenarios::in_places(old, places);
    let after = Scenarios::in_places(new, places);
    // What people chose for a parameter that is gone, the new template can't take from them.
    for name in old
        .parameters
        .keys()
        .filter(|name| !new.parameters.contains_key(*name))
    {
        before.open(name);
    }
    before.tell_apart(&after);
    let both = Both {
        old: &before,
        new: &after,
        places,
        apart: Apart::of(old, new),
    };
    let mut changes = Vec::new();
    let is_new = |id: &String| !old.resources.contains_key(id);
    for (id, fate) in fates(&old.resources, &new.resources, unchanged) {
        if is_new(id) || !new.resources.contains_key(id) {
            let resource = new.resources.get(id).or_else(|| old.resources.get(id));
            changes.extend(resource.map(|resource| ResourceChange::of(id, resource, fate)));
        }
    }
    for (id, resource) in &new.resources {
        if let Some(was) = old.resources.get(id) {
            changes.extend(both.compare(id, was, resource, new));
        }
    }
    let place = |change: &ResourceChange| {
        let index = new.resources.get_index_of(&change.id);
        index.unwrap_or(new.resources.len() + old.resources.get_index_of(&change.id).unwrap_or(0))
    };
    changes.sort_by_key(place);
    changes
}

/// What can be tried on both templates.
struct Both<'a> {
    old: &'a Scenarios<'a>,
    new: &'a Scenarios<'a>,
    places: &'a Places,
    apart: Apart<'a>,
}

impl Both<'_> {
    /// The values that a running product can have, and what an update with them gives.
    fn scenarios(&self, id: &str, new: &Template) -> Vec<Pair> {
        let theirs = self.old.parameters_of(id);
        let ours = self.new.parameters_of(id);
        let all: IndexSet<&str> = theirs.union(&ours).copied().collect();
        let tried = self.old.over(&all);
        let mut pairs: Vec<Pair> = Vec::new();
        let mut refused = Vec::new();
        for present in tried {
            let mut updated = Scenario::default();
            let mut is_refused = false;
            for name in &ours {
                let default = || self.new.values(name).first().cloned().flatten();
                let kept = present.get(*name).cloned();
                let is_kept = self.old.values(name).is_empty();
                let value = if is_kept { default() } else { kept };
                if let (Some(value), Some(parameter)) = (&value, new.parameters.get(*name)) {
                    let allowed = &parameter.allowed_values;
                    is_refused |= !allowed.is_empty()
                        && !allowed
                            .iter()
                            .any(|node| node.scalar_text().as_ref() == Some(value));
                }
                updated.extend(value.map(|value| ((*name).to_owned(), value)));
            }
            match is_refused {
                true => refused.push((present, updated)),
                false => pairs.push((present, updated)),
            }
        }
        // Where every present value is refused, the update is one to other values.
        if pairs.is_empty() { refused } else { pairs }
    }

    fn compare(
        &self,
        id: &str,
        was: &Resource,
        is: &Resource,
        new: &Template,
    ) -> Option<ResourceChange> {
        let mut change = ResourceChange::of(id, is, ChangeKind::Changed);
        if was.kind != is.kind {
            change.old_kind = Some(was.kind.clone());
            return Some(change);
        }
        change.attributes = attributes(was, is);
        let (properties, metadata) = (
            self.apart.entries(&was.properties, &is.properties),
            self.apart.entries(&was.metadata, &is.metadata),
        );
        let conditions = [&was.condition, &is.condition];
        let has_other_condition = self.apart.condition(conditions);
        if !properties.is_empty() || !metadata.is_empty() || has_other_condition {
            self.try_all(&mut change, (was, is), (&properties, &metadata), new);
        }
        let is_same = change == ResourceChange::of(id, is, ChangeKind::Changed);
        (!is_same).then_some(change)
    }

    /// Compares the entries that can turn out otherwise, for all that a running product can have.
    fn try_all(
        &self,
        change: &mut ResourceChange,
        (was, is): (&Resource, &Resource),
        (properties, metadata): (&[&str], &[&str]),
        new: &Template,
    ) {
        let scenarios = self.scenarios(&change.id, new);
        let tried: Vec<Scenario> = scenarios.iter().map(|(old, _)| old.clone()).collect();
        let facts = resource::facts(&is.kind);
        let kind = |name: &str| Some(facts?.property(name)?.kind);
        let no_kind = |_: &str| None;
        let mut properties = Entries::of(self, properties, (&was.properties, &is.properties));
        let mut metadata = Entries::of(self, metadata, (&was.metadata, &is.metadata));
        let (mut appears, mut disappears) = (Vec::new(), Vec::new());
        for pair in &scenarios {
            let (present, updated) = pair;
            let pseudo = self.places.pseudo(present);
            let before = self.old.evaluate(present, &pseudo);
            let after = self.new.evaluate(updated, &pseudo);
            match (before.creates(was), after.creates(is)) {
                (Some(false), Some(false)) => continue,
                (Some(false), _) => appears.push(present),
                (_, Some(false)) => disappears.push(present),
                _ => {
                    let sides = (&before, &after);
                    properties.add(pair, sides, &kind);
                    metadata.add(pair, sides, &no_kind);
                }
            }
        }
        let when = |held: &[&Scenario]| When::of(held, &tried, self.places);
        change.appears = (!appears.is_empty()).then(|| when(&appears));
        change.disappears = (!disappears.is_empty()).then(|| when(&disappears));
        change.properties = properties.found.changes(&when);
        change.metadata = metadata.found.changes(&when);
    }
}

/// Entries of a resource's properties or metadata that are compared, value by value.
struct Entries<'a> {
    entries: Vec<Entry<'a>>,
    found: Collected<'a>,
}

/// One of them. What it depends on has the same values in many scenarios: it is evaluated once for
/// all of these.
struct Entry<'a> {
    name: &'a str,
    old: Option<&'a Node>,
    new: Option<&'a Node>,
    asked: IndexSet<&'a str>,
    known: IndexMap<Vec<Option<&'a String>>, Vec<Difference>>,
}

impl<'a> Entries<'a> {
    fn of(both: &'a Both<'_>, names: &[&'a str], (old, new): (&'a Map, &'a Map)) -> Entries<'a> {
        let entry = |name: &&'a str| {
            let (old, new) = (old.get(*name), new.get(*name));
            let mut asked = IndexSet::from_iter([ACCOUNT, REGION]);
            asked.extend(
                old.into_iter()
                    .flat_map(|node| both.old.parameters_in(node)),
            );
            asked.extend(
                new.into_iter()
                    .flat_map(|node| both.new.parameters_in(node)),
            );
            Entry {
                name,
                old,
                new,
                asked,
                known: IndexMap::default(),
            }
        };
        Entries {
            entries: names.iter().map(entry).collect(),
            found: Collected::default(),
        }
    }

    fn add(
        &mut self,
        pair: &'a Pair,
        (before, after): (&Evaluation<'_, Pseudo>, &Evaluation<'_, Pseudo>),
        kind: &dyn Fn(&str) -> Option<resource::Kind>,
    ) {
        for entry in &mut self.entries {
            let (present, updated) = pair;
            let values = |scenario: &'a Scenario| {
                let asked = entry.asked.iter();
                asked.map(|name| scenario.get(*name)).collect::<Vec<_>>()
            };
            let given = [values(present), values(updated)].concat();
            let differences = entry.known.entry(given).or_insert_with(|| {
                let old = entry.old.and_then(|node| before.node(node).value());
                let new = entry.new.and_then(|node| after.node(node).value());
                let mut found = Vec::new();
                let path = [entry.name.to_owned()];
                let (old, new) = (old.as_ref(), new.as_ref());
                compare(&path, old, new, kind(entry.name), &mut found);
                found
            });
            for difference in differences {
                self.found.add(pair, difference);
            }
        }
    }
}

/// Differences by path, each with the scenarios in which it shows.
#[derive(Default)]
struct Collected<'a>(IndexMap<Vec<String>, Vec<(Difference, Vec<&'a Pair>)>>);

/// The values of a running product, and those after its update.
type Pair = (Scenario, Scenario);

impl<'a> Collected<'a> {
    fn add(&mut self, pair: &'a Pair, difference: &Difference) {
        let cases = match self.0.get_mut(&difference.path) {
            Some(cases) => cases,
            None => self.0.entry(difference.path.clone()).or_default(),
        };
        match cases.iter_mut().find(|(case, _)| case == difference) {
            Some((_, pairs)) => pairs.push(pair),
            None => cases.push((difference.clone(), vec![pair])),
        }
    }

    fn changes(self, when: &dyn Fn(&[&Scenario]) -> When) -> Vec<PropertyChange> {
        self.0
            .into_iter()
            .map(|(path, cases)| PropertyChange {
                path,
                cases: cases
                    .into_iter()
                    .map(|(difference, pairs)| {
                        let held: Vec<&Scenario> = pairs.iter().map(|pair| &pair.0).collect();
                        Case {
                            old: difference.old,
                            new: difference.new,
                            when: when(&held),
                            example: pairs
                                .first()
                                .map(|pair| (*pair).clone())
                                .unwrap_or_default(),
                        }
                    })
                    .collect(),
            })
            .collect()
    }
}

fn attributes(was: &Resource, is: &Resource) -> Vec<AttributeChange> {
    let names = |resource: &Resource| {
        let mut names = resource.depends_on.clone();
        names.sort();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let policy = |node: &Option<Node>| node.as_ref().map(normal_text);
    let deletion = |resource: &Resource| Some(resource.deletion_policy?.to_string());
    let replacement = |resource: &Resource| Some(resource.update_replace_policy?.to_string());
    let all = [
        ("DependsOn", names(was), names(is)),
        ("DeletionPolicy", deletion(was), deletion(is)),
        ("UpdateReplacePolicy", replacement(was), replacement(is)),
        (
            "CreationPolicy",
            policy(&was.creation_policy),
            policy(&is.creation_policy),
        ),
        (
            "UpdatePolicy",
            policy(&was.update_policy),
            policy(&is.update_policy),
        ),
    ];
    all.into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| AttributeChange { name, old, new })
        .collect()
}
