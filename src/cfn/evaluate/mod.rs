//! Evaluating a template for given parameter values, as CloudFormation would.
//!
//! What isn't known offline (a resource's attribute, an export) stays a function in the result, so
//! that a caller sees exactly what depends on run time.

mod condition;

use super::sub::{Piece, pieces};
use super::{Evaluator, IndexMap, Intrinsic, Map, Node, ParameterType, Resource, Template};

/// A value after evaluation: left out, or a node in which only unknown functions remain.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// `AWS::NoValue`: the property is left out.
    Absent,
    /// The value.
    Value(Node),
}

impl Resolved {
    /// The value, unless it is left out.
    pub fn value(self) -> Option<Node> {
        match self {
            Resolved::Absent => None,
            Resolved::Value(node) => Some(node),
        }
    }
}

/// A template with given parameter values.
pub struct Evaluation<'a, E> {
    template: &'a Template,
    /// The parameters that have a value.
    parameters: IndexMap<&'a str, Node>,
    evaluator: &'a E,
}

impl<'a, E: Evaluator> Evaluation<'a, E> {
    /// The template with these parameter values, and its defaults for the others.
    ///
    /// # Errors
    /// Names of parameters that have neither a value nor a default.
    pub fn new(
        template: &'a Template,
        given: &IndexMap<String, String>,
        evaluator: &'a E,
    ) -> Result<Self, Vec<String>> {
        let mut parameters = IndexMap::default();
        let mut missing = Vec::new();
        for (name, parameter) in &template.parameters {
            let text = given
                .get(name)
                .cloned()
                .or_else(|| parameter.default.as_ref().and_then(Node::scalar_text));
            match text {
                Some(text) => {
                    parameters.insert(name.as_str(), typed(&parameter.kind, text));
                }
                None => missing.push(name.clone()),
            }
        }
        if missing.is_empty() {
            Ok(Evaluation {
                template,
                parameters,
                evaluator,
            })
        } else {
            Err(missing)
        }
    }

    /// The template with these parameter values alone. Any other parameter is open: it stays a
    /// reference, and differs from whatever literal a condition compares it with.
    pub fn open(
        template: &'a Template,
        given: &IndexMap<String, String>,
        evaluator: &'a E,
    ) -> Self {
        let parameters = given.iter().filter_map(|(name, text)| {
            let (name, parameter) = template.parameters.get_key_value(name)?;
            Some((name.as_str(), typed(&parameter.kind, text.clone())))
        });
        let parameters = parameters.collect();
        Evaluation {
            template,
            parameters,
            evaluator,
        }
    }

    /// The same with another value of one parameter. A name that the template lacks changes nothing.
    #[must_use]
    pub fn with(&self, name: &str, text: &str) -> Self {
        let mut parameters = self.parameters.clone();
        if let Some((name, parameter)) = self.template.parameters.get_key_value(name) {
            parameters.insert(name, typed(&parameter.kind, text.to_owned()));
        }
        Evaluation {
            template: self.template,
            parameters,
            evaluator: self.evaluator,
        }
    }

    /// Whether a resource is created.
    pub fn creates(&self, resource: &Resource) -> Option<bool> {
        match &resource.condition {
            Some(condition) => self.condition(condition),
            None => Some(true),
        }
    }

    /// The properties of a resource.
    pub fn properties(&self, resource: &Resource) -> Map {
        self.map(&resource.properties)
    }

    /// A map with its values evaluated, and those that are left out gone.
    pub fn map(&self, map: &Map) -> Map {
        let mut evaluated = Map::with_capacity_and_hasher(map.len(), Default::default());
        for (key, node) in map {
            if let Some(value) = self.node(node).value() {
                evaluated.insert(key.clone(), value);
            }
        }
        evaluated
    }

    /// A node, evaluated.
    pub fn node(&self, node: &Node) -> Resolved {
        Resolved::Value(match node {
            Node::List(items) => Node::List(
                items
                    .iter()
                    .filter_map(|item| self.node(item).value())
                    .collect(),
            ),
            Node::Map(map) => Node::Map(self.map(map)),
            Node::Intrinsic(intrinsic) => return self.intrinsic(intrinsic),
            scalar => scalar.clone(),
        })
    }

