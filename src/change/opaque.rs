//! Values that a template doesn't hold: parameters of Systems Manager, files that are included,
//! what macros make.

use super::{Accounts, Impact};
use crate::cfn::reference::walk;
use crate::cfn::{Intrinsic, Node, Path, Reference, Target, Template, Trail, Transform};
use std::collections::BTreeSet;

const SSM_TYPES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html";
const DYNAMIC: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html";
const INCLUDE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html";
const MACROS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html";

/// The key under which a part of a template names the macro that makes the rest of it.
pub(super) const TRANSFORM: &str = "Fn::Transform";

/// A value that only the running account knows, and that may be another one at each update.
pub(super) struct Opaque {
    /// Where it is used.
    pub at: Path,
    /// What it is, in words.
    pub what: String,
    /// The page of AWS's documentation that says so.
    pub source: &'static str,
}

/// Every use of such a value, in the order of the file.
pub(super) fn opaque_values(template: &Template, references: &[Reference<'_>]) -> Vec<Opaque> {
    let mut found = Vec::new();
    for reference in references {
        let (what, source) = match reference.target {
            Target::Name(name) => {
                let kind = template
                    .parameters
                    .get(name)
                    .map(|one| one.kind.to_string());
                match kind {
                    Some(kind) if kind.starts_with("AWS::SSM::Parameter::Value<") => (
                        format!("the Systems Manager parameter that {name} names"),
                        SSM_TYPES,
                    ),
                    _ => continue,
                }
            }
            Target::Mapping(name) => match template.mappings.get(name).and_then(included) {
                Some(what) => (what, INCLUDE),
                None => continue,
            },
            _ => continue,
        };
        found.push(Opaque {
            at: reference.at.clone(),
            what,
            source,
        });
    }
    template.each_value(&mut |trail, node| {
        texts(trail, node, &mut |at, text| {
            // With a version it is always the same value.
            let unversioned = text.split("{{resolve:").skip(1).any(|reference| {
                let inner = reference.split("}}").next().unwrap_or_default();
                let name = inner.strip_prefix("ssm:");
                name.is_some_and(|name| !name.rsplit(':').next().is_some_and(is_number))
            });
            if unversioned {
                found.push(Opaque {
                    at: at.path(),
                    what: format!("`{text}`"),
                    source: DYNAMIC,
                });
            }
        });
        walk(trail, node, &mut |at, function| {
            if let Intrinsic::Transform(what) = function {
                let name = what.get("Name").and_then(Node::scalar_text);
                found.push(made_by(
                    at.path(),
                    name.as_deref().unwrap_or("without a name"),
                ));
            }
        });
    });
    // Beside other properties a macro is a key among them.
    for (id, resource) in &template.resources {
        if let Some(transform) = resource.properties.get(TRANSFORM) {
            let name = transform.get("Name").and_then(Node::scalar_text);
            let at = Path::of(["Resources", id, "Properties"]);
            found.push(made_by(at, name.as_deref().unwrap_or("without a name")));
        }
    }
    found
}

/// Macros of which nobody knows what they make of these templates.
pub(super) fn unknown_macros(templates: [&Template; 2], accounts: &Accounts) -> Vec<String> {
    let names: BTreeSet<&str> = templates.iter().flat_map(|one| one.macros()).collect();
    // Mappings say in their rows where they come from; of other parts nothing is known.
    let is_mapping = |place: &&Path| place.segments().first().is_some_and(|at| at == "a mapping");
    let open = templates.iter().flat_map(|one| &one.open);
    let mut lines: Vec<String> = open
        .filter(|place| !is_mapping(place))
        .map(|place| {
            format!(
                "a macro makes a part of the template ({place}), and what it makes isn't known here"
            )
        })
        .collect();
    lines.dedup();
    let made = names
        .into_iter()
        .filter(|name| !Transform::OF_AWS.contains(name) && !accounts.knows_macro(name))
        .map(|name| {
            format!("the macro {name} rewrites the template, and what it makes isn't known here: compare what it made, or declare it under `macros` in portfolios/organization.yaml")
        });
    lines.extend(made);
    lines
}

/// Parts of an update that nobody could read: what it does hangs on them.
pub(super) fn unread(impact: &Impact) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in &impact.resources {
        // A type that only a macro of AWS's knows: it makes others of it.
        if resource.kind.starts_with("AWS::Serverless::") {
            lines.push(format!(
                "{}: what the macro AWS::Serverless-2016-10-31 makes of it isn't known here: compare what it made",
                resource.id
            ));
        }
        for reason in &resource.reasons {
            if matches!(reason.source.as_str(), INCLUDE | MACROS) {
                let line = format!("{}: {}: {}", resource.id, reason.path, reason.why);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

fn made_by(at: Path, name: &str) -> Opaque {
    Opaque {
        at,
        what: format!("what the macro {name} makes"),
        source: MACROS,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Visits every literal text at or below a node.
fn texts<'t>(trail: &Trail<'_>, node: &'t Node, visit: &mut impl FnMut(&Trail<'_>, &'t str)) {
    match node {
        Node::String(text) => visit(trail, text),
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(&trail.down(crate::cfn::Step::Index(index)), item, visit);
            }
        }
        Node::Map(map) => {
            for (key, value) in map {
                texts(&trail.key(key), value, visit);
            }
        }
        Node::Intrinsic(function) => {
            if let Intrinsic::Sub { text, .. } = &**function {
                visit(trail, text);
            }
            let inner = trail.key(function.name());
            for (step, part) in function.parts() {
                texts(&inner.down(step), part, visit);
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) => {}
    }
}

/// What a mapping is made from, where that stands outside of the template.
pub(super) fn included(
    rows: &crate::cfn::IndexMap<String, crate::cfn::IndexMap<String, Node>>,
) -> Option<String> {
    let transform = rows.get(TRANSFORM)?;
    let name = transform.get("Name").and_then(Node::scalar_text);
    let location = transform
        .get("Parameters")
        .and_then(|parameters| parameters.get("Location"));
    Some(match (name.as_deref(), location) {
        (Some("AWS::Include"), Some(location)) => {
            let text = location
                .scalar_text()
                .unwrap_or_else(|| location.to_json().to_string());
            format!("the file {text}")
        }
        (name, _) => format!("what the macro {} makes", name.unwrap_or("without a name")),
    })
}
