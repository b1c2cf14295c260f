//! Values as Rust: literals and objects of the generated types, functions of handles.
//!
//! What the types can't express is a `json!` document in `untyped`: nothing is dropped.

use super::expression::{Expression, as_value, custom_attribute, text};
use super::place::Place;
use super::scope::{Scope, Target};
use codegen::{Kind, object_setter, offered, variant};
use compute_catalog::cfn::{Intrinsic, Map, Node, Piece, pieces};

impl Scope {
    /// A value where a property of this kind is set.
    pub fn value(&self, node: &Node, kind: &Kind, place: Place<'_>) -> String {
        self.typed(node, kind, place).unwrap_or_else(|| match kind {
            Kind::Json => self.policy(node).unwrap_or_else(|| self.document(node)),
            _ => format!("untyped({})", self.document(node)),
        })
    }

    fn typed(&self, node: &Node, kind: &Kind, place: Place<'_>) -> Option<String> {
        if let Node::Intrinsic(function) = node {
            let rust = place.rust(kind);
            if let Intrinsic::If {
                condition,
                then,
                otherwise,
            } = function.as_ref()
            {
                let then = self.branch(then, kind, place)?;
                let otherwise = self.branch(otherwise, kind, place)?;
                let condition = self.condition_name(condition);
                return Some(format!(
                    "if_else::<{rust}>(&{condition}, {then}, {otherwise})"
                ));
            }
            return Some(self.function(function).of_kind(&rust));
        }
        match kind {
            Kind::Text => Some(self.literal(&node.scalar_text()?)),
            Kind::Integer => {
                let number: i64 = node.scalar_text()?.parse().ok()?;
                Some(match i32::try_from(number) {
                    Ok(number) => number.to_string(),
                    Err(_) => format!("{number}i64"),
                })
            }
            Kind::Number => {
                let number: f64 = node.scalar_text()?.parse().ok()?;
                Some(format!("{number:?}"))
            }
            Kind::Boolean => match node.scalar_text()?.as_str() {
                "true" => Some("true".to_owned()),
                "false" => Some("false".to_owned()),
                _ => None,
            },
            Kind::Json => None,
            Kind::Choice(key) => {
                let value = node.as_str()?;
                let values = place.shape.choices.get(key)?;
                let found = offered(values)
                    .into_iter()
                    .find(|offered| *offered == value)?;
                Some(format!("{}::{}", place.rust(kind), variant(found)))
            }
            Kind::List(inner, _) => self.list(node.as_list()?, inner, place),
            Kind::Map(inner) => {
                let map = node.as_map().filter(|map| !map.is_empty())?;
                let values: Vec<&Node> = map.values().collect();
                let items = self.items(&values, inner, place)?;
                let entries = map.keys().zip(items);
                let entries: Vec<String> = entries
                    .map(|(key, value)| format!("({key:?}, {value})"))
                    .collect();
                Some(format!("[{}]", entries.join(", ")))
            }
            Kind::Object(key) => self.object(node.as_map()?, key, place),
        }
    }

    /// A branch of `Fn::If`, whose type the function names.
    fn branch(&self, node: &Node, kind: &Kind, place: Place<'_>) -> Option<String> {
        self.typed(node, kind, place)
            .or_else(|| Some(format!("untyped({})", self.document(node))))
    }

    fn list(&self, items: &[Node], inner: &Kind, place: Place<'_>) -> Option<String> {
        if items.is_empty() {
            return Some(format!("Vec::<Value<{}>>::new()", place.rust(inner)));
        }
        let items: Vec<&Node> = items.iter().collect();
        let items = self.items(&items, inner, place)?;
        Some(format!("[{}]", items.join(", ")))
    }

    /// Values that stand in one array, and so are of one Rust type.
    fn items(&self, items: &[&Node], inner: &Kind, place: Place<'_>) -> Option<Vec<String>> {
        let written: Option<Vec<String>> = items
            .iter()
            .map(|item| self.typed(item, inner, place))
            .collect();
        let written = match inner {
            Kind::Json => items.iter().map(|item| self.document(item)).collect(),
            _ => written?,
        };
        let is_function = |item: &&Node| matches!(item, Node::Intrinsic(_));
        let is_plain = !items.iter().any(is_function) && !matches!(inner, Kind::Json)
            // Texts of files and lists within lists would not be alike.
            && !matches!(inner, Kind::List(..) | Kind::Map(_));
        if is_plain {
            return Some(written);
        }
        let rust = place.rust(inner);
        Some(
            written
                .into_iter()
                .map(|code| as_value(code, &rust))
                .collect(),
        )
    }

