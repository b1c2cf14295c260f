//! Which stacks have to be there before which others: those that export what a stack imports.
//!
//! Stacks without such a link are deployed side by side.

use super::{Desired, Observed, Reference, Stack};
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

/// The stacks that others can come after, by what they are looked up.
#[derive(Default)]
struct Before<'a> {
    names: BTreeSet<&'a str>,
    /// Those that export a name.
    by_export: BTreeMap<String, Vec<&'a str>>,
    /// Those that export anything.
    exporting: Vec<&'a str>,
    /// Those of which it isn't clear what they export.
    unclear: Vec<&'a str>,
}

impl<'a> Before<'a> {
    fn add(&mut self, stack: &'a Stack, names: Names) {
        let name = stack.name.as_str();
        self.names.insert(name);
        if names.is_unclear {
            self.unclear.push(name);
        }
        if !names.exports.is_empty() {
            self.exporting.push(name);
        }
        for export in names.exports {
            self.by_export.entry(export).or_default().push(name);
        }
    }

    /// Those that a stack has to come after.
    fn needed(&self, stack: &'a Stack, names: &Names) -> BTreeSet<&'a str> {
        let outputs = stack.parameters.values().filter_map(|source| match source {
            Reference::StackOutput { stack, .. } => Some(stack.as_str()),
            _ => None,
        });
        let mut needed: BTreeSet<&str> = outputs.filter(|name| self.names.contains(name)).collect();
        let exporters = names.imports.iter();
        needed.extend(
            exporters
                .filter_map(|name| self.by_export.get(name))
                .flatten(),
        );
        if names.is_unclear {
            needed.extend(&self.exporting);
        }
        if !names.imports.is_empty() {
            needed.extend(&self.unclear);
        }
        needed
    }
}

/// The stacks that each stack has to come after, by name. Only stacks before it in the catalog's
/// order count, so that there are no cycles.
pub(super) fn stack_links(desired: &Desired) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut before = Before::default();
    let mut links = BTreeMap::new();
    for stack in &desired.stacks {
        let names = names(&stack.template);
        links.insert(stack.name.as_str(), before.needed(stack, &names));
        before.add(stack, names);
    }
    links
}

/// The live stacks of the catalog that import from another, by the names as both are written.
pub(super) fn importers<'a>(observed: &'a Observed, name: &str) -> Vec<&'a str> {
    let Some(live) = observed.stacks.get(name) else {
        return Vec::new();
    };
    let exports = names(&live.template).exports;
    let others = observed.stacks.iter();
    let others = others.filter(|(other, live)| {
        other.as_str() != name && !names(&live.template).imports.is_disjoint(&exports)
    });
    others.map(|(other, _)| other.as_str()).collect()
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
