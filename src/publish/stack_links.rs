//! Which stacks have to be there before which others: those that export what a stack imports.
//!
//! Stacks without such a link are deployed side by side.

use super::{Desired, Reference, Stack};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a template exports and imports, by names as they are written.
#[derive(Debug, Default)]
struct Names {
    exports: BTreeSet<String>,
    imports: BTreeSet<String>,
    /// It holds a name that is put together in another way than by `Fn::Sub` of one text.
    is_unclear: bool,
}

/// The stacks that each stack has to come after, by name. Only stacks before it in the catalog's
/// order count, so that there are no cycles.
pub(super) fn stack_links(desired: &Desired) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut before: Vec<(&Stack, Names)> = Vec::new();
    let mut links = BTreeMap::new();
    for stack in &desired.stacks {
        let names = names(&stack.template);
        let of_parameters: BTreeSet<&str> = stack
            .parameters
            .values()
            .filter_map(|reference| match reference {
                Reference::StackOutput { stack, .. } => Some(stack.as_str()),
                _ => None,
            })
            .collect();
        let needed = before
            .iter()
            .filter(|(other, exporter)| {
                of_parameters.contains(other.name.as_str())
                    || !names.imports.is_disjoint(&exporter.exports)
                    || (names.is_unclear && !exporter.exports.is_empty())
                    || (exporter.is_unclear && !names.imports.is_empty())
            })
            .map(|(other, _)| other.name.as_str())
            .collect();
        links.insert(stack.name.as_str(), needed);
        before.push((stack, names));
    }
    links
}

fn names(template: &str) -> Names {
    let mut names = Names::default();
    let Ok(template) = crate::cfn::read(template) else {
        // CloudFormation will say what is wrong with it.
        names.is_unclear = true;
        return names;
    };
    let template = template.to_json();
    for output in template["Outputs"].as_object().into_iter().flatten() {
        if let Some(name) = output.1.get("Export").map(|export| &export["Name"]) {
            names.note(name, |names| &mut names.exports);
        }
    }
    collect_imports(&template, &mut names);
    names
}

fn collect_imports(value: &Value, names: &mut Names) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if key == "Fn::ImportValue" {
                    names.note(field, |names| &mut names.imports);
                } else {
                    collect_imports(field, names);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_imports(item, names)),
        _ => {}
    }
}

impl Names {
    fn note(&mut self, name: &Value, list: impl FnOnce(&mut Names) -> &mut BTreeSet<String>) {
        match name.as_str().or_else(|| name["Fn::Sub"].as_str()) {
            Some(text) => {
                list(self).insert(text.to_owned());
            }
            None => self.is_unclear = true,
        }
    }
}
