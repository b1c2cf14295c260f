//! The Rust types of a template's resources: vendored where they say all of a resource, declared in
//! the model otherwise.

use super::library::Library;
use super::source::Source;
use crate::start::names;
use codegen::{Service, Shape, camel};
use compute_catalog::cfn::Resource;
use std::collections::{BTreeMap, BTreeSet};

/// The types of one template.
pub struct Types<'a> {
    library: &'a Library,
    /// By CloudFormation's name of a type: what the model calls the one that it declares.
    declared: BTreeMap<String, String>,
    /// By logical id: what the vendored type can't say of the resource.
    beyond: BTreeMap<String, String>,
}

impl<'a> Types<'a> {
    /// Those of the template.
    pub fn of(source: &Source<'a>) -> Types<'a> {
        let mut types = Types {
            library: source.library,
            declared: BTreeMap::new(),
            beyond: BTreeMap::new(),
        };
        let mut taken: BTreeSet<String> = [names::model(source.key)].into();
        for (id, resource) in &source.template.resources {
            let name = &resource.kind;
            if let Some((_, shape)) = shape_of(&source.library.services, name) {
                let Some(why) = beyond(shape, resource) else {
                    continue;
                };
                types.beyond.insert(id.clone(), why);
            }
            if !types.declared.contains_key(name) {
                types
                    .declared
                    .insert(name.clone(), chosen(name, &mut taken));
            }
        }
        types
    }

    /// The vendored type of a resource, where it says all of it.
    pub fn shape(&self, id: &str, resource: &Resource) -> Option<(&'a Service, &'a Shape)> {
        match self.beyond.contains_key(id) {
            true => None,
            false => shape_of(&self.library.services, &resource.kind),
        }
    }

    /// The declared type of a resource.
    pub fn declared(&self, resource: &Resource) -> &str {
        self.declared.get(&resource.kind).map_or("", String::as_str)
    }

    /// CloudFormation's name and the model's of each type that is declared.
    pub fn all_declared(&self) -> impl Iterator<Item = (&String, &String)> {
        self.declared.iter()
    }

    /// By logical id, what the vendored types can't say.
    pub fn all_beyond(&self) -> impl Iterator<Item = (&String, &String)> {
        self.beyond.iter()
    }

    /// Whether a service's types stand in the repository rather than in the library.
    pub fn is_own(&self, service: &Service) -> bool {
        self.library.is_own(&service.module())
    }

    /// The types of AWS that aren't vendored.
    pub fn not_vendored(&self) -> Vec<String> {
        let names = self.declared.keys().filter(|name| {
            name.starts_with("AWS::")
                && *name != "AWS::CloudFormation::CustomResource"
                && shape_of(&self.library.services, name).is_none()
        });
        names.cloned().collect()
    }
}

/// A vendored type, with those of its service.
fn shape_of<'a>(services: &'a [Service], type_name: &str) -> Option<(&'a Service, &'a Shape)> {
    services.iter().find_map(|service| {
        let mut shapes = service.shapes.iter();
        let shape = shapes.find(|shape| shape.type_name == type_name)?;
        Some((service, shape))
    })
}

/// What a vendored type can't say of a resource: a property that it lacks, or a required one that
/// isn't there.
fn beyond(shape: &Shape, resource: &Resource) -> Option<String> {
    let missing = shape.properties.iter().find(|property| {
        property.is_argument() && !resource.properties.contains_key(&property.name)
    });
    if let Some(missing) = missing {
        return Some(format!(
            "it lacks `{}`, which {} requires",
            missing.name, shape.type_name
        ));
    }
    let is_known = |name: &String| {
        let mut settable = shape
            .properties
            .iter()
            .filter(|property| !property.read_only);
        settable.any(|property| property.name == *name)
    };
    let unknown = resource.properties.keys().find(|name| !is_known(name))?;
    Some(format!(
        "{} has no property `{unknown}` that a template sets",
        shape.type_name
    ))
}

/// What the model calls a type that it declares.
fn chosen(name: &str, taken: &mut BTreeSet<String>) -> String {
    let words = name
        .trim_start_matches("AWS::")
        .trim_start_matches("Custom::");
    let mut chosen = camel(words);
    if !chosen.starts_with(|c: char| c.is_ascii_alphabetic()) {
        chosen.insert_str(0, "Resource");
    }
    while names::is_taken(&chosen) || !taken.insert(chosen.clone()) {
        chosen.push_str("Resource");
    }
    chosen
}
