//! Writes the Rust types of a service: a property bag for each resource type and object, with
//! a typed setter for each property; an enum for each enumeration; a method of the resource's
//! handle for each attribute.

use super::name::{camel, snake, variant};
use super::service::{Definition, Service, offered};
use super::shape::{Kind, OnChange, Property, Shape};
use super::{HEADER, REFERENCE, used};

/// From so many arguments on, clippy asks for a reason.
const MANY_ARGUMENTS: usize = 8;

/// Methods that all resource types have; a setter of the same name is called `…_property`.
const TAKEN: [&str; 16] = [
    "bare",
    "condition",
    "creation_policy",
    "deletion_policy",
    "depends_on",
    "init",
    "into_resource",
    "metadata",
    "new",
    "resource_mut",
    "suppress",
    "suppress_cfn_lint",
    "update_policy",
    "update_replace_policy",
    "with",
    "default",
];

/// Where the code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In this library: attributes are methods of the handles.
    Library,
    /// In an organisation's repository: nobody but the library can give its handles methods, so an
    /// attribute is a constant of the type, for `handle.attribute(&Table::ARN)`.
    Organization,
}

/// The constant that stands for an attribute in an organisation's repository.
pub fn attribute_constant(attribute: &str) -> String {
    snake(attribute)
        .trim_start_matches("r#")
        .to_ascii_uppercase()
}

/// The source of the service's module, before formatting.
pub fn write(service: &Service, home: Home) -> String {
    let mut body = String::new();
    for shape in &service.shapes {
        resource(service, shape, home, &mut body);
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
    let mut names = vec!["Json", "List", "MapOf", "Node", "Properties", "Value"];
    names.insert(
        0,
        match home {
            Home::Library => "Handle",
            Home::Organization => "CustomAttribute",
        },
    );
    let core = used(&names, &body);
    out.push_str(&format!("use crate::cfn::{{{core}}};\n\n"));
    if !used(&["Literal"], &body).is_empty() {
        out.push_str("use super::Literal;\n\n");
    }
    out.push_str(&body);
    out
}

fn resource(service: &Service, shape: &Shape, home: Home, out: &mut String) {
    let name = camel(shape.resource());
    let type_name = &shape.type_name;
    let page = format!(
        "{REFERENCE}/aws-resource-{}-{}.html",
        service.module(),
        shape.resource().to_ascii_lowercase()
    );
    let doc = format!("`{type_name}`.\n<{page}>");
    out.push_str("crate::resource_type! {\n");
    for line in doc.lines() {
        out.push_str(&format!("    /// {line}\n"));
    }
    out.push_str(&format!("    pub struct {name} = {type_name:?};\n}}\n\n"));
    let required = setters(
        service,
        shape,
        &name,
        &Bag::RESOURCE,
        &shape.properties,
        out,
    );
    if !required {
        out.push_str(&format!(
            "impl Default for {name} {{ fn default() -> Self {{ Self::new() }} }}\n\n"
        ));
    }
    if home == Home::Organization {
        constants(service, shape, &name, out);
    } else if !shape.attributes.is_empty() {
        out.push_str(&format!("impl Handle<{name}> {{\n"));
        let named = shape.attributes.iter();
        for (attribute, kind) in named.filter(|(attribute, _)| shape.is_named(attribute)) {
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
}

/// The attributes as constants; one whose name is open is declared where it is read.
fn constants(service: &Service, shape: &Shape, name: &str, out: &mut String) {
    let named = shape.attributes.iter();
    let named: Vec<_> = named
        .filter(|(attribute, _)| !attribute.ends_with(".*") && shape.is_named(attribute))
        .collect();
    if named.is_empty() {
        return;
    }
    out.push_str(&format!("impl {name} {{\n"));
    for (attribute, kind) in named {
        out.push_str(&format!(
            "/// `Fn::GetAtt` `{attribute}`.
            pub const {}: CustomAttribute<{name}, {}> = CustomAttribute::new({attribute:?});\n",
            attribute_constant(attribute),
            rust(service, shape, kind)
        ));
    }
    out.push_str("}\n\n");
}

/// The setter of a resource's property.
pub fn resource_setter(property: &str) -> String {
    setter(property, Bag::RESOURCE.taken)
}

/// The setter of an object's property.
pub fn object_setter(property: &str) -> String {
    setter(property, Bag::OBJECT.taken)
}

fn setter(property: &str, taken: &[&str]) -> String {
    let setter = snake(property);
    match taken.contains(&setter.as_str()) {
        true => format!("{setter}_property"),
        false => setter,
    }
}

/// What a setter is written with.
struct Bag {
    /// What makes one without properties.
    empty: &'static str,
    /// What stands before and after the call of `with`.
    around: (&'static str, &'static str),
    /// Names that are taken.
    taken: &'static [&'static str],
}

impl Bag {
    const RESOURCE: Bag = Bag {
        empty: "Self::bare()",
        around: ("self", ""),
        taken: &TAKEN,
    };
    const OBJECT: Bag = Bag {
        empty: "Properties::new()",
        around: ("Self(self.0", ")"),
        taken: &["new", "into_node"],
    };
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
    let default = if properties.iter().any(Property::is_argument) {
        ""
    } else {
        ", Default"
    };
    comment(&doc, out);
    out.push_str(&format!(
        "#[derive(Clone, Debug{default}, PartialEq)]
        #[must_use]
        pub struct {name}(Properties);\n\n"
    ));
    setters(service, shape, name, &Bag::OBJECT, properties, out);
    out.push_str(&format!(
        "impl Literal for {name} {{
            fn into_node(self) -> Node {{ Node::Map(self.0.into_map()) }}
        }}\n\n"
    ));
}

