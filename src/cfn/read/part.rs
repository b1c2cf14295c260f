//! Parameters, resources and outputs: what has keys of its own.

use super::Reader;
use crate::cfn::{
    DeletionPolicy, Node, Parameter, ParameterType, Path, Resource, TemplateOutput,
    UpdateReplacePolicy,
};
use crate::yaml::{Content, Tree};

impl Reader {
    pub(super) fn parameter(&mut self, tree: &Tree) -> Option<Parameter> {
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
                    Node::List(values) if values.is_empty() => {
                        self.fail(
                            value.at,
                            "no value is allowed: name one, or leave the key out",
                        );
                    }
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

    pub(super) fn resource(&mut self, tree: &Tree) -> Option<Resource> {
        const KEYS: [&str; 11] = [
            "Type",
            "Condition",
            "Description",
            "Version",
            "DependsOn",
            "CreationPolicy",
            "UpdatePolicy",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "Metadata",
            "Properties",
        ];
        let mut resource = Resource::new("");
        if tree.get("Type").is_none() && tree.get("Fn::Transform").is_none() {
            self.fail(tree.at, "a resource needs a Type");
        }
        for (key, value) in self.entries(tree, "a resource") {
            match key.text.as_str() {
                "Type" => resource.kind = self.text(value, "Type").unwrap_or_default(),
                "Condition" => resource.condition = self.text(value, "Condition"),
                "Description" => resource.description = self.text(value, "Description"),
                "Version" => resource.version = Some(self.node(value)),
                "Fn::Transform" => self.open.push(Path::of(["Resources"])),
                "DependsOn" => resource.depends_on = self.words(value, "DependsOn"),
                "CreationPolicy" => resource.creation_policy = Some(self.node(value)),
                "UpdatePolicy" => resource.update_policy = Some(self.node(value)),
                "DeletionPolicy" | "UpdateReplacePolicy" if is_function(value) => {
                    let node = self.node(value);
                    if node.as_intrinsic().is_none() {
                        let message =
                            format!("`{}` is text, or a function that gives it", key.text);
                        self.fail(value.at, message);
                    }
                    resource.computed.insert(key.text.clone(), node);
                }
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
                _ if self.has_macro => self.open.push(Path::of(["Resources"])),
                _ => self.unknown(key, "attribute of a resource", &KEYS),
            }
        }
        Some(resource)
    }

    pub(super) fn output(&mut self, tree: &Tree) -> Option<TemplateOutput> {
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
}

/// Whether a value is a function rather than a text.
fn is_function(tree: &Tree) -> bool {
    tree.tag.is_some() || matches!(tree.content, Content::Mapping(_))
}
