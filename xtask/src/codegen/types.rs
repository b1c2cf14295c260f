//! Writes the Rust types of a service: a property bag for each resource type and object, with
//! a typed setter for each property; an enum for each enumeration; a method of the resource's
//! handle for each attribute.

use super::name::{camel, snake, variant};
use super::service::{Definition, Service, offered};
use super::shape::{Kind, OnChange, Property, Shape};
use super::{HEADER, REFERENCE, used};
use crate::vendor::Error;

/// From so many arguments on, clippy asks for a reason.
const MANY_ARGUMENTS: usize = 8;

/// Methods of the trait that all resource types share; a setter would hide them.
const TAKEN: [&str; 8] = [
    "condition",
    "creation_policy",
    "declare",
    "deletion_policy",
    "depends_on",
    "init",
    "into_properties",
    "metadata",
];

/// The source of the service's module, before formatting.
///
/// # Errors
/// A property whose setter would hide a method that all resources have.
pub fn write(service: &Service) -> Result<String, Error> {
    let mut body = String::new();
    for shape in &service.shapes {
        resource(service, shape, &mut body)?;
    }
    for (name, (shape, key, definition)) in service.definitions() {
        match definition {
            Definition::Object(properties) => {
                object(service, shape, name, key, properties, &mut body);
            }
            Definition::Choice(values) => choice(shape, name, key, values, &mut body),
        }
    }
    let what = "properties, objects, enumerations and attributes";
    let mut out = format!(
        "{HEADER}//!\n//! The `AWS::{}` resource types: {what}.\n\n",
        service.name
    );
    let core = used(
        &[
            "Handle",
            "Json",
            "List",
            "MapOf",
            "Node",
            "Properties",
            "ResourceType",
            "Value",
        ],
        &body,
    );
    out.push_str(&format!("use crate::cfn::{{{core}}};\n\n"));
    if !used(&["Literal"], &body).is_empty() {
        out.push_str("use super::Literal;\n\n");
    }
    out.push_str(&body);
    Ok(out)
}

fn resource(service: &Service, shape: &Shape, out: &mut String) -> Result<(), Error> {
    let name = camel(shape.resource());
    let type_name = &shape.type_name;
    for property in &shape.properties {
        if TAKEN.contains(&snake(&property.name).as_str()) {
            return Err(Error::new(format!(
                "{type_name} has a property {}, whose setter would hide a method of every resource",
                property.name
            )));
        }
    }
    let page = format!(
        "{REFERENCE}/aws-resource-{}-{}.html",
        service.module(),
        shape.resource().to_ascii_lowercase()
    );
    let doc = format!("`{type_name}`.\n<{page}>");
    bag(service, shape, &name, &doc, &shape.properties, out);
    out.push_str(&format!(
        "impl ResourceType for {name} {{
            const TYPE: &'static str = {type_name:?};
            fn into_properties(self) -> Properties {{ self.0 }}
        }}\n\n"
    ));
    if !shape.attributes.is_empty() {
        out.push_str(&format!("impl Handle<{name}> {{\n"));
        for (attribute, kind) in &shape.attributes {
            let kind = rust(service, shape, kind);
            match attribute.strip_suffix(".*") {
                None => out.push_str(&format!(
                    "/// `Fn::GetAtt` `{attribute}`.
                    pub fn {}(&self) -> Value<{kind}> {{ self.get_att({attribute:?}) }}\n",
                    snake(attribute)
                )),
                Some(prefix) => out.push_str(&format!(
                    "/// `Fn::GetAtt` `{prefix}.` and a name.
                    pub fn {}(&self, name: &str) -> Value<{kind}> {{
                        self.get_att(&format!(\"{prefix}.{{name}}\"))
                    }}\n",
                    snake(prefix)
                )),
            }
        }
        out.push_str("}\n\n");
    }
    Ok(())
}

fn object(
    service: &Service,
    shape: &Shape,
    name: &str,
    key: &str,
    properties: &[Property],
    out: &mut String,
) {
    let last = key.rsplit('.').next().unwrap_or(key);
    let page = format!(
        "{REFERENCE}/aws-properties-{}-{}-{}.html",
        service.module(),
        shape.resource().to_ascii_lowercase(),
        last.to_ascii_lowercase()
    );
    let doc = format!("`{last}` of `{}`.\n<{page}>", shape.type_name);
    bag(service, shape, name, &doc, properties, out);
    out.push_str(&format!(
        "impl Literal for {name} {{
            fn into_node(self) -> Node {{ Node::Map(self.0.into_map()) }}
        }}\n\n"
    ));
}

