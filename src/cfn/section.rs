//! The sections of a template as they are written down, and what stands in each.

use super::part::Part;
use super::{Map, Node, Parameter, Resource, Template, TemplateOutput, Transform};
use serde_json::Value as Json;

/// Names a part, where there is one.
type Named<'t> = Option<(&'static str, Part<'t>)>;

impl Template {
    /// The sections that there are, in the order of [`Template::SECTIONS`].
    pub(super) fn sections(&self) -> Vec<(&str, Part<'_>)> {
        let version = Part::text("2010-09-09");
        let resources = Part::each(&self.resources, Resource::part);
        let mappings = Part::each(&self.mappings, |rows| Part::each(rows, Part::Map));
        named([
            Some(("AWSTemplateFormatVersion", version)),
            text("Description", &self.description),
            some("Metadata", &self.metadata),
            unless_empty("Parameters", Part::each(&self.parameters, Parameter::part)),
            some("Rules", &self.rules),
            unless_empty("Mappings", mappings),
            some("Conditions", &self.conditions),
            transforms(&self.transform),
            Some(("Resources", resources)),
            unless_empty("Outputs", Part::each(&self.outputs, TemplateOutput::part)),
        ])
    }

    /// The template as JSON, functions in their long form.
    pub fn to_json(&self) -> Json {
        let sections = self.sections().into_iter();
        let section = |(name, part): (&str, Part<'_>)| (name.to_owned(), part.to_json());
        Json::Object(sections.map(section).collect())
    }
}

impl Parameter {
    fn part(&self) -> Part<'_> {
        let allowed = &self.allowed_values;
        Part::Entries(named([
            Some(("Type", Part::Text(self.kind.to_string().into()))),
            text("Description", &self.description),
            node("Default", &self.default),
            (!allowed.is_empty()).then_some(("AllowedValues", Part::Nodes(allowed))),
            text("AllowedPattern", &self.allowed_pattern),
            integer("MinLength", self.min_length),
            integer("MaxLength", self.max_length),
            node("MinValue", &self.min_value),
            node("MaxValue", &self.max_value),
            text("ConstraintDescription", &self.constraint_description),
            self.no_echo.then_some(("NoEcho", Part::Bool(true))),
        ]))
    }
}

impl Resource {
    fn part(&self) -> Part<'_> {
        let deletion = self.deletion_policy.map(|policy| policy.to_string());
        let replace = self.update_replace_policy.map(|policy| policy.to_string());
        let policy = |text: String| Part::Text(text.into());
        Part::Entries(named([
            Some(("Type", Part::text(&self.kind))),
            text("Condition", &self.condition),
            node("Version", &self.version),
            text("Description", &self.description),
            some_text("DependsOn", &self.depends_on),
            node("CreationPolicy", &self.creation_policy),
            node("UpdatePolicy", &self.update_policy),
            deletion.map(|text| ("DeletionPolicy", policy(text))),
            replace.map(|text| ("UpdateReplacePolicy", policy(text))),
            self.computed("DeletionPolicy"),
            self.computed("UpdateReplacePolicy"),
            some("Metadata", &self.metadata),
            some("Properties", &self.properties),
        ]))
    }

    fn computed(&self, name: &'static str) -> Named<'_> {
        let node = self.computed.get(name)?;
        Some((name, Part::Node(node)))
    }
}

impl TemplateOutput {
    fn part(&self) -> Part<'_> {
        let export = |name| Part::Entries(vec![("Name", Part::Node(name))]);
        Part::Entries(named([
            text("Description", &self.description),
            text("Condition", &self.condition),
            Some(("Value", Part::Node(&self.value))),
            self.export.as_ref().map(|name| ("Export", export(name))),
        ]))
    }
}

/// Those parts that are there.
fn named<'t, const N: usize>(parts: [Named<'t>; N]) -> Vec<(&'t str, Part<'t>)> {
    parts.into_iter().flatten().collect()
}

fn text<'t>(name: &'static str, text: &'t Option<String>) -> Named<'t> {
    text.as_deref().map(|text| (name, Part::text(text)))
}

/// One text by itself, several as a list.
fn some_text<'t>(name: &'static str, texts: &'t [String]) -> Named<'t> {
    let part = match texts {
        [] => return None,
        [one] => Part::text(one),
        many => Part::Items(many.iter().map(|text| Part::text(text)).collect()),
    };
    Some((name, part))
}

/// The macros: by name alone where they are given nothing.
fn transforms(transforms: &[Transform]) -> Named<'_> {
    fn part(transform: &Transform) -> Part<'_> {
        let name = Part::text(&transform.name);
        match transform.parameters.is_empty() {
            true => name,
            false => Part::Entries(vec![
                ("Name", name),
                ("Parameters", Part::Map(&transform.parameters)),
            ]),
        }
    }
    let part = match transforms {
        [] => return None,
        [one] => part(one),
        many => Part::Items(many.iter().map(part).collect()),
    };
    Some(("Transform", part))
}

fn integer<'t>(name: &'static str, value: Option<i64>) -> Named<'t> {
    value.map(|value| (name, Part::Integer(value)))
}

fn node<'t>(name: &'static str, node: &'t Option<Node>) -> Named<'t> {
    node.as_ref().map(|node| (name, Part::Node(node)))
}

fn some<'t>(name: &'static str, map: &'t Map) -> Named<'t> {
    (!map.is_empty()).then_some((name, Part::Map(map)))
}

fn unless_empty<'t>(name: &'static str, part: Part<'t>) -> Named<'t> {
    let is_empty = matches!(&part, Part::Entries(entries) if entries.is_empty());
    (!is_empty).then_some((name, part))
}
