//! Templates from YAML or JSON, in short and long form, each mistake with its line.

use super::{
    DeletionPolicy, IndexMap, Intrinsic, Map, Node, Parameter, ParameterType, Resource, Template,
    TemplateOutput, UpdateReplacePolicy,
};
use crate::yaml::{self, Content, Key, Location, Scalar, Tree, nearest};
use std::fmt;

/// Something in a file that is no part of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadError {
    /// Where.
    pub at: Location,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

impl std::error::Error for ReadError {}

/// Reads a template. JSON is YAML as far as templates go.
///
/// # Errors
/// Everything that isn't part of a template, in the order of the file.
pub fn read(text: &str) -> Result<Template, Vec<ReadError>> {
    let tree = yaml::read(text).map_err(|error| {
        vec![ReadError {
            at: error.at,
            message: error.message,
        }]
    })?;
    from_tree(&tree)
}

/// Reads a template from a located tree.
///
/// # Errors
/// As [`read`].
pub fn from_tree(tree: &Tree) -> Result<Template, Vec<ReadError>> {
    let mut reader = Reader { errors: Vec::new() };
    let template = reader.template(tree);
    if reader.errors.is_empty() {
        Ok(template)
    } else {
        reader.errors.sort();
        Err(reader.errors)
    }
}

struct Reader {
    errors: Vec<ReadError>,
}

impl Reader {
    fn fail(&mut self, at: Location, message: impl Into<String>) {
        self.errors.push(ReadError {
            at,
            message: message.into(),
        });
    }

    fn unknown(&mut self, key: &Key, what: &str, known: &[&str]) {
        let hint = nearest(&key.text, known.iter().copied())
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        self.fail(key.at, format!("`{}` is no {what}{hint}", key.text));
    }

