//! Exports that an update takes from the stacks that import them.

use super::impact::ResourceImpact;
use super::{Changes, Effect, Reason};
use crate::cfn::normal::{normal, normal_text};
use crate::cfn::reference::walk;
use crate::cfn::{Intrinsic, Node, Target, Template, references};
use std::collections::{BTreeMap, BTreeSet};

const EXPORTS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html";

/// Exports that an update takes from the stacks that import them.
pub(super) fn exports(
    old: &Template,
    new: &Template,
    changes: &Changes,
    touched: &[ResourceImpact],
    imports: &Imports,
) -> Vec<ResourceImpact> {
    let mut found = Vec::new();
    let kept = |name: &Node| {
        new.exports()
            .any(|other| normal(other.name) == normal(name))
    };
    for export in old.exports() {
        let why = if !kept(export.name) {
            "it is gone, or has another name"
        } else if value_changes(old, new, changes, export.output, touched) {
            "its value changes"
        } else {
            continue;
        };
        let name = export
            .name
            .scalar_text()
            .unwrap_or_else(|| export.name.to_json().to_string());
        // Where nobody is known to import it, somebody may.
        let (effect, by) = match imports.0.get(&normal_text(export.name)) {
            Some(importers) => {
                let importers: Vec<&str> = importers.iter().map(String::as_str).collect();
                (
                    Effect::Fails,
                    format!(". Imported by {}", importers.join(", ")),
                )
            }
            None => (
                Effect::Unknown,
                ". Whether one does isn't known here".to_owned(),
            ),
        };
        found.push(ResourceImpact {
            id: export.output.to_owned(),
            kind: EXPORT.to_owned(),
            effect,
            reasons: vec![Reason {
                path: "Export".to_owned(),
                ..Reason::whole(
                    effect,
                    format!("{why}: while a stack imports {name}, the update fails. Add a new export, move the importing stacks to it, and remove the old one then{by}"),
                    EXPORTS,
                )
            }],
            data: Vec::new(),
        });
    }
    found
}

/// How an export is called among the types of resources.
pub(super) const EXPORT: &str = "Export";

/// Who imports what, of the stacks and products that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Adds what a template imports, by what people call the stack or product. A name that only a
    /// launch tells (`!Sub "${Stack}-Vpc"`) belongs to no known export.
    pub fn add(&mut self, importer: &str, template: &Template) {
        template.each_value(&mut |trail, node| {
            walk(trail, node, &mut |_, function| {
                if let Intrinsic::ImportValue(name) = function {
                    let importers = self.0.entry(normal_text(name)).or_default();
                    importers.insert(importer.to_owned());
                }
            });
        });
    }
}

fn value_changes(
    old: &Template,
    new: &Template,
    changes: &Changes,
    output: &str,
    touched: &[ResourceImpact],
) -> bool {
    let is_changed = changes.outputs.iter().any(|change| change.name == output);
    let value = |template: &Template| {
        template
            .outputs
            .get(output)
            .map(|output| normal(&output.value))
    };
    if is_changed && value(old) != value(new) {
        return true;
    }
    references(new).iter().any(|reference| {
        let at = reference.at.segments();
        let is_its_value = at.first().is_some_and(|section| section == "Outputs")
            && at.get(1).is_some_and(|name| name == output)
            && at.get(2).is_some_and(|key| key == "Value");
        let moves = |id: &str| {
            touched
                .iter()
                .any(|impact| impact.id == id && impact.effect == Effect::Replaced)
        };
        is_its_value
            && match reference.target {
                Target::Name(id) | Target::Attribute { resource: id, .. } => moves(id),
                _ => false,
            }
    })
}