/// A property bag: the struct, `new` with the required properties, and a setter for each.
fn bag(
    service: &Service,
    shape: &Shape,
    name: &str,
    doc: &str,
    properties: &[Property],
    out: &mut String,
) {
    let settable = || properties.iter().filter(|property| !property.read_only);
    let required: Vec<&Property> = settable().filter(|property| property.required).collect();
    let default = if required.is_empty() { ", Default" } else { "" };
    comment(doc, out);
    out.push_str(&format!(
        "#[derive(Clone, Debug{default}, PartialEq)]
        #[must_use]
        pub struct {name}(Properties);

        impl {name} {{\n"
    ));
    let arguments: Vec<String> = required
        .iter()
        .map(|property| {
            format!(
                "{}: impl Into<Value<{}>>",
                snake(&property.name),
                rust(service, shape, &property.kind)
            )
        })
        .collect();
    let sets: String = required
        .iter()
        .map(|property| {
            format!(
                ".with({:?}, {}.into())",
                property.name,
                snake(&property.name)
            )
        })
        .collect();
    out.push_str(if required.is_empty() {
        "/// Without properties: none is required.\n"
    } else {
        "/// With the required properties.\n"
    });
    if required.len() >= MANY_ARGUMENTS {
        out.push_str(
            "#[allow(clippy::too_many_arguments, reason = \"AWS requires that many properties\")]\n",
        );
    }
    out.push_str(&format!(
        "pub fn new({}) -> Self {{ Self(Properties::new(){sets}) }}\n",
        arguments.join(", ")
    ));
    for property in settable() {
        out.push('\n');
        comment(&format!("`{}`{}.", property.name, notes(property)), out);
        out.push_str(&format!(
            "pub fn {}(self, value: impl Into<Value<{}>>) -> Self {{
                Self(self.0.with({:?}, value.into()))
            }}\n",
            snake(&property.name),
            rust(service, shape, &property.kind),
            property.name
        ));
    }
    out.push_str("}\n\n");
}

fn choice(shape: &Shape, name: &str, key: &str, values: &[String], out: &mut String) {
    comment(
        &format!("A value of `{key}` of `{}`.", shape.type_name),
        out,
    );
    out.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n");
    out.push_str(&format!("pub enum {name} {{\n"));
    for value in offered(values) {
        out.push_str(&format!("/// `{value}`\n{},\n", variant(value)));
    }
    out.push_str("}\n\n");
    out.push_str(&format!(
        "impl Literal for {name} {{ fn into_node(self) -> Node {{ match self {{\n"
    ));
    for value in offered(values) {
        out.push_str(&format!("Self::{} => {value:?},\n", variant(value)));
    }
    out.push_str("}.into() } }\n\n");
}

/// What a reader of a setter must know beyond its type.
fn notes(property: &Property) -> String {
    let mut notes = Vec::new();
    match property.on_change {
        Some(OnChange::MayReplace) => {
            notes.push("conditionally create-only: a change may replace the resource");
        }
        Some(OnChange::Replaces) => notes.push("create-only: a change replaces the resource"),
        Some(OnChange::Fails) => notes.push("immutable: an update that changes it fails"),
        None => {}
    }
    if property.write_only {
        notes.push("write-only: AWS never returns it");
    }
    if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join("; "))
    }
}

/// The `T` of the `Value<T>` that a property of this kind takes.
fn rust(service: &Service, shape: &Shape, kind: &Kind) -> String {
    match kind {
        Kind::Text => "String".to_owned(),
        Kind::Integer => "i64".to_owned(),
        Kind::Number => "f64".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Json => "Json".to_owned(),
        Kind::List(inner, _) => format!("List<{}>", rust(service, shape, inner)),
        Kind::Map(inner) => format!("MapOf<{}>", rust(service, shape, inner)),
        Kind::Object(key) | Kind::Choice(key) => service.name_of(shape, key).to_owned(),
    }
}

fn comment(text: &str, out: &mut String) {
    for line in text.lines() {
        out.push_str(&format!("/// {line}\n"));
    }
}