    fn entries<'a>(&mut self, tree: &'a Tree, what: &str) -> &'a [(Key, Tree)] {
        match &tree.content {
            Content::Mapping(entries) if tree.tag.is_none() => entries,
            _ => {
                self.fail(tree.at, format!("{what} must be a map"));
                &[]
            }
        }
    }

    fn text(&mut self, tree: &Tree, what: &str) -> Option<String> {
        match &tree.content {
            Content::Scalar { text, .. } if tree.tag.is_none() => Some(text.clone()),
            _ => {
                self.fail(tree.at, format!("{what} must be text"));
                None
            }
        }
    }

    fn template(&mut self, tree: &Tree) -> Template {
        let mut template = Template::default();
        for (key, value) in self.entries(tree, "a template") {
            match key.text.as_str() {
                "AWSTemplateFormatVersion" => match self.text(value, "the format version") {
                    Some(version) if version != "2010-09-09" => {
                        self.fail(value.at, "the format version must be 2010-09-09");
                    }
                    _ => {}
                },
                "Description" => template.description = self.text(value, "the description"),
                "Metadata" => template.metadata = self.map(value, "Metadata"),
                "Parameters" => {
                    template.parameters = self.named(value, "Parameters", Self::parameter)
                }
                "Rules" => template.rules = self.map(value, "Rules"),
                "Mappings" => {
                    template.mappings = self.named(value, "Mappings", |reader, rows| {
                        Some(reader.named(rows, "a mapping", |reader, row| {
                            Some(reader.map(row, "a row of a mapping"))
                        }))
                    });
                }
                "Conditions" => template.conditions = self.map(value, "Conditions"),
                "Transform" => template.transform = self.words(value, "Transform"),
                "Resources" => template.resources = self.named(value, "Resources", Self::resource),
                "Outputs" => template.outputs = self.named(value, "Outputs", Self::output),
                _ => self.unknown(key, "section of a template", &Template::SECTIONS),
            }
        }
        if template.resources.is_empty() && self.errors.is_empty() {
            self.fail(tree.at, "a template has at least one resource");
        }
        template
    }

    fn named<T>(
        &mut self,
        tree: &Tree,
        what: &str,
        mut read: impl FnMut(&mut Self, &Tree) -> Option<T>,
    ) -> IndexMap<String, T> {
        let mut entries = IndexMap::default();
        for (key, value) in self.entries(tree, what) {
            if let Some(entry) = read(self, value) {
                entries.insert(key.text.clone(), entry);
            }
        }
        entries
    }

    fn words(&mut self, tree: &Tree, what: &str) -> Vec<String> {
        match &tree.content {
            Content::Sequence(items) => items
                .iter()
                .filter_map(|item| self.text(item, what))
                .collect(),
            _ => self.text(tree, what).into_iter().collect(),
        }
    }

    fn map(&mut self, tree: &Tree, what: &str) -> Map {
        self.named(tree, what, |reader, value| Some(reader.node(value)))
    }

    fn parameter(&mut self, tree: &Tree) -> Option<Parameter> {
        const KEYS: [&str; 11] = [
            "Type",
            "Description",
            "Default",
            "AllowedValues",
            "AllowedPattern",
            "MinLength",
            "MaxLength",
            "MinValue",
            "MaxValue",
            "ConstraintDescription",
            "NoEcho",
        ];
        let mut parameter = Parameter::new(ParameterType::String);
        if tree.get("Type").is_none() {
            self.fail(tree.at, "a parameter needs a Type");
        }
        for (key, value) in self.entries(tree, "a parameter") {
            match key.text.as_str() {
                "Type" => match self
                    .text(value, "Type")
                    .map(|name| (ParameterType::parse(&name), name))
                {
                    Some((Some(kind), _)) => parameter.kind = kind,
                    Some((None, name)) => {
                        self.fail(value.at, format!("`{name}` is no type of a parameter"));
                    }
                    None => {}
                },
                "Description" => parameter.description = self.text(value, "Description"),
                "Default" => parameter.default = Some(self.node(value)),
                "AllowedValues" => match self.node(value) {
                    Node::List(values) => parameter.allowed_values = values,
                    _ => self.fail(value.at, "AllowedValues must be a list"),
                },
                "AllowedPattern" => parameter.allowed_pattern = self.text(value, "AllowedPattern"),
                "MinLength" => parameter.min_length = self.integer(value),
                "MaxLength" => parameter.max_length = self.integer(value),
                "MinValue" => parameter.min_value = Some(self.node(value)),
                "MaxValue" => parameter.max_value = Some(self.node(value)),
                "ConstraintDescription" => {
                    parameter.constraint_description = self.text(value, "ConstraintDescription");
                }
                "NoEcho" => {
                    parameter.no_echo = matches!(self.node(value), Node::Bool(true))
                        || matches!(self.node(value), Node::String(text) if text == "true");
                }
                _ => self.unknown(key, "key of a parameter", &KEYS),
            }
        }
        Some(parameter)
    }

    fn integer(&mut self, tree: &Tree) -> Option<i64> {
        let number = self
            .text(tree, "a length")
            .and_then(|text| text.parse().ok());
        if number.is_none() {
            self.fail(tree.at, "a length must be a whole number");
        }
        number
    }

    fn resource(&mut self, tree: &Tree) -> Option<Resource> {
        const KEYS: [&str; 9] = [
            "Type",
            "Condition",
            "DependsOn",
            "CreationPolicy",
            "UpdatePolicy",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "Metadata",
            "Properties",
        ];
        let mut resource = Resource::new("");
        if tree.get("Type").is_none() {
            self.fail(tree.at, "a resource needs a Type");
        }
        for (key, value) in self.entries(tree, "a resource") {
            match key.text.as_str() {
                "Type" => resource.kind = self.text(value, "Type").unwrap_or_default(),
                "Condition" => resource.condition = self.text(value, "Condition"),
                "DependsOn" => resource.depends_on = self.words(value, "DependsOn"),
                "CreationPolicy" => resource.creation_policy = Some(self.node(value)),
                "UpdatePolicy" => resource.update_policy = Some(self.node(value)),
                "DeletionPolicy" => {
                    let name = self.text(value, "DeletionPolicy").unwrap_or_default();
                    resource.deletion_policy = DeletionPolicy::parse(&name);
                    if resource.deletion_policy.is_none() {
                        self.fail(value.at, format!("`{name}` is no DeletionPolicy"));
                    }
                }
                "UpdateReplacePolicy" => {
                    let name = self.text(value, "UpdateReplacePolicy").unwrap_or_default();
                    resource.update_replace_policy = UpdateReplacePolicy::parse(&name);
                    if resource.update_replace_policy.is_none() {
                        self.fail(value.at, format!("`{name}` is no UpdateReplacePolicy"));
                    }
                }
                "Metadata" => resource.metadata = self.map(value, "Metadata"),
                "Properties" => resource.properties = self.map(value, "Properties"),
                _ => self.unknown(key, "attribute of a resource", &KEYS),
            }
        }
        Some(resource)
    }

    fn output(&mut self, tree: &Tree) -> Option<TemplateOutput> {
        const KEYS: [&str; 4] = ["Description", "Condition", "Value", "Export"];
        let mut output = TemplateOutput {
            description: None,
            condition: None,
            value: Node::Null,
            export: None,
        };
        if tree.get("Value").is_none() {
            self.fail(tree.at, "an output needs a Value");
        }
        for (key, value) in self.entries(tree, "an output") {
            match key.text.as_str() {
                "Description" => output.description = self.text(value, "Description"),
                "Condition" => output.condition = self.text(value, "Condition"),
                "Value" => output.value = self.node(value),
                "Export" => match value.get("Name") {
                    Some(name) => output.export = Some(self.node(name)),
                    None => self.fail(value.at, "an export needs a Name"),
                },
                _ => self.unknown(key, "key of an output", &KEYS),
            }
        }
        Some(output)
    }

    fn node(&mut self, tree: &Tree) -> Node {
        let node = match &tree.content {
            Content::Scalar { text, plain: false } => Node::String(text.clone()),
            // A tag fixes the type of what it stands on: `!Ref 123` names something.
            Content::Scalar { text, .. } if tree.tag.is_some() => Node::String(text.clone()),
            Content::Scalar { text, plain: true } => match yaml::resolve(text) {
                Scalar::Null => Node::Null,
                Scalar::Bool(value) => Node::Bool(value),
                Scalar::Integer(value) => Node::Integer(value),
                Scalar::Float(value) => Node::Float(value),
                Scalar::String(text) => Node::String(text.to_owned()),
                Scalar::Ambiguous(text) => {
                    self.fail(
                        tree.at,
                        format!("`{text}` without quotes is a number of another base to CloudFormation; quote it"),
                    );
                    Node::String(text.to_owned())
                }
            },
            Content::Sequence(items) => {
                Node::List(items.iter().map(|item| self.node(item)).collect())
            }
            Content::Mapping(entries) => {
                let map: Map = entries
                    .iter()
                    .map(|(key, value)| (key.text.clone(), self.node(value)))
                    .collect();
                self.long_form(tree.at, map)
            }
        };
        match &tree.tag {
            None => node,
            Some(tag) => self.intrinsic(tree.at, tag, node),
        }
    }

    /// A map of the one key `Ref`, `Condition` with text, or `Fn::…` is a function.
    fn long_form(&mut self, at: Location, mut map: Map) -> Node {
        let name = match map.get_index(0) {
            Some((key, _)) if map.len() == 1 && key == "Ref" => "Ref".to_owned(),
            Some((key, Node::String(_))) if map.len() == 1 && key == "Condition" => key.clone(),
            Some((key, _)) if key.starts_with("Fn::") => {
                if map.len() > 1 {
                    self.fail(at, format!("`{key}` can't share its map with other keys"));
                    return Node::Map(map);
                }
                key["Fn::".len()..].to_owned()
            }
            _ => return Node::Map(map),
        };
        match map.shift_remove_index(0) {
            Some((_, argument)) => self.intrinsic(at, &name, argument),
            None => Node::Map(map),
        }
    }

    fn intrinsic(&mut self, at: Location, name: &str, argument: Node) -> Node {
        match Intrinsic::from_argument(name, argument) {
            Ok(intrinsic) => intrinsic.into(),
            Err(message) => {
                self.fail(at, message);
                Node::Null
            }
        }
    }
}
