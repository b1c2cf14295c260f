//! What a resource takes for itself while it is there: a name, an attachment, an address, a place.
//!
//! CloudFormation makes what is new before it removes what was there. Where both want what can be taken
//! once, the service refuses the new one, or the removal takes away what the new one has just written.

use super::claims::{CLAIMS, Claim, NAMESPACES};
use super::impact::{ResourceImpact, worst};
use super::judge::Judge;
use super::{ChangeKind, Changes, Effect, Reason};
use crate::cfn::normal::normal;
use crate::cfn::reference::{each_target, walk};
use crate::cfn::{Node, Trail};
use crate::resource;
use indexmap::IndexMap;

/// CloudFormation's own contract: a handler refuses to make what is there already.
const CONTRACT: &str = "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html";

/// Tells what is refused, or lost, because the resource that was there holds what the new one asks for.
pub(super) fn claims(
    judge: &Judge<'_>,
    changes: &Changes,
    touched: &mut IndexMap<String, ResourceImpact>,
) {
    let moved: Vec<String> = touched
        .values()
        .filter(|impact| worst(&impact.reasons) == Effect::Replaced)
        .map(|impact| impact.id.clone())
        .collect();
    for impact in touched.values_mut() {
        let is_new = changes.resource(&impact.id).is_some_and(|change| {
            matches!(change.fate, ChangeKind::Added | ChangeKind::Renamed { .. })
        });
        let effect = worst(&impact.reasons);
        let own = match (is_new, effect) {
            (_, Effect::Fails) => continue,
            (true, _) => None,
            (false, Effect::Replaced | Effect::Unknown) => Some(effect),
            // What is refused already, or stays, takes nothing anew.
            (false, _) => continue,
        };
        let asked = Asked {
            judge,
            moved: &moved,
            id: &impact.id,
            kind: &impact.kind,
            own,
        };
        let found = asked.refusal();
        impact.reasons.extend(found);
    }
}

/// A resource that an update makes anew.
struct Asked<'a, 'j> {
    judge: &'a Judge<'j>,
    /// What else is replaced in the update: what refers to it gets another value.
    moved: &'a [String],
    id: &'a str,
    kind: &'a str,
    /// What is done to the resource of its name that is there; none: it is new.
    own: Option<Effect>,
}

impl Asked<'_, '_> {
    fn refusal(&self) -> Option<Reason> {
        let mut rows = CLAIMS.iter().filter(|row| row.kind == self.kind);
        match has_rows(self.kind) {
            true => rows.find_map(|row| self.by_row(row)),
            false => self.by_identifier(),
        }
    }

    fn by_row(&self, row: &Claim) -> Option<Reason> {
        if row.unless.is_some_and(|shared| shared(self.judge, self.id)) {
            return None;
        }
        let former = self.former(row.takes, row.is_own_alone)?;
        Some(self.reason(&former, row.effect, row.what, row.way, row.source))
    }

    /// By what AWS's schema says that a resource of the type is known by.
    fn by_identifier(&self) -> Option<Reason> {
        let takes = match resource::facts(self.kind) {
            Some(facts) => {
                let paths = facts.primary_identifier.iter();
                match paths.clone().any(|path| facts.is_read_only(path)) {
                    true => Vec::new(),
                    false => paths.map(|path| path.join("/")).collect(),
                }
            }
            None => {
                let paths = resource_schemas::identifier(self.kind).into_iter();
                paths.map(str::to_owned).collect()
            }
        };
        // One that is known by its name alone is told as such.
        let takes: Vec<&str> = takes.iter().map(String::as_str).collect();
        let is_name = |path: &&str| {
            path.ends_with("Name") || path.ends_with("Identifier") || path.ends_with("Id")
        };
        if takes.is_empty() || takes.len() == 1 && takes.iter().all(is_name) {
            return None;
        }
        let former = self.former(&takes, false)?;
        let what = format!("there is one alone with the same {}", takes.join(", "));
        let way = "Change one of them with it, or do it in two updates: without it first, and then with it";
        Some(self.reason(&former, Effect::Fails, &what, way, CONTRACT))
    }

