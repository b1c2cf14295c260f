//! What a change of one property does to its resource.

use super::stack::Properties;
use super::{Case, Effect, Reason, overrides};
use crate::cfn::Map;
use crate::resource::{self, OnChange};

/// The page on what updates do to resources.
pub(super) const BEHAVIOURS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html";

/// The part of a path that names properties of the type.
pub(super) fn property_path(kind: &str, rest: &[String]) -> Vec<String> {
    let Some(facts) = resource::facts(kind) else {
        return rest.iter().take(1).cloned().collect();
    };
    let mut path: Vec<String> = Vec::new();
    for segment in rest {
        path.push(segment.clone());
        if facts.kind_at(&path).is_none() {
            path.pop();
            break;
        }
    }
    path
}

/// What a change of a property does to a resource of a type: `path` leads from the property's name
/// down to what changed, `old` and `new` are all of its properties before and after.
pub fn effect_of(kind: &str, path: &[String], old: &Map, new: &Map) -> Effect {
    let path = property_path(kind, path);
    let (before, after) = (|name: &str| old.get(name), |name: &str| new.get(name));
    documented(kind, &path, &before, &after)
        .map_or_else(|| by_schema(kind, &path).0, |(effect, ..)| effect)
}

/// A path below a resource's properties, as people read it; they themselves where it is empty.
pub(super) fn path_of(path: &[String]) -> String {
    let whole = ["Properties"].into_iter();
    let path: Vec<&str> = whole.chain(path.iter().map(String::as_str)).collect();
    path.join(".")
}

/// What a change of one property does: as the documentation says, and as the schema says otherwise.
pub(super) fn property_change(
    kind: &str,
    path: &[String],
    case: &Case,
    old: &Properties<'_>,
    new: &Properties<'_>,
) -> Reason {
    let page = || {
        let facts = resource::facts(kind);
        facts.map_or_else(|| BEHAVIOURS.to_owned(), resource::TypeFacts::documentation)
    };
    let (effect, why, source) = documented(kind, path, old, new).unwrap_or_else(|| {
        let (effect, why) = by_schema(kind, path);
        (effect, why.to_owned(), page())
    });
    Reason {
        path: path_of(path),
        effect,
        why,
        source,
        when: case.when.clone(),
    }
}

/// What the schema of a type that only `check` knows says of a change.
fn of_checked(kind: &str, property: &str) -> Option<OnChange> {
    Some(match resource_schemas::on_change(kind, property)? {
        resource_schemas::OnChange::Replaces => OnChange::Replaces,
        resource_schemas::OnChange::MayReplace => OnChange::MayReplace,
        resource_schemas::OnChange::Updates => OnChange::Updates,
    })
}

/// What the schema says of a change.
fn by_schema(kind: &str, path: &[String]) -> (Effect, &'static str) {
    let known = match resource::facts(kind) {
        Some(facts) => Some(facts.on_change(path)),
        None => path.first().and_then(|name| of_checked(kind, name)),
    };
    match known {
        None => (Effect::Unknown, "nothing is known of updates of this type"),
        Some(OnChange::Fails) => (Effect::Fails, "an update of it fails"),
        Some(OnChange::Replaces) => (Effect::Replaced, "a change replaces the resource"),
        Some(OnChange::MayReplace) => (
            Effect::Unknown,
            "a change may replace the resource, depending on the account",
        ),
        Some(OnChange::Updates) => (Effect::InPlace, "it is updated as it is"),
    }
}

fn documented(
    kind: &str,
    path: &[String],
    old: &Properties<'_>,
    new: &Properties<'_>,
) -> Option<(Effect, String, String)> {
    let row = overrides::row(kind, path)?;
    let effect = row.effect(path, old, new)?;
    Some((effect, row.why.to_owned(), row.source.to_owned()))
}
