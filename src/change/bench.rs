//! A template's stack at the defaults of its parameters, and what another value of one of them
//! makes of it: evaluated is what reads the parameter, the rest is shared.

use super::items::compare;
use super::side::Side;
use super::{Case, ChangeKind, PropertyChange, ResourceChange, When};
use crate::cfn::normal::normal;
use crate::cfn::reference::{each_target, walk};
use crate::cfn::{
    Evaluation, IndexMap, IndexSet, Map, Node, Path, Pseudo, Reference, Resource, Scenario, Target,
    Template, Trail,
};
use crate::resource;
use std::cell::OnceCell;

/// A template with the defaults of its parameters; those without one are open.
pub(super) struct Bench<'t> {
    template: &'t Template,
    references: &'t [Reference<'t>],
    evaluation: Evaluation<'t, Pseudo>,
    standing: IndexMap<&'t str, Standing<'t>>,
}

/// A resource as it stands at the defaults.
struct Standing<'t> {
    is_there: bool,
    properties: Lazy<'t>,
    metadata: Lazy<'t>,
}

/// Values by name, each evaluated when it is asked for: most never are.
struct Lazy<'t> {
    map: &'t Map,
    values: Vec<OnceCell<Option<Node>>>,
}

impl<'t> Lazy<'t> {
    fn of(map: &'t Map) -> Lazy<'t> {
        let values = map.iter().map(|_| OnceCell::new());
        Lazy {
            map,
            values: values.collect(),
        }
    }

    fn get(&self, name: &str, evaluation: &Evaluation<'_, Pseudo>) -> Option<&Node> {
        let (index, _, node) = self.map.get_full(name)?;
        let value = self.values.get(index)?;
        value.get_or_init(|| evaluation.node(node).value()).as_ref()
    }
}

/// What reads a parameter: by logical id, the names in its properties and metadata.
#[derive(Default)]
pub(super) struct Readers<'t>(IndexMap<&'t str, Named<'t>>);

/// Names in the properties and metadata of a resource.
#[derive(Default)]
struct Named<'t> {
    properties: IndexSet<&'t str>,
    metadata: IndexSet<&'t str>,
}

impl<'t> Readers<'t> {
    /// The resources in which these references stand, in their order.
    pub fn of(template: &'t Template, uses: &[&Reference<'_>]) -> Readers<'t> {
        let mut readers: IndexMap<&str, Named<'t>> = IndexMap::default();
        for reference in uses {
            let [_, id, section, rest @ ..] = reference.at.segments() else {
                continue;
            };
            let known = reference.at.logical_id();
            let known = known.and_then(|_| template.resources.get_key_value(id));
            let Some((id, resource)) = known else {
                continue;
            };
            let named = readers.entry(id).or_default();
            let name = rest.first();
            let of = |map: &'t Map| Some(map.get_key_value(name?)?.0.as_str());
            match section.as_str() {
                "Properties" => named.properties.extend(of(&resource.properties)),
                "Metadata" => named.metadata.extend(of(&resource.metadata)),
                _ => {}
            }
        }
        Readers(readers)
    }

    /// Their logical ids.
    pub fn ids(&self) -> IndexSet<&'t str> {
        self.0.keys().copied().collect()
    }
}

impl<'t> Bench<'t> {
    /// A template at its defaults. `references` are all of it.
    pub fn of(
        template: &'t Template,
        references: &'t [Reference<'t>],
        pseudo: &'t Pseudo,
    ) -> Bench<'t> {
        let default = |parameter: &crate::cfn::Parameter| parameter.default.as_ref()?.scalar_text();
        let parameters = template.parameters.iter();
        let defaults: Scenario = parameters
            .filter_map(|(name, parameter)| Some((name.clone(), default(parameter)?)))
            .collect();
        let evaluation = Evaluation::open(template, &defaults, pseudo);
        let stand = |(id, resource): (&'t String, &'t Resource)| {
            let standing = Standing {
                is_there: evaluation.creates(resource) != Some(false),
                properties: Lazy::of(&resource.properties),
                metadata: Lazy::of(&resource.metadata),
            };
            (id.as_str(), standing)
        };
        let standing = template.resources.iter().map(stand).collect();
        Bench {
            template,
            references,
            evaluation,
            standing,
        }
    }

    /// The stack with another value of the parameter that these read. `ids` are its resources as
    /// far as the value can reach them, in the order in which they are told.
    pub fn with<'b>(
        &'b self,
        parameter: &str,
        value: &str,
        readers: &Readers<'t>,
        ids: &'b IndexSet<&'t str>,
    ) -> At<'b, 't> {
        let evaluation = self.evaluation.with(parameter, value);
        let evaluated = |map: &'t Map, names: &IndexSet<&'t str>| {
            let value = |name: &&'t str| Some((*name, evaluation.node(map.get(*name)?).value()));
            names.iter().filter_map(value).collect()
        };
        let other = |(id, named): (&&'t str, &Named<'t>)| {
            let resource = self.template.resources.get(*id)?;
            let other = Other {
                is_there: evaluation.creates(resource) != Some(false),
                properties: evaluated(&resource.properties, &named.properties),
                metadata: evaluated(&resource.metadata, &named.metadata),
            };
            Some((*id, other))
        };
        At {
            bench: self,
            others: readers.0.iter().filter_map(other).collect(),
            ids,
        }
    }
}

/// The stack at another value of one parameter.
pub(super) struct At<'b, 't> {
    bench: &'b Bench<'t>,
    others: IndexMap<&'t str, Other<'t>>,
    ids: &'b IndexSet<&'t str>,
}

/// What of a resource is other than at the defaults; none where it is left out.
struct Other<'t> {
    is_there: bool,
    properties: IndexMap<&'t str, Option<Node>>,
    metadata: IndexMap<&'t str, Option<Node>>,
}

