//! The model of a template, and what it can't say.

use super::defaults::Defaults;
use super::form::{Form, INTERFACE};
use super::module::module;
use super::order::{names_in, ordered, references_of};
use super::scope::{Scope, shape_of};
use super::source::Source;
use super::value::text;
use super::writer::Writer;
use codegen::camel;
use std::collections::{BTreeMap, BTreeSet};

/// What a template becomes.
pub struct Model {
    /// `mod.rs`, not formatted yet.
    pub code: String,
    /// The lines of `settings.yaml` below the catalog entry.
    pub settings: String,
    /// Types that aren't vendored: the model declares them, and nothing checks their properties.
    pub not_vendored: Vec<String>,
    /// What a model can't say: there is no import with these.
    pub unknown: Vec<String>,
}

/// Writes the model.
pub fn write(source: &Source<'_>) -> Model {
    let template = source.template;
    let custom = custom_types(source);
    let scope = Scope::of(template, source.services, &custom);
    let mut body = String::new();
    let mut defaults = Defaults::default();
    let form = Form::of(template);
    let writer = Writer {
        source,
        scope,
        form,
    };
    body.push_str(&match &template.description {
        Some(description) => format!("let mut builder = Builder::new({});\n", text(description)),
        None => "let mut builder = Builder::default();\n".to_owned(),
    });
    for name in &template.transform {
        body.push_str(&format!("builder.transform({name:?});\n"));
    }
    for (key, value) in &template.metadata {
        if key == INTERFACE && writer.form.is_whole {
            continue;
        }
        let document = writer.scope.document(value);
        body.push_str(&format!("builder.metadata({key:?}, {document});\n"));
    }
    if !template.rules.is_empty() {
        writer.scope.note("the section Rules".to_owned());
    }
    for name in &writer.form.order {
        writer.parameter(name, &mut defaults, &mut body);
    }
    for name in template.mappings.keys() {
        writer.mapping(name, &mut body);
    }
    for name in ordered(&template.conditions, names_in) {
        writer.condition(name, &mut body);
    }
    for id in ordered(&template.resources, references_of) {
        writer.resource(id, &custom, &mut body);
    }
    for (name, output) in &template.outputs {
        writer.output(name, output, &mut body);
    }
    Model {
        code: module(source, &custom, &defaults, &body),
        settings: defaults.yaml(),
        not_vendored: custom
            .keys()
            .filter(|name| {
                name.starts_with("AWS::") && *name != "AWS::CloudFormation::CustomResource"
            })
            .cloned()
            .collect(),
        unknown: writer.scope.unknown(),
    }
}

/// The types that a model has to declare, with a name for each.
fn custom_types(source: &Source<'_>) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    let mut taken: BTreeSet<String> = [camel(source.key.as_str())].into();
    for resource in source.template.resources.values() {
        let name = &resource.kind;
        if types.contains_key(name) || shape_of(source.services, name).is_some() {
            continue;
        }
        let words = name
            .trim_start_matches("AWS::")
            .trim_start_matches("Custom::");
        let base = camel(words);
        let mut chosen = base.clone();
        while ["Settings", "Defaults"].contains(&chosen.as_str()) || !taken.insert(chosen.clone()) {
            chosen.push_str("Resource");
        }
        types.insert(name.clone(), chosen);
    }
    types
}