    fn reason(&self, former: &str, effect: Effect, what: &str, way: &str, source: &str) -> Reason {
        let (is_own, is_refused) = (former == self.id, effect == Effect::Fails);
        let order = match (is_own, is_refused) {
            (true, true) => {
                "the new one is made while the old one is there, and is refused".to_owned()
            }
            (true, false) => "the new one is made while the old one is there".to_owned(),
            (false, true) => {
                format!("`{former}` goes only after the new one is made, which is refused")
            }
            (false, false) => format!("`{former}` goes only after the new one is made"),
        };
        let keep = match is_own {
            true => String::new(),
            false => format!("Keep the logical id `{former}`. Otherwise: "),
        };
        let told = format!("{what}; {order}. {keep}{way}");
        let (effect, why) = match self.own {
            Some(Effect::Unknown) => (Effect::Unknown, format!("if it is replaced: {told}")),
            _ => (effect, told),
        };
        Reason::whole(effect, why, source)
    }

    /// The resource that has taken it: itself first, the commonest case.
    fn former(&self, takes: &[&str], is_own_alone: bool) -> Option<String> {
        let old = self.judge.old;
        let asked: Vec<Vec<&Node>> = takes
            .iter()
            .map(|path| values(&|name| self.judge.new.property(self.id, name), path))
            .collect();
        // Without the first there is nothing to take; what takes nothing by a property is there once.
        if asked.first().is_some_and(Vec::is_empty) {
            return None;
        }
        let is_taken = |id: &&String| {
            takes.iter().zip(&asked).all(|(path, asked)| {
                let held = values(&|name| old.property(id, name), path);
                let is_same = |node: &&Node| {
                    held.iter().any(|other| normal(other) == normal(node))
                        && !refers_to(node, self.moved)
                };
                asked.is_empty() && held.is_empty() || asked.iter().any(is_same)
            })
        };
        let own = self.own.is_some().then(|| self.id.to_owned());
        let others = old.template.resources.iter().filter(|(id, other)| {
            !is_own_alone && *id != self.id && is_of_one_space(&other.kind, self.kind)
        });
        let others = others.map(|(id, _)| id.clone());
        own.into_iter().chain(others).find(|id| is_taken(&id))
    }
}

/// Whether the table says what resources of a type take.
pub(super) fn has_rows(kind: &str) -> bool {
    CLAIMS.iter().any(|row| row.kind == kind)
}

/// Whether two types share their names: a table is one, whichever type makes it.
pub(super) fn is_of_one_space(one: &str, other: &str) -> bool {
    let space = |kind: &str| NAMESPACES.iter().position(|kinds| kinds.contains(&kind));
    one == other || space(one).is_some() && space(one) == space(other)
}

/// What stands at a path of properties: `Volumes/*/VolumeId` is one value for each volume.
fn values<'n>(property: &dyn Fn(&str) -> Option<&'n Node>, path: &str) -> Vec<&'n Node> {
    let mut names = path.split('/');
    let first = names.next().unwrap_or_default();
    let mut found: Vec<&Node> = property(first).into_iter().collect();
    for name in names {
        found = match name {
            "*" => found
                .into_iter()
                .flat_map(|node| node.as_list().unwrap_or_default())
                .collect(),
            name => found
                .into_iter()
                .filter_map(|node| node.get(name))
                .collect(),
        };
    }
    found
}

/// Whether a value is one of these resources, or an attribute of one.
pub(super) fn refers_to(node: &Node, ids: &[String]) -> bool {
    let mut found = false;
    walk(&Trail::top(""), node, &mut |_, function| {
        each_target(function, &mut |target| {
            found |= target
                .name()
                .is_some_and(|name| ids.iter().any(|id| id == name));
        });
    });
    found
}
