//! The template as YAML: sections in order, short tags, blocks for scripts.

use super::part::Part;
use super::{Node, Template};
use crate::yaml::{WriteError, Writer};

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
    let mut yaml = Writer::new(match header {
        Some(Header { source, command }) => {
            format!("# Generated from {source} by `{command}`. Do not edit.\n")
        }
        None => String::new(),
    });
    for (index, (name, section)) in template.sections().iter().enumerate() {
        // A blank line before each section, and before each resource, as a person would write.
        if index > 0 {
            yaml.blank();
        }
        yaml.entry(name, |yaml| match section {
            Part::Entries(resources) if *name == "Resources" && !resources.is_empty() => {
                for (position, (id, resource)) in resources.iter().enumerate() {
                    if position > 0 {
                        yaml.blank();
                    }
                    yaml.entry(id, |yaml| part(yaml, resource))?;
                }
                Ok(())
            }
            _ => part(yaml, section),
        })?;
    }
    Ok(yaml.into_text())
}

fn part(yaml: &mut Writer, what: &Part<'_>) -> Result<(), WriteError> {
    match what {
        Part::Text(text) => yaml.text(text),
        Part::Bool(value) => plain(yaml, value),
        Part::Integer(value) => plain(yaml, value),
        Part::Node(value) => node(yaml, value),
        Part::Nodes(list) => items(yaml, list, node),
        Part::Map(map) => entries(yaml, map.iter(), node),
        Part::Items(list) => items(yaml, list, part),
        Part::Entries(map) => entries(yaml, map.iter().map(|(key, value)| (key, value)), part),
    }
}

fn node(yaml: &mut Writer, value: &Node) -> Result<(), WriteError> {
    match value {
        Node::Null => yaml.scalar(&()),
        Node::Bool(value) => plain(yaml, value),
        Node::Integer(value) => plain(yaml, value),
        Node::Float(value) => yaml.scalar(value),
        Node::String(text) => yaml.text(text),
        Node::List(list) => items(yaml, list, node),
        Node::Map(map) => entries(yaml, map.iter(), node),
        Node::Intrinsic(function) => {
            yaml.tag(function.name());
            match function.argument() {
                // YAML takes one tag a node: a function that is the whole argument of another
                // is written in long form.
                Part::Node(Node::Intrinsic(inner)) => yaml.entry(&inner.long_name(), |yaml| {
                    part(yaml, &inner.long_argument())
                }),
                argument => part(yaml, &argument),
            }
        }
    }
}

/// What is written in YAML as in Rust.
fn plain(yaml: &mut Writer, value: &impl ToString) -> Result<(), WriteError> {
    yaml.literal(&value.to_string());
    Ok(())
}

fn items<T>(
    yaml: &mut Writer,
    list: &[T],
    write: fn(&mut Writer, &T) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    if list.is_empty() {
        yaml.literal("[]");
    }
    list.iter()
        .try_for_each(|value| yaml.item(|yaml| write(yaml, value)))
}

fn entries<'m, K: AsRef<str> + 'm, T: 'm>(
    yaml: &mut Writer,
    map: impl ExactSizeIterator<Item = (K, &'m T)>,
    write: fn(&mut Writer, &T) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let mut map = map;
    if map.len() == 0 {
        yaml.literal("{}");
    }
    map.try_for_each(|(key, value)| yaml.entry(key.as_ref(), |yaml| write(yaml, value)))
}
