//! Evaluating a template for given parameter values, as CloudFormation would.
//!
//! What isn't known offline (a resource's attribute, an export) stays a function in the result, so
//! that a caller sees exactly what depends on run time.

mod condition;
mod value;

use super::sub::{Piece, pieces};
use super::{Evaluator, IndexMap, Intrinsic, Map, Node, Resource, Template};
use std::cell::{Cell, RefCell};
use value::{typed, weight};

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
    /// What is known of conditions so far, each looked at once. While one is looked at, nothing is
    /// known of it: so a circle comes to an end.
    held: RefCell<IndexMap<&'a str, Option<bool>>>,
    /// How many conditions are looked at just now, each for the one before.
    asking: Cell<usize>,
    /// How many bytes values may still become: a short file can stand for a text of any length.
    room: Cell<usize>,
}

/// At most so many bytes are made of one template for one set of parameters. What would be longer
/// stays a function; CloudFormation's own limit for a template is a quarter of it.
const ROOM: usize = 4 << 20;

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
            Ok(Evaluation::with_parameters(template, parameters, evaluator))
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
            // What is given names the value in Parameter Store; it isn't the value.
            let is_looked_up = parameter
                .kind
                .to_string()
                .starts_with("AWS::SSM::Parameter::Value<");
            (!is_looked_up).then(|| (name.as_str(), typed(&parameter.kind, text.clone())))
        });
        Evaluation::with_parameters(template, parameters.collect(), evaluator)
    }

    fn with_parameters(
        template: &'a Template,
        parameters: IndexMap<&'a str, Node>,
        evaluator: &'a E,
    ) -> Self {
        Evaluation {
            template,
            parameters,
            evaluator,
            held: RefCell::default(),
            asking: Cell::default(),
            room: Cell::new(ROOM),
        }
    }

    /// About how many bytes values have become.
    pub fn spent(&self) -> usize {
        ROOM - self.room.get()
    }

    /// The value, where there is room for so many bytes.
    fn kept(&self, bytes: usize, value: impl FnOnce() -> Node) -> Option<Node> {
        let left = self.room.get().checked_sub(bytes)?;
        self.room.set(left);
        Some(value())
    }

    /// The same with another value of one parameter. A name that the template lacks changes nothing.
    #[must_use]
    pub fn with(&self, name: &str, text: &str) -> Self {
        let mut parameters = self.parameters.clone();
        if let Some((name, parameter)) = self.template.parameters.get_key_value(name) {
            parameters.insert(name, typed(&parameter.kind, text.to_owned()));
        }
        Evaluation::with_parameters(self.template, parameters, self.evaluator)
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
                default,
            } => match (self.find(mapping, top, second), default) {
                (Found::Value(node), _) => Some(node),
                (Found::Nothing, Some(default)) => return self.node(default),
                (Found::Nothing | Found::Unknown, _) => None,
            },
            Intrinsic::Length(list) => match self.node(list).value() {
                Some(Node::List(items)) => i64::try_from(items.len()).ok().map(Node::Integer),
                _ => None,
            },
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
            | Intrinsic::ToJsonString(_)
            | Intrinsic::GetStackOutput(_)
            | Intrinsic::Transform(_)
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
                default,
            } => Intrinsic::FindInMap {
                mapping: part(mapping),
                top: part(top),
                second: part(second),
                default: default.as_ref().map(branch),
            },
            Intrinsic::Length(node) => Intrinsic::Length(part(node)),
            Intrinsic::ToJsonString(node) => Intrinsic::ToJsonString(part(node)),
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
            return self.kept(weight(value), || value.clone());
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
            if result.len() > self.room.get() {
                return None;
            }
        }
        self.kept(result.len(), || Node::String(result))
    }

    /// `Fn::Sub` text in which every known variable is its value.
    fn inline(&self, text: &str, variables: &mut Map) -> String {
        let Ok(pieces) = pieces(text) else {
            return text.to_owned();
        };
        let mut result = String::new();
        for piece in pieces {
            if result.len() > self.room.get() {
                return text.to_owned();
            }
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
        let texts = texts?;
        let bytes = texts.iter().map(|text| text.len() + delimiter.len()).sum();
        self.kept(bytes, || Node::String(texts.join(delimiter)))
    }

    fn select(&self, index: &Node, values: &Node) -> Option<Node> {
        let index: usize = self.text(index)?.parse().ok()?;
        match self.node(values).value()? {
            Node::List(mut items) if index < items.len() => Some(items.swap_remove(index)),
            _ => None,
        }
    }

    fn find(&self, mapping: &Node, top: &Node, second: &Node) -> Found {
        let keys = [mapping, top, second].map(|key| self.text(key));
        let [Some(mapping), Some(top), Some(second)] = keys else {
            return Found::Unknown;
        };
        let rows = self.template.mappings.get(&mapping);
        let row = rows.and_then(|rows| rows.get(&top));
        match row.and_then(|row| row.get(&second)) {
            Some(node) => self
                .kept(weight(node), || node.clone())
                .map_or(Found::Unknown, Found::Value),
            None => Found::Nothing,
        }
    }
}

/// What stands in a mapping.
enum Found {
    Value(Node),
    /// There is no such key.
    Nothing,
    /// The keys aren't known.
    Unknown,
}