    fn object(&self, map: &Map, key: &str, place: Place<'_>) -> Option<String> {
        let properties = place.shape.objects.get(key)?;
        let is_known = |name: &String| {
            let mut settable = properties.iter().filter(|property| !property.read_only);
            settable.any(|property| property.name == *name)
        };
        if !map.keys().all(is_known) {
            return None;
        }
        let mut arguments = Vec::new();
        for property in properties.iter().filter(|property| property.is_argument()) {
            let value = map.get(&property.name)?;
            let value = self.within(&property.name, || self.value(value, &property.kind, place));
            arguments.push(value);
        }
        let name = place.rust(&Kind::Object(key.to_owned()));
        let mut code = format!("{name}::new({})", arguments.join(", "));
        for (name, value) in map {
            let property = properties.iter().find(|property| property.name == *name)?;
            if !property.is_argument() {
                let value = self.within(name, || self.value(value, &property.kind, place));
                code.push_str(&format!(".{}({value})", object_setter(name)));
            }
        }
        Some(code)
    }

    /// Text, whatever function yields it.
    pub fn text(&self, node: &Node) -> String {
        match node {
            Node::Intrinsic(function) => self.function(function).of_kind("String"),
            other => match other.scalar_text() {
                Some(literal) => self.literal(&literal),
                None => format!("untyped({})", self.document(other)),
            },
        }
    }

    /// Text where nothing says which type is wanted: none where it is another.
    fn as_text(&self, node: &Node) -> Option<String> {
        match node {
            Node::String(value) => Some(self.literal(value)),
            Node::Intrinsic(function) => {
                let expression = self.function(function);
                matches!(expression.kind.as_deref(), None | Some("String"))
                    .then(|| expression.of_kind("String"))
            }
            _ => None,
        }
    }

    /// A value where no type says which it is.
    pub fn any(&self, node: &Node) -> String {
        match node {
            Node::String(value) => as_value(self.literal(value), "String"),
            Node::Bool(value) => format!("Value::<bool>::from({value})"),
            Node::Integer(value) if i32::try_from(*value).is_ok() => {
                format!("Value::<i64>::from({value})")
            }
            Node::Intrinsic(function) => {
                let Expression { code, kind } = self.function(function);
                match kind {
                    Some(kind) => as_value(code, &kind),
                    None => "Value::<String>::no_value()".to_owned(),
                }
            }
            other => format!("Value::<Json>::from({})", self.document(other)),
        }
    }

