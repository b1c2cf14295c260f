//! Writes the facts of a service's resource types as static tables.

use serde_json::Value;

use super::name::camel;
use super::service::{Definition, Service};
use super::shape::{Kind, Path, Property, Shape};
use super::{HEADER, used};
use crate::vendored::IMMUTABLE;

/// The source of the service's facts, before formatting.
pub fn write(service: &Service) -> String {
    let mut body = String::new();
    for shape in &service.shapes {
        resource(service, shape, &mut body);
    }
    for (name, (shape, key, definition)) in service.definitions() {
        if let Definition::Object(properties) = definition {
            let last = key.rsplit('.').next().unwrap_or(key);
            body.push_str(&format!(
                "static {}: Object = Object {{ name: {last:?}, properties: {} }};\n\n",
                screaming(name),
                list(properties, service, shape)
            ));
        }
    }
    let vocabulary = used(
        &[
            "Attribute",
            "Kind",
            "Object",
            "Permissions",
            "Property",
            "Tagging",
            "TypeFacts",
        ],
        &body,
    );
    format!(
        "{HEADER}//!\n//! Facts about the `AWS::{}` resource types, for checks and comparisons.\n\n\
         use crate::resource::fact::{{{vocabulary}}};\n\n{body}",
        service.name
    )
}

/// The name of the static with the facts of `shape`.
pub fn static_name(shape: &Shape) -> String {
    format!("AWS_{}", screaming(&camel(shape.resource())))
}

fn resource(service: &Service, shape: &Shape, out: &mut String) {
    let paths = |keyword: &str| {
        let paths = shape.paths.get(keyword).map_or(&[][..], Vec::as_slice);
        let mut paths: Vec<&Path> = paths.iter().collect();
        // The order of a primary identifier means something, that of the others nothing.
        if keyword != "primaryIdentifier" {
            paths.sort();
            paths.dedup();
        }
        let paths: Vec<String> = paths.iter().map(|path| format!("&{path:?}")).collect();
        format!("&[{}]", paths.join(", "))
    };
    let attributes: Vec<String> = shape
        .attributes
        .iter()
        .map(|(name, kind)| {
            format!(
                "Attribute {{ name: {name:?}, kind: {} }}",
                value(kind, service, shape)
            )
        })
        .collect();
    let permissions: String = ["create", "read", "update", "delete", "list"]
        .iter()
        .map(|handler| {
            let listed = &shape.schema["handlers"][handler]["permissions"];
            format!("{handler}: {}, ", texts(listed))
        })
        .collect();
    out.push_str(&format!(
        "pub(super) static {}: TypeFacts = TypeFacts {{
            name: {:?},
            properties: {},
            create_only: {},
            conditional_create_only: {},
            immutable: {},
            read_only: {},
            write_only: {},
            primary_identifier: {},
            attributes: &[{}],
            permissions: Permissions {{ {permissions} }},
            tagging: {},
        }};\n\n",
        static_name(shape),
        shape.type_name,
        list(&shape.properties, service, shape),
        paths("createOnlyProperties"),
        paths("conditionalCreateOnlyProperties"),
        paths(IMMUTABLE),
        paths("readOnlyProperties"),
        paths("writeOnlyProperties"),
        paths("primaryIdentifier"),
        attributes.join(", "),
        tagging(&shape.schema["tagging"]),
    ));
}

fn list(properties: &[Property], service: &Service, shape: &Shape) -> String {
    let entries: Vec<String> = properties
        .iter()
        .filter(|property| !property.read_only)
        .map(|property| {
            format!(
                "Property {{ name: {:?}, kind: {}, required: {} }}",
                property.name,
                value(&property.kind, service, shape),
                property.required
            )
        })
        .collect();
    format!("&[{}]", entries.join(", "))
}

fn value(kind: &Kind, service: &Service, shape: &Shape) -> String {
    match kind {
        Kind::Text => "Kind::Text".to_owned(),
        Kind::Integer => "Kind::Integer".to_owned(),
        Kind::Number => "Kind::Number".to_owned(),
        Kind::Boolean => "Kind::Boolean".to_owned(),
        Kind::Json => "Kind::Json".to_owned(),
        Kind::Choice(key) => {
            let values = shape.choices.get(key).map_or(&[][..], Vec::as_slice);
            format!("Kind::Choice(&{values:?})")
        }
        Kind::List(inner, ordered) => format!(
            "Kind::List {{ items: &{}, ordered: {ordered} }}",
            value(inner, service, shape)
        ),
        Kind::Map(inner) => format!("Kind::Map(&{})", value(inner, service, shape)),
        Kind::Object(key) => {
            format!("Kind::Object(&{})", screaming(service.name_of(shape, key)))
        }
    }
}

fn tagging(tagging: &Value) -> String {
    let flag = |name: &str| tagging[name].as_bool().unwrap_or(false);
    let property = tagging["tagProperty"]
        .as_str()
        .map(|pointer| pointer.trim_start_matches("/properties/"));
    let property = if flag("taggable") { property } else { None };
    format!(
        "Tagging {{ property: {property:?}, on_create: {}, updatable: {}, system_tags: {}, permissions: {} }}",
        flag("tagOnCreate"),
        flag("tagUpdatable"),
        flag("cloudFormationSystemTags"),
        texts(&tagging["permissions"])
    )
}

fn texts(value: &Value) -> String {
    let texts: Vec<&str> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    format!("&{texts:?}")
}

fn screaming(name: &str) -> String {
    super::name::snake(name)
        .trim_start_matches("r#")
        .to_ascii_uppercase()
}