/// `new` with the required properties, and a setter for each property. Whether any is required.
fn setters(
    service: &Service,
    shape: &Shape,
    name: &str,
    bag: &Bag,
    properties: &[Property],
    out: &mut String,
) -> bool {
    let required: Vec<&Property> = properties
        .iter()
        .filter(|property| property.is_argument())
        .collect();
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
    out.push_str(&format!("impl {name} {{\n"));
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
    let made = match bag.around.1 {
        "" => format!("{}{sets}", bag.empty),
        _ => format!("Self({}{sets})", bag.empty),
    };
    out.push_str(&format!(
        "pub fn new({}) -> Self {{ {made} }}\n",
        arguments.join(", ")
    ));
    let (before, after) = bag.around;
    for property in properties.iter().filter(|property| !property.read_only) {
        out.push('\n');
        comment(&format!("`{}`{}.", property.name, notes(property)), out);
        let setter = setter(&property.name, bag.taken);
        out.push_str(&format!(
            "pub fn {setter}(self, value: impl Into<Value<{}>>) -> Self {{
                {before}.with({:?}, value.into()){after}
            }}\n",
            rust(service, shape, &property.kind),
            property.name
        ));
    }
    out.push_str("}\n\n");
    !required.is_empty()
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

fn rust(service: &Service, shape: &Shape, kind: &Kind) -> String {
    value_type(kind, &|key| service.name_of(shape, key).to_owned())
}

/// The `T` of the `Value<T>` that a property of this kind takes; `named` says what the type of an
/// object or a choice is called where the code stands.
pub fn value_type(kind: &Kind, named: &dyn Fn(&str) -> String) -> String {
    match kind {
        Kind::Text => "String".to_owned(),
        Kind::Integer => "i64".to_owned(),
        Kind::Number => "f64".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Json => "Json".to_owned(),
        Kind::List(inner, _) => format!("List<{}>", value_type(inner, named)),
        Kind::Map(inner) => format!("MapOf<{}>", value_type(inner, named)),
        Kind::Object(key) | Kind::Choice(key) => named(key),
    }
}

fn comment(text: &str, out: &mut String) {
    for line in text.lines() {
        out.push_str(&format!("/// {line}\n"));
    }
}