    fn texts(&self, node: &Node) -> String {
        match node {
            Node::List(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| as_value(self.text(item), "String"))
                    .collect();
                format!("[{}]", items.join(", "))
            }
            Node::Intrinsic(function) => self.function(function).of_kind("List<String>"),
            other => format!("untyped({})", self.document(other)),
        }
    }

    /// A function, as the type that it yields by itself.
    pub fn function(&self, function: &Intrinsic) -> Expression {
        let string = |code: String| Expression::new(code, "String");
        let list = |code: String| Expression::new(code, "List<String>");
        match function {
            Intrinsic::Ref(name) => self.reference(name),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => self.attribute(resource, attribute),
            Intrinsic::Sub { text, variables } => string(self.sub(text, variables)),
            Intrinsic::Join { delimiter, values } => {
                if let Some(text) = self.joined(delimiter, values) {
                    return string(self.sub(&text, &Map::default()));
                }
                string(format!("join({}, {})", text(delimiter), self.texts(values)))
            }
            Intrinsic::Split { delimiter, source } => {
                list(format!("split({}, {})", text(delimiter), self.text(source)))
            }
            Intrinsic::Select { index, values } => match index.scalar_text() {
                Some(index) if index.parse::<u32>().is_ok() => {
                    string(format!("select::<String>({index}, {})", self.texts(values)))
                }
                _ => self.by_name(function),
            },
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.condition_name(condition);
                if let (Some(then), Some(otherwise)) = (self.as_text(then), self.as_text(otherwise))
                {
                    return string(format!(
                        "if_else::<String>(&{condition}, {then}, {otherwise})"
                    ));
                }
                let (then, otherwise) = (self.document(then), self.document(otherwise));
                Expression::new(
                    format!("if_else::<Json>(&{condition}, {then}, {otherwise})"),
                    "Json",
                )
            }
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
                default: None,
            } if mapping.as_str().is_some() => {
                let (name, kind) = self.mapping(mapping.as_str().unwrap_or_default());
                let (top, second) = (self.text(top), self.text(second));
                Expression::new(format!("find_in_map(&{name}, {top}, {second})"), kind)
            }
            Intrinsic::ImportValue(name) => string(format!("import_value({})", self.text(name))),
            Intrinsic::Base64(source) => string(format!("base64({})", self.text(source))),
            Intrinsic::GetAzs(region) => list(format!("get_azs({})", self.text(region))),
            Intrinsic::Cidr { block, count, bits } => list(format!(
                "cidr({}, {}, {})",
                self.text(block),
                self.text(count),
                self.text(bits)
            )),
            other => self.by_name(other),
        }
    }

    /// A function that has no Rust function of its own.
    fn by_name(&self, function: &Intrinsic) -> Expression {
        let argument = match function.to_long_form() {
            Node::Map(map) => map.into_values().next(),
            _ => None,
        };
        let argument = self.document(&argument.unwrap_or(Node::Null));
        Expression::new(
            format!("function::<Json>({:?}, {argument})", function.name()),
            "Json",
        )
    }

    /// A function that a model can't say: the import stops, and tells of it.
    fn refused(&self, what: String) -> Expression {
        self.note(what);
        Expression::new("json!(null)", "Json")
    }

    fn reference(&self, name: &str) -> Expression {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return match pseudo {
                "NoValue" => Expression {
                    code: String::new(),
                    kind: None,
                },
                "NotificationARNs" => {
                    Expression::new("pseudo::notification_arns()", "List<String>")
                }
                _ => Expression::new(format!("pseudo::{}()", codegen::snake(pseudo)), "String"),
            };
        }
        match self.target(name) {
            Some(Target::Parameter { variable, kind }) => {
                Expression::new(format!("&{variable}"), kind)
            }
            Some(Target::Resource { variable, .. }) => {
                Expression::new(format!("{variable}.reference()"), "String")
            }
            None => self.refused(format!("a reference to `{name}`, which isn't there")),
        }
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Expression {
        match self.target(resource) {
            Some(Target::Resource {
                variable,
                attributes: Some(attributes),
                by_constant,
                rust: kind,
            }) => {
                let found = attributes.iter().find(|known| known.name == attribute);
                if let Some(known) = found {
                    let code = match by_constant {
                        _ if !known.is_named => format!(
                            "{variable}.attribute(&CustomAttribute::<{kind}, {}>::new({attribute:?}))",
                            known.rust
                        ),
                        true => format!(
                            "{variable}.attribute(&{kind}::{})",
                            codegen::attribute_constant(attribute)
                        ),
                        false => format!("{variable}.{}()", codegen::snake(attribute)),
                    };
                    return Expression::new(code, &known.rust);
                }
                let open = attributes.iter().find_map(|known| {
                    let prefix = known.name.strip_suffix(".*")?;
                    let rest = attribute.strip_prefix(prefix)?.strip_prefix('.')?;
                    Some((prefix, rest, &known.rust))
                });
                match open {
                    Some((.., rust)) if *by_constant => Expression::new(
                        format!(
                            "{variable}.attribute(&CustomAttribute::<{kind}, {rust}>::new({attribute:?}))"
                        ),
                        rust,
                    ),
                    Some((prefix, rest, rust)) => Expression::new(
                        format!("{variable}.{}({rest:?})", codegen::snake(prefix)),
                        rust,
                    ),
                    None => {
                        self.tell(format!(
                            "AWS's schema has no attribute `{attribute}` of `{resource}`: it is declared in the model"
                        ));
                        Expression::new(custom_attribute(variable, kind, attribute), "String")
                    }
                }
            }
            Some(Target::Resource {
                variable,
                rust: kind,
                ..
            }) => Expression::new(custom_attribute(variable, kind, attribute), "String"),
            _ => self.refused(format!(
                "an attribute of `{resource}`, which is no resource"
            )),
        }
    }

    /// What is joined of texts and references, as the one text that it is.
    fn joined(&self, delimiter: &str, values: &Node) -> Option<String> {
        let part = |node: &Node| match node {
            Node::Intrinsic(function) => match function.as_ref() {
                Intrinsic::Ref(name) => match self.target(name) {
                    Some(Target::Parameter { kind, .. }) if *kind != "String" => None,
                    None if !name.starts_with("AWS::") || is_no_text(name) => None,
                    _ => Some(format!("${{{name}}}")),
                },
                Intrinsic::GetAtt {
                    resource,
                    attribute,
                } => Some(format!("${{{resource}.{attribute}}}")),
                _ => None,
            },
            literal => literal.scalar_text().filter(|text| !text.contains("${")),
        };
        let parts: Option<Vec<String>> = values.as_list()?.iter().map(part).collect();
        let parts = parts.filter(|_| !delimiter.contains("${"))?;
        let text = parts.join(delimiter);
        // A `$` that a literal ends with would take the brace of the next.
        (!text.contains("$${") && text.contains("${")).then_some(text)
    }

    fn sub(&self, source: &str, variables: &Map) -> String {
        let mut code = format!("Sub::new({})", self.literal(source));
        let Ok(found) = pieces(source) else {
            return code;
        };
        let mut bound: Vec<&str> = Vec::new();
        for piece in found {
            let Piece::Variable(name) = piece else {
                continue;
            };
            if name.starts_with("AWS::") || bound.contains(&name) {
                continue;
            }
            bound.push(name);
            let value = match variables.get(name) {
                Some(value) => self.text(value),
                None => match name.split_once('.') {
                    Some((resource, attribute)) => {
                        self.attribute(resource, attribute).of_kind("String")
                    }
                    None => self.reference(name).of_kind("String"),
                },
            };
            code.push_str(&format!(".with::<String>({name:?}, {value})"));
        }
        code
    }
}

/// Pseudo parameters that are no text.
fn is_no_text(name: &str) -> bool {
    ["AWS::NoValue", "AWS::NotificationARNs"].contains(&name)
}
