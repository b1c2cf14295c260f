//! Resources with a name of their own, which CloudFormation neither replaces nor makes twice.

use super::claim::{has_rows, is_of_one_space, refers_to};
use super::claims::scope;
use super::data::is_unknown_type;
use super::impact::{ResourceImpact, worst};
use super::judge::Judge;
use super::{ChangeKind, Changes, Effect, Reason};
use crate::cfn::normal::normal;
use crate::cfn::{Node, Resource};
use crate::resource::{self, Kind, OnChange};
use indexmap::IndexMap;

const NAMES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html";

/// The property that names a resource, and can't change while it is there. Of a type that has no
/// schema here it is taken to be the one that is called as such properties are.
fn name_property(resource: &Resource) -> Option<&str> {
    let kind = &resource.kind;
    if has_rows(kind) {
        return None;
    }
    let last = kind.rsplit("::").next().unwrap_or_default();
    let own = format!("{last}Name");
    if resource::facts(kind).is_none() && resource_schemas::is_replacement_listed(kind) {
        return listed_name(resource, last);
    }
    if is_unknown_type(kind) {
        let mut names = resource.properties.keys();
        return names.find(|name| **name == own).map(String::as_str);
    }
    let facts = resource::facts(kind)?;
    let identifier = facts.primary_identifier;
    // What is known by more than its name is told by all of that.
    if identifier.len() > 1 && !identifier.iter().any(|path| facts.is_read_only(path)) {
        return None;
    }
    facts
        .properties
        .iter()
        .filter(|property| matches!(property.kind, Kind::Text))
        .find(|property| {
            let is_identifier = facts.primary_identifier == [&[property.name] as &[&str]];
            let is_name = property.name == own
                || matches!(property.name, "Name" | "GroupName")
                || is_identifier && !facts.is_read_only(&[property.name]);
            is_name && facts.on_change(&[property.name]) == OnChange::Replaces
        })
        .map(|property| property.name)
}

/// The same of a type of which only AWS's list of what replaces it is known.
fn listed_name<'r>(resource: &'r Resource, last: &str) -> Option<&'r str> {
    // Hosted zones may share a name; others are known by more than theirs.
    let identifier = resource_schemas::identifier(&resource.kind);
    if resource.kind == "AWS::Route53::HostedZone" || identifier.len() > 1 {
        return None;
    }
    let is_known_by = |name: &str| identifier == [name] && name.ends_with("Name");
    let names = ["Name", "Identifier", "Id"].map(|suffix| format!("{last}{suffix}"));
    let is_name =
        |name: &str| names.iter().any(|own| own == name) || matches!(name, "Name" | "GroupName");
    let keys = resource.properties.keys().map(String::as_str);
    keys.filter(|name| is_name(name) || is_known_by(name))
        .find(|name| {
            let path = [(*name).to_owned()];
            resource_schemas::on_change(&resource.kind, &path)
                == Some(resource_schemas::OnChange::Replaces)
        })
}

/// The name that a resource has, where its template gives it one.
fn name_of<'n>(
    judge: &'n Judge<'_>,
    id: &str,
    resource: &'n Resource,
) -> Option<(&'n str, &'n Node)> {
    let property = name_property(resource)?;
    Some((property, judge.new.property(id, property)?))
}

/// Whether a resource and one that was there stand where a name is taken once: an alias belongs to its
/// function, and a new function has none.
fn is_in_one_place(
    judge: &Judge<'_>,
    (id, kind): (&str, &str),
    former: &str,
    replaced: &[String],
) -> bool {
    scope(kind).iter().all(|property| {
        let now = judge.new.property(id, property);
        let before = judge.old.property(former, property);
        now.map(normal) == before.map(normal)
            && !now.is_some_and(|place| refers_to(place, replaced))
    })
}

/// What has a fixed name can't be replaced, nor made anew under another logical id: CloudFormation
/// makes the new one before it removes the old one, and the name is taken.
pub(super) fn names(
    judge: &Judge<'_>,
    changes: &Changes,
    touched: &mut IndexMap<String, ResourceImpact>,
) {
    let replaced: Vec<String> = touched
        .values()
        .filter(|impact| worst(&impact.reasons) == Effect::Replaced)
        .map(|impact| impact.id.clone())
        .collect();
    for impact in touched.values_mut() {
        let effect = worst(&impact.reasons);
        let Some(resource) = judge.new.resource(&impact.id) else {
            continue;
        };
        let Some((property, name)) = name_of(judge, &impact.id, resource) else {
            continue;
        };
        let fate = changes.resource(&impact.id).map(|change| &change.fate);
        let former = match (fate, effect) {
            (Some(ChangeKind::Renamed { from }), _) => Some(from.clone()),
            (Some(ChangeKind::Added), _) | (_, Effect::Replaced) => {
                let is_taken = |id: &&String| {
                    let was = judge.old.property(id, property);
                    was.map(normal) == Some(normal(name))
                        && is_in_one_place(judge, (&impact.id, &impact.kind), id, &replaced)
                };
                // Of itself first: the commonest case, and the plainest words.
                let own = Some(&impact.id).filter(|_| effect == Effect::Replaced);
                let others = judge.old.template.resources.iter();
                let others = others.filter(|(_, other)| is_of_one_space(&other.kind, &impact.kind));
                own.into_iter()
                    .chain(others.map(|(id, _)| id))
                    .find(is_taken)
                    .cloned()
            }
            _ => None,
        };
        let Some(former) = former else { continue };
        let before = judge.old.property(&former, property);
        let is_elsewhere =
            || !is_in_one_place(judge, (&impact.id, &impact.kind), &former, &replaced);
        if before.map(normal) != Some(normal(name)) || refers_to(name, &replaced) || is_elsewhere()
        {
            continue;
        }
        let shown = name
            .scalar_text()
            .map_or_else(String::new, |text| format!(" `{text}`"));
        let why = match former == impact.id {
            true => format!(
                "it would have to be replaced, and CloudFormation doesn't replace what has a name of its own: change {property}{shown} with it, or leave the name to CloudFormation"
            ),
            false => format!(
                "`{former}` has the name{shown}, and the new one is made before that is removed: it already exists. Keep the logical id `{former}`, or give it another {property}"
            ),
        };
        impact
            .reasons
            .push(Reason::whole(Effect::Fails, why, NAMES));
    }
}