    fn intrinsic(&self, intrinsic: &Intrinsic) -> Resolved {
        let known = match intrinsic {
            Intrinsic::Ref(name) if name == "AWS::NoValue" => return Resolved::Absent,
            Intrinsic::Ref(name) => self.reference(name),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => self.evaluator.attribute(resource, attribute),
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => match self.condition(condition) {
                Some(true) => return self.node(then),
                Some(false) => return self.node(otherwise),
                None => None,
            },
            Intrinsic::Sub { text, variables } => self.sub(text, variables),
            Intrinsic::Join { delimiter, values } => self.join(delimiter, values),
            Intrinsic::Split { delimiter, source } => self
                .text(source)
                .map(|text| Node::List(text.split(delimiter.as_str()).map(Node::from).collect())),
            Intrinsic::Select { index, values } => self.select(index, values),
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
            } => self.find(mapping, top, second),
            Intrinsic::ImportValue(name) => self
                .text(name)
                .and_then(|name| self.evaluator.export(&name)),
            Intrinsic::Equals(..)
            | Intrinsic::And(_)
            | Intrinsic::Or(_)
            | Intrinsic::Not(_)
            | Intrinsic::Condition(_) => self.holds(intrinsic).map(Node::Bool),
            Intrinsic::Base64(_)
            | Intrinsic::Cidr { .. }
            | Intrinsic::GetAzs(_)
            | Intrinsic::Rule(..) => None,
        };
        Resolved::Value(known.unwrap_or_else(|| self.partly(intrinsic)))
    }

    /// The function with those of its parts evaluated that can be.
    fn partly(&self, intrinsic: &Intrinsic) -> Node {
        let part = |node: &Node| self.node(node).value().unwrap_or(Node::Null);
        let branch = |node: &Node| {
            let value = self.node(node).value();
            value.unwrap_or_else(|| Intrinsic::no_value().into())
        };
        match intrinsic {
            Intrinsic::Join { delimiter, values } => Intrinsic::Join {
                delimiter: delimiter.clone(),
                values: part(values),
            },
            Intrinsic::Split { delimiter, source } => Intrinsic::Split {
                delimiter: delimiter.clone(),
                source: part(source),
            },
            Intrinsic::Select { index, values } => Intrinsic::Select {
                index: part(index),
                values: part(values),
            },
            Intrinsic::If {
                condition,
                then,
                otherwise,
            } => Intrinsic::If {
                condition: condition.clone(),
                then: branch(then),
                otherwise: branch(otherwise),
            },
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
            } => Intrinsic::FindInMap {
                mapping: mapping.clone(),
                top: part(top),
                second: part(second),
            },
            Intrinsic::ImportValue(node) => Intrinsic::ImportValue(part(node)),
            Intrinsic::Base64(node) => Intrinsic::Base64(part(node)),
            Intrinsic::Sub { text, variables } => {
                let mut variables = self.map(variables);
                let text = self.inline(text, &mut variables);
                Intrinsic::Sub { text, variables }
            }
            other => other.clone(),
        }
        .into()
    }

    fn reference(&self, name: &str) -> Option<Node> {
        if let Some(value) = self.parameters.get(name) {
            return Some(value.clone());
        }
        if name.starts_with("AWS::") {
            return self.evaluator.pseudo(name);
        }
        if self.template.parameters.contains_key(name) {
            return None;
        }
        self.evaluator.resource(name)
    }

    fn variable(&self, name: &str) -> Option<String> {
        let node = match name.split_once('.') {
            Some((resource, attribute)) => self.evaluator.attribute(resource, attribute),
            None => self.reference(name),
        };
        node.as_ref().and_then(Node::scalar_text)
    }

    fn sub(&self, text: &str, variables: &Map) -> Option<Node> {
        let mut result = String::new();
        for piece in pieces(text).ok()? {
            match piece {
                Piece::Text(literal) => result.push_str(literal),
                Piece::Escaped(name) => result.push_str(&format!("${{{name}}}")),
                Piece::Variable(name) => match variables.get(name) {
                    Some(node) => result.push_str(&self.text(node)?),
                    None => result.push_str(&self.variable(name)?),
                },
            }
        }
        Some(Node::String(result))
    }

    /// `Fn::Sub` text in which every known variable is its value.
    fn inline(&self, text: &str, variables: &mut Map) -> String {
        let Ok(pieces) = pieces(text) else {
            return text.to_owned();
        };
        let mut result = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(literal) => result.push_str(literal),
                Piece::Escaped(name) => result.push_str(&format!("${{!{name}}}")),
                Piece::Variable(name) => {
                    let known = match variables.get(name) {
                        Some(node) => node.scalar_text(),
                        None => self.variable(name),
                    };
                    match known {
                        Some(value) => {
                            variables.shift_remove(name);
                            result.push_str(&value.replace("${", "${!"));
                        }
                        None => result.push_str(&format!("${{{name}}}")),
                    }
                }
            }
        }
        result
    }

    fn text(&self, node: &Node) -> Option<String> {
        self.node(node).value().as_ref().and_then(Node::scalar_text)
    }

    fn join(&self, delimiter: &str, values: &Node) -> Option<Node> {
        let Some(Node::List(items)) = self.node(values).value() else {
            return None;
        };
        let texts: Option<Vec<String>> = items.iter().map(Node::scalar_text).collect();
        texts.map(|texts| Node::String(texts.join(delimiter)))
    }

    fn select(&self, index: &Node, values: &Node) -> Option<Node> {
        let index: usize = self.text(index)?.parse().ok()?;
        match self.node(values).value()? {
            Node::List(mut items) if index < items.len() => Some(items.swap_remove(index)),
            _ => None,
        }
    }

    fn find(&self, mapping: &str, top: &Node, second: &Node) -> Option<Node> {
        let (top, second) = (self.text(top)?, self.text(second)?);
        self.template
            .mappings
            .get(mapping)?
            .get(&top)?
            .get(&second)
            .cloned()
    }
}

/// A parameter value as its type makes it: lists are cut at commas, and their items trimmed.
fn typed(kind: &ParameterType, text: String) -> Node {
    match kind {
        ParameterType::CommaDelimitedList | ParameterType::NumberList => Node::List(
            text.split(',')
                .map(|item| Node::from(item.trim()))
                .collect(),
        ),
        ParameterType::Aws(name) if name.starts_with("List<") => Node::List(
            text.split(',')
                .map(|item| Node::from(item.trim()))
                .collect(),
        ),
        ParameterType::Number => number(&text).unwrap_or(Node::String(text)),
        _ => Node::String(text),
    }
}

/// A number as CloudFormation puts it where a parameter of that type is referred to.
fn number(text: &str) -> Option<Node> {
    match text.parse() {
        Ok(whole) => Some(Node::Integer(whole)),
        Err(_) => text.parse().ok().map(Node::Float),
    }
}
