//! What is known of a product: all that the catalog's files and its launch role ask of its templates.
//!
//! Kept in place of the templates, which are a hundred times as large: a catalog may have thousands.

use super::launch_role::{Handlers, Usage};
use super::role_calls::{RoleCall, role_calls};
use crate::cfn::{Node, Parameter, Template};
use crate::product::{ExternalProduct, ProductType};
use crate::yaml::Location;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// What is known of a product.
#[derive(Clone, Debug, Default)]
pub struct ProductFacts {
    /// The resource types of versions published before this catalog.
    pub legacy_types: BTreeSet<String>,
    /// The macros of the newest of these versions.
    pub legacy_macros: BTreeSet<String>,
    /// What its launch role is compiled from.
    pub(super) usage: Usage,
    /// The resource types and macros of its templates.
    pub(crate) types: BTreeSet<String>,
    /// A template's parameters by name, where no template before has the same; those of the product
    /// as it is now come first.
    pub(crate) parameters: Vec<IndexMap<String, FormField>>,
    /// Its name in the catalog, and where it stands.
    pub named: Option<Named>,
    /// The keys of tags that a template gives its resources.
    pub(crate) tags: BTreeSet<String>,
    /// The calls that the templates' roles are granted.
    pub(crate) role_calls: BTreeSet<RoleCall>,
}

/// What a launch form asks by a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormField {
    /// What it suggests.
    pub default: Option<String>,
    /// What it offers; empty where people write.
    pub choices: Vec<String>,
}

/// The name of a product in the catalog, where a person writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The settings.
    pub file: String,
    /// Its place there.
    pub at: Location,
}

impl ProductFacts {
    /// Of a product that an engine makes: what its author declares, since nothing else is known of it.
    pub fn of_external(product: &ExternalProduct) -> ProductFacts {
        let fields = product.parameters.iter().map(|parameter| {
            let field = FormField {
                default: parameter.default.clone(),
                choices: Vec::new(),
            };
            (parameter.key.value.clone(), field)
        });
        ProductFacts {
            usage: Usage::of_engine(),
            // What the grants of its role are needed by.
            types: BTreeSet::from([ProductType::External.as_str().to_owned()]),
            parameters: vec![fields.collect()],
            ..ProductFacts::default()
        }
    }

    /// Whether an engine makes the product, not CloudFormation.
    pub fn is_external(&self) -> bool {
        self.usage.is_of_engine()
    }

    /// Takes note of a template: of the product now, and of each version of ours still active.
    pub fn add(&mut self, template: &Template, handlers: &Handlers) {
        self.usage.add(template, handlers);
        for resource in template.resources.values() {
            insert(&mut self.types, &resource.kind);
            match resource.properties.get("Tags") {
                Some(Node::List(tags)) => {
                    for tag in tags {
                        if let Some(key) = tag.get("Key").and_then(Node::as_str) {
                            insert(&mut self.tags, key);
                        }
                    }
                }
                Some(Node::Map(tags)) => tags.keys().for_each(|key| insert(&mut self.tags, key)),
                _ => {}
            }
        }
        for transform in &template.transform {
            insert(&mut self.types, &transform.name);
        }
        let field = |parameter: &Parameter| FormField {
            default: parameter.default.as_ref().and_then(Node::scalar_text),
            choices: parameter
                .allowed_values
                .iter()
                .filter_map(Node::scalar_text)
                .collect(),
        };
        let parameters = template.parameters.iter();
        let fields = parameters.map(|(name, parameter)| (name.clone(), field(parameter)));
        push_once(&mut self.parameters, fields.collect());
        self.role_calls.extend(role_calls(template, handlers));
    }

    /// Takes note of the template of a version that is barred or from before this catalog: what it made
    /// can be ended, and nothing else is asked of it.
    pub fn add_ending(&mut self, template: &Template, handlers: &Handlers) {
        self.usage.add_barred(template, handlers);
    }
}

fn insert(names: &mut BTreeSet<String>, name: &str) {
    if !names.contains(name) {
        names.insert(name.to_owned());
    }
}

fn push_once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
