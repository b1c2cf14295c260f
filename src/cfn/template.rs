//! The template: every section, as data.

use super::{IndexMap, Map, Node, Parameter, Path, Resource, Trail};

/// A CloudFormation template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// At most 1,024 bytes.
    pub description: Option<String>,
    /// `Metadata`, the launch form's groups and labels among it.
    pub metadata: Map,
    /// `Parameters`.
    pub parameters: IndexMap<String, Parameter>,
    /// `Rules`.
    pub rules: Map,
    /// `Mappings`: top-level key, second-level key, constant.
    pub mappings: IndexMap<String, IndexMap<String, IndexMap<String, Node>>>,
    /// `Conditions`.
    pub conditions: IndexMap<String, Node>,
    /// `Transform`: macros that rewrite the template.
    pub transform: Vec<Transform>,
    /// `Resources`.
    pub resources: IndexMap<String, Resource>,
    /// `Outputs`.
    pub outputs: IndexMap<String, TemplateOutput>,
    /// Where a file leaves to CloudFormation what stands in the template: `Fn::Transform` beside
    /// other keys, `Fn::ForEach` over a collection that isn't known.
    pub open: Vec<Path>,
}

/// A macro that rewrites the template.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// Its name.
    pub name: String,
    /// What it is given.
    pub parameters: Map,
}

impl Transform {
    /// AWS's own, by their names. Each leaves alone what isn't written for it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html>
    pub const OF_AWS: [&str; 7] = [
        "AWS::CodeDeployBlueGreen",
        "AWS::Include",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::Serverless-2016-10-31",
        "AWS::ServiceCatalog",
    ];

    /// The macro of this name, given parameters.
    pub fn with(name: &str, parameters: impl Into<Node>) -> Transform {
        Transform {
            name: name.to_owned(),
            parameters: match parameters.into() {
                Node::Map(parameters) => parameters,
                _ => Map::default(),
            },
        }
    }
}

impl From<&str> for Transform {
    fn from(name: &str) -> Transform {
        Transform {
            name: name.to_owned(),
            parameters: Map::default(),
        }
    }
}

impl PartialEq<str> for Transform {
    fn eq(&self, name: &str) -> bool {
        self.name == name
    }
}

/// An output.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateOutput {
    /// What a reader of the stack's outputs is told.
    pub description: Option<String>,
    /// The condition under which it exists.
    pub condition: Option<String>,
    /// Its value.
    pub value: Node,
    /// The name under which other stacks import it.
    pub export: Option<Node>,
}

/// An export that a template makes: its output and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Export<'a> {
    /// The output.
    pub output: &'a str,
    /// The name, which may hold functions.
    pub name: &'a Node,
}

impl Template {
    /// The section names, in the order in which a template is written.
    pub const SECTIONS: [&'static str; 10] = [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Resources",
        "Outputs",
    ];

    /// The macro of the language extensions: `Fn::ForEach`, `Fn::Length`, `Fn::ToJsonString`, defaults
    /// of `Fn::FindInMap`, functions in policies.
    pub const LANGUAGE_EXTENSIONS: &'static str = "AWS::LanguageExtensions";

    /// Whether its macros name the language extensions.
    pub fn has_language_extensions(&self) -> bool {
        let mut transforms = self.transform.iter();
        transforms.any(|transform| transform.name == Self::LANGUAGE_EXTENSIONS)
    }

    /// The names of the macros, other than the language extensions, which add nothing that isn't here.
    pub fn macros(&self) -> impl Iterator<Item = &str> {
        let names = self
            .transform
            .iter()
            .map(|transform| transform.name.as_str());
        names.filter(|name| *name != Self::LANGUAGE_EXTENSIONS)
    }

    /// The exports, in order.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.outputs
            .iter()
            .filter_map(|(output, body)| body.export.as_ref().map(|name| Export { output, name }))
    }

    /// Visits every value of the template, in the order of the file: rules, conditions, resource
    /// metadata and properties, the attributes that may hold functions, outputs.
    pub fn each_value<'t>(&'t self, visit: &mut impl FnMut(&Trail<'_>, &'t Node)) {
        for (section, nodes) in [("Rules", &self.rules), ("Conditions", &self.conditions)] {
            for (name, node) in nodes {
                visit(&Trail::top(section).key(name), node);
            }
        }
        for (id, resource) in &self.resources {
            let resources = Trail::top("Resources");
            let base = resources.key(id);
            for (section, map) in [
                ("Metadata", &resource.metadata),
                ("Properties", &resource.properties),
            ] {
                for (name, node) in map {
                    visit(&base.key(section).key(name), node);
                }
            }
            for (name, node) in &resource.computed {
                visit(&base.key(name), node);
            }
            let attributes = [
                ("CreationPolicy", &resource.creation_policy),
                ("UpdatePolicy", &resource.update_policy),
            ];
            for (name, node) in attributes {
                if let Some(node) = node {
                    visit(&base.key(name), node);
                }
            }
        }
        for (name, output) in &self.outputs {
            let outputs = Trail::top("Outputs");
            let base = outputs.key(name);
            visit(&base.key("Value"), &output.value);
            if let Some(export) = &output.export {
                visit(&base.key("Export").key("Name"), export);
            }
        }
    }
}