impl At<'_, '_> {
    fn is_there(&self, id: &str) -> bool {
        let other = self.others.get(id).map(|other| other.is_there);
        let standing = || self.bench.standing.get(id).map(|one| one.is_there);
        other.or_else(standing).unwrap_or(false)
    }

    /// Type and properties in the form in which renamed resources are found.
    fn nameless(&self, id: &str) -> Option<(&str, Node)> {
        let resource = self.resource(id)?;
        let evaluated = |name: &String| Some((name.clone(), self.property(id, name)?.clone()));
        let properties: Map = resource.properties.keys().filter_map(evaluated).collect();
        Some((&resource.kind, normal(&Node::Map(properties))))
    }

    /// What differs between the stack with this value and with another one of the same parameter,
    /// as [`super::diff()`] tells it.
    pub fn changes_to(&self, new: &At<'_, '_>) -> Vec<ResourceChange> {
        let is_gone = |id: &&str| self.is_there(id) && !new.is_there(id);
        let mut gone: Vec<&str> = self.ids.iter().copied().filter(is_gone).collect();
        let mut changes = Vec::new();
        for id in self.ids.iter().filter(|id| new.is_there(id)) {
            if self.is_there(id) {
                changes.extend(self.change_to(new, id));
                continue;
            }
            let same = |from: &&str| self.nameless(from) == new.nameless(id);
            let fate = match gone.iter().position(same) {
                Some(position) => ChangeKind::Renamed {
                    from: gone.remove(position).to_owned(),
                },
                None => ChangeKind::Added,
            };
            changes.extend(self.whole(id, fate));
        }
        changes.extend(
            gone.iter()
                .filter_map(|id| self.whole(id, ChangeKind::Removed)),
        );
        changes
    }

    fn whole(&self, id: &str, fate: ChangeKind) -> Option<ResourceChange> {
        let resource = self.bench.template.resources.get(id)?;
        Some(ResourceChange::of(id, resource, fate))
    }

    fn change_to(&self, new: &At<'_, '_>, id: &str) -> Option<ResourceChange> {
        let (before, after) = (self.others.get(id)?, new.others.get(id)?);
        let mut change = self.whole(id, ChangeKind::Changed)?;
        let facts = resource::facts(&change.kind);
        for (name, old) in &before.properties {
            let kind = facts.and_then(|facts| Some(facts.property(name)?.kind));
            let now = after.properties.get(name).and_then(Option::as_ref);
            change
                .properties
                .extend(differing(name, old.as_ref(), now, kind));
        }
        for (name, old) in &before.metadata {
            let now = after.metadata.get(name).and_then(Option::as_ref);
            change
                .metadata
                .extend(differing(name, old.as_ref(), now, None));
        }
        let is_same = change.properties.is_empty() && change.metadata.is_empty();
        (!is_same).then_some(change)
    }
}

/// The differences at or below a name, which hold always.
fn differing(
    name: &str,
    old: Option<&Node>,
    new: Option<&Node>,
    kind: Option<resource::Kind>,
) -> impl Iterator<Item = PropertyChange> {
    let mut found = Vec::new();
    compare(&[name.to_owned()], old, new, kind, &mut found);
    found.into_iter().map(|difference| PropertyChange {
        path: difference.path,
        cases: vec![Case {
            old: difference.old,
            new: difference.new,
            when: When::default(),
        }],
    })
}

impl Side for At<'_, '_> {
    fn resource(&self, id: &str) -> Option<&Resource> {
        let resource = self.bench.template.resources.get(id)?;
        self.is_there(id).then_some(resource)
    }

    fn property(&self, id: &str, name: &str) -> Option<&Node> {
        let other = self.others.get(id).and_then(|one| one.properties.get(name));
        match other {
            Some(other) => other.as_ref(),
            None => {
                let standing = self.bench.standing.get(id)?;
                standing.properties.get(name, &self.bench.evaluation)
            }
        }
    }

    fn metadata(&self, id: &str, name: &str) -> Option<&Node> {
        let other = self.others.get(id).and_then(|one| one.metadata.get(name));
        match other {
            Some(other) => other.as_ref(),
            None => {
                let standing = self.bench.standing.get(id)?;
                standing.metadata.get(name, &self.bench.evaluation)
            }
        }
    }

    /// Evaluating brings no reference that the template lacks, but loses those of branches that
    /// aren't taken: the template says where to look.
    fn references_to(&self, cause: &str) -> Vec<Path> {
        let references = self.bench.references.iter();
        let places: IndexSet<(&str, &str, &str)> = references
            .filter(|reference| reference.name() == Some(cause))
            .filter_map(|reference| match reference.at.segments() {
                [_, id, section, name, ..] => {
                    let id = reference.at.logical_id().filter(|known| known == id)?;
                    Some((id, section.as_str(), name.as_str()))
                }
                _ => None,
            })
            .filter(|(id, ..)| self.is_there(id))
            .collect();
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_by_key(|(id, ..)| self.ids.get_index_of(id));
        let mut found = Vec::new();
        for (id, section, name) in places {
            let node = match section {
                "Properties" => self.property(id, name),
                "Metadata" => self.metadata(id, name),
                _ => None,
            };
            let Some(node) = node else { continue };
            let resources = Trail::top("Resources");
            let of = resources.key(id);
            let within = of.key(section);
            walk(&within.key(name), node, &mut |trail, function| {
                each_target(function, &mut |target| {
                    if matches!(target, Target::Name(name) | Target::Attribute { resource: name, .. } if name == cause)
                    {
                        found.push(trail.path());
                    }
                });
            });
        }
        found
    }
}
