//! What a change of one property does to its resource.

use super::stack::Properties;
use super::{Case, Effect, Reason, overrides};
use crate::cfn::{Map, Node};
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
    documented(kind, &path, &before, &after, None)
        .map_or_else(|| by_schema(kind, &path).0, |(effect, ..)| effect)
}

/// A path below a resource's properties, as people read it; they themselves where it is empty.
pub(super) fn path_of(path: &[String]) -> String {
    let whole = ["Properties"].into_iter();
    let path: Vec<&str> = whole.chain(path.iter().map(String::as_str)).collect();
    path.join(".")
}

/// What a change of one property does: as the documentation says, and as the schema says otherwise.
/// `policy` is the resource's `UpdatePolicy` after the update.
pub(super) fn property_change(
    kind: &str,
    path: &[String],
    case: &Case,
    old: &Properties<'_>,
    new: &Properties<'_>,
    policy: Option<&Node>,
) -> Reason {
    let page = || {
        let facts = resource::facts(kind);
        facts.map_or_else(|| BEHAVIOURS.to_owned(), resource::TypeFacts::documentation)
    };
    let (effect, why, source) = documented(kind, path, old, new, policy).unwrap_or_else(|| {
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

/// What AWS's schema says of a change; where it says neither that it replaces nor that it may, what
/// AWS's page says.
fn by_schema(kind: &str, path: &[String]) -> (Effect, &'static str) {
    use resource_schemas::OnChange as Listed;
    let replaced = (Effect::Replaced, "a change replaces the resource");
    let may_replace = (
        Effect::Unknown,
        "a change may replace the resource, depending on the account",
    );
    let fails = (Effect::Fails, "an update of it fails");
    let own = resource::facts(kind).map(|facts| facts.on_change(path));
    match own {
        Some(OnChange::Fails) => return fails,
        Some(OnChange::Replaces) => return replaced,
        Some(OnChange::MayReplace) => return may_replace,
        Some(OnChange::Updates) | None => {}
    }
    match (
        resource_schemas::on_change(kind, path),
        resource::facts(kind),
    ) {
        (Some(Listed::Fails), _) => fails,
        (Some(Listed::Interrupts), _) => {
            (Effect::Interrupted, "it is updated with some interruptions")
        }
        (Some(Listed::Replaces), None) => replaced,
        (Some(Listed::MayReplace), None) => may_replace,
        (Some(Listed::Updates), _) | (_, Some(_)) => (Effect::InPlace, "it is updated as it is"),
        (None, None) if resource_schemas::is_replacement_listed(kind) => (
            Effect::Unknown,
            "AWS's schema doesn't say that it replaces the resource, and no page that is known here says whether it interrupts",
        ),
        (None, None) => (Effect::Unknown, "nothing is known of updates of this type"),
    }
}

fn documented(
    kind: &str,
    path: &[String],
    old: &Properties<'_>,
    new: &Properties<'_>,
    policy: Option<&Node>,
) -> Option<(Effect, String, String)> {
    let row = overrides::row(kind, path)?;
    let effect = row.effect(path, old, new, policy)?;
    Some((effect, row.why.to_owned(), row.source.to_owned()))
}
