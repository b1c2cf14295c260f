//! The template as YAML: sections in order, short tags, blocks for scripts.

use super::{IndexMap, Map, Node, Parameter, Resource, Template, TemplateOutput};
use crate::yaml::{self, Text, WriteError};
use serde::{Serialize, Serializer};
use serde_saphyr::Tagged;
use std::collections::BTreeMap;

/// What the first line of a generated file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Where the file comes from.
    pub source: &'a str,
    /// The command that makes it.
    pub command: &'a str,
}

/// The template as a YAML document.
///
/// # Errors
/// Text that no YAML scalar can hold.
pub fn write(template: &Template, header: Option<&Header<'_>>) -> Result<String, WriteError> {
    let map = template.to_map();
    let mut text = match header {
        Some(Header { source, command }) => {
            format!("# Generated from {source} by `{command}`. Do not edit.\n")
        }
        None => String::new(),
    };
    for (index, (section, body)) in map.iter().enumerate() {
        // A blank line before each section, and before each resource, as a person would write.
        if index > 0 {
            text.push('\n');
        }
        match body {
            Node::Map(entries) if section == "Resources" => {
                text.push_str("Resources:\n");
                for (position, (id, resource)) in entries.iter().enumerate() {
                    if position > 0 {
                        text.push('\n');
                    }
                    let entry = yaml::to_string(&entry(id, resource))?;
                    indent(&entry, &mut text);
                }
            }
            _ => text.push_str(&yaml::to_string(&entry(section, body))?),
        }
    }
    Ok(text)
}

fn indent(block: &str, text: &mut String) {
    for line in block.lines() {
        if !line.is_empty() {
            text.push_str("  ");
            text.push_str(line);
        }
        text.push('\n');
    }
}

/// A node on its way into YAML: functions as short tags.
struct AsYaml<'a>(&'a Node);

impl Serialize for AsYaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::String(text) => Text(text).serialize(serializer),
            Node::List(items) => serializer.collect_seq(items.iter().map(AsYaml)),
            Node::Map(map) => {
                serializer.collect_map(map.iter().map(|(key, value)| (key, AsYaml(value))))
            }
            Node::Intrinsic(intrinsic) => {
                let argument = match intrinsic.argument() {
                    // YAML takes one tag a node: a function that is the whole argument of another
                    // is written in long form.
                    Node::Intrinsic(inner) => inner.to_long_form(),
                    argument => argument,
                };
                let tag = format!("!{}", intrinsic.name());
                Tagged(AsYaml(&argument), Some(tag)).serialize(serializer)
            }
        }
    }
}

/// A map of one key.
fn entry<'a>(key: &'a str, value: &'a Node) -> BTreeMap<&'a str, AsYaml<'a>> {
    BTreeMap::from([(key, AsYaml(value))])
}

impl Template {
    /// The template as one map, sections in the order of [`Template::SECTIONS`].
    pub fn to_map(&self) -> Map {
        let mut map = Map::default();
        map.insert("AWSTemplateFormatVersion".to_owned(), "2010-09-09".into());
        if let Some(description) = &self.description {
            map.insert("Description".to_owned(), description.as_str().into());
        }
        let mut section = |name: &str, body: Map| {
            if !body.is_empty() {
                map.insert(name.to_owned(), Node::Map(body));
            }
        };
        section("Metadata", self.metadata.clone());
        section("Parameters", each(&self.parameters, parameter));
        section("Rules", self.rules.clone());
        section(
            "Mappings",
            each(&self.mappings, |rows| {
                each(rows, |row| row.clone().into()).into()
            }),
        );
        section("Conditions", self.conditions.clone());
        if !self.transform.is_empty() {
            let names = self.transform.iter().map(|name| Node::from(name.as_str()));
            let node = match names.len() {
                1 => names.collect::<Vec<_>>().remove(0),
                _ => Node::List(names.collect()),
            };
            map.insert("Transform".to_owned(), node);
        }
        map.insert(
            "Resources".to_owned(),
            Node::Map(each(&self.resources, resource)),
        );
        let outputs = each(&self.outputs, output);
        if !outputs.is_empty() {
            map.insert("Outputs".to_owned(), Node::Map(outputs));
        }
        map
    }
}

fn each<T>(entries: &IndexMap<String, T>, to_node: impl Fn(&T) -> Node) -> Map {
    entries
        .iter()
        .map(|(name, entry)| (name.clone(), to_node(entry)))
        .collect()
}

fn parameter(parameter: &Parameter) -> Node {
    let mut map = Map::default();
    let mut put = |key: &str, node: Option<Node>| {
        if let Some(node) = node {
            map.insert(key.to_owned(), node);
        }
    };
    let text = |text: &Option<String>| text.as_deref().map(Node::from);
    put("Type", Some(Node::String(parameter.kind.to_string())));
    put("Description", text(&parameter.description));
    put("Default", parameter.default.clone());
    let allowed = &parameter.allowed_values;
    put(
        "AllowedValues",
        (!allowed.is_empty()).then(|| Node::List(allowed.clone())),
    );
    put("AllowedPattern", text(&parameter.allowed_pattern));
    put("MinLength", parameter.min_length.map(Node::Integer));
    put("MaxLength", parameter.max_length.map(Node::Integer));
    put("MinValue", parameter.min_value.clone());
    put("MaxValue", parameter.max_value.clone());
    put(
        "ConstraintDescription",
        text(&parameter.constraint_description),
    );
    put("NoEcho", parameter.no_echo.then_some(Node::Bool(true)));
    Node::Map(map)
}

fn resource(resource: &Resource) -> Node {
    let mut map = Map::default();
    map.insert("Type".to_owned(), resource.kind.as_str().into());
    let mut put = |key: &str, node: Option<Node>| {
        if let Some(node) = node {
            map.insert(key.to_owned(), node);
        }
    };
    put("Condition", resource.condition.as_deref().map(Node::from));
    put(
        "DependsOn",
        match resource.depends_on.as_slice() {
            [] => None,
            [one] => Some(one.as_str().into()),
            many => Some(Node::List(
                many.iter().map(|id| id.as_str().into()).collect(),
            )),
        },
    );
    put("CreationPolicy", resource.creation_policy.clone());
    put("UpdatePolicy", resource.update_policy.clone());
    put(
        "DeletionPolicy",
        resource
            .deletion_policy
            .map(|policy| policy.to_string().into()),
    );
    put(
        "UpdateReplacePolicy",
        resource
            .update_replace_policy
            .map(|policy| policy.to_string().into()),
    );
    let non_empty = |map: &Map| (!map.is_empty()).then(|| Node::Map(map.clone()));
    put("Metadata", non_empty(&resource.metadata));
    put("Properties", non_empty(&resource.properties));
    Node::Map(map)
}

fn output(output: &TemplateOutput) -> Node {
    let mut map = Map::default();
    if let Some(description) = &output.description {
        map.insert("Description".to_owned(), description.as_str().into());
    }
    if let Some(condition) = &output.condition {
        map.insert("Condition".to_owned(), condition.as_str().into());
    }
    map.insert("Value".to_owned(), output.value.clone());
    if let Some(name) = &output.export {
        let export: Map = [("Name".to_owned(), name.clone())].into_iter().collect();
        map.insert("Export".to_owned(), Node::Map(export));
    }
    Node::Map(map)
}
