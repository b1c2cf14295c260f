//! JSON documents with references in them: policies, patterns of events, state machines, the input
//! of a schedule.

use super::{
    Handle, IndexMap, Intrinsic, Json, List, Map, Node, Number, ParameterHandle, Piece, Sub, Value,
};

/// A JSON document, made by [`json!`](crate::json).
///
/// Where a property takes JSON it stands as it is. Where one takes text, such as the `Input` of
/// `AWS::Scheduler::Schedule`, it is written as text, by `Fn::Sub` where anything refers. What a
/// reference yields isn't escaped there, so that it can't hold quotation marks, backslashes or line
/// ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Part);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// A value, whose functions yield text.
    Node(Node),
    /// A function that yields a number or a truth value: no quotation marks around it in text.
    Bare(Node),
    List(Vec<Part>),
    Object(IndexMap<String, Part>),
}

/// What can stand in a [`Document`].
pub trait IntoDocument {
    /// The part of the document.
    fn into_document(self) -> Document;
}

impl Document {
    /// The object of these members.
    pub fn object<const N: usize>(members: [(&str, Document); N]) -> Document {
        let members = members.into_iter();
        let members = members.map(|(name, part)| (name.to_owned(), part.0));
        Document(Part::Object(members.collect()))
    }

    /// The array of these items.
    pub fn array(items: impl IntoIterator<Item = Document>) -> Document {
        Document(Part::List(items.into_iter().map(|part| part.0).collect()))
    }

    /// `null`.
    pub fn null() -> Document {
        Document(Part::Node(Node::Null))
    }

    fn into_text(self) -> Value<String> {
        let mut text = Text::default();
        text.add(&self.0);
        if !text.refers {
            return Value::from(self.0.into_node().to_json().to_string());
        }
        let function = Intrinsic::Sub {
            text: text.text,
            variables: text.variables,
        };
        Value::from_node(function.into())
    }
}

impl Part {
    fn into_node(self) -> Node {
        match self {
            Part::Node(node) | Part::Bare(node) => node,
            Part::List(items) => Node::List(items.into_iter().map(Part::into_node).collect()),
            Part::Object(members) => {
                let members = members.into_iter();
                Node::Map(
                    members
                        .map(|(name, part)| (name, part.into_node()))
                        .collect(),
                )
            }
        }
    }
}

/// A document on its way to the text of `Fn::Sub`.
#[derive(Default)]
struct Text {
    text: String,
    variables: Map,
    refers: bool,
}

impl Text {
    fn add(&mut self, part: &Part) {
        match part {
            Part::List(items) => self.list(items, Text::add),
            Part::Object(members) => self.object(members, Text::add),
            Part::Bare(Node::Intrinsic(function)) => self.function(function),
            Part::Node(node) | Part::Bare(node) => self.node(node),
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::List(items) => self.list(items, Text::node),
            Node::Map(map) => self.object(map, Text::node),
            Node::Intrinsic(function) => {
                self.text.push('"');
                self.function(function);
                self.text.push('"');
            }
            Node::String(text) => self.quoted(text),
            literal => self.text.push_str(&literal.to_json().to_string()),
        }
    }

    fn list<T>(&mut self, items: &[T], add: fn(&mut Text, &T)) {
        self.text.push('[');
        for (index, item) in items.iter().enumerate() {
            self.comma(index);
            add(self, item);
        }
        self.text.push(']');
    }

    fn object<T>(&mut self, members: &IndexMap<String, T>, add: fn(&mut Text, &T)) {
        self.text.push('{');
        for (index, (name, value)) in members.iter().enumerate() {
            self.comma(index);
            self.quoted(name);
            self.text.push(':');
            add(self, value);
        }
        self.text.push('}');
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        self.literal(text);
        self.text.push('"');
    }

    /// Text within quotation marks, of which neither JSON nor `Fn::Sub` reads anything.
    fn literal(&mut self, text: &str) {
        let quoted = serde_json::Value::from(text).to_string();
        let inside = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        self.text.push_str(&inside.replace("${", "${!"));
    }

    fn variable(&mut self, name: &str) {
        self.text.extend(["${", name, "}"]);
    }

    fn function(&mut self, function: &Intrinsic) {
        self.refers = true;
        match function {
            Intrinsic::Ref(name) => self.variable(name),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => self.variable(&format!("{resource}.{attribute}")),
            Intrinsic::Sub { text, variables } => match super::pieces(text) {
                Ok(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Text(text) => self.literal(text),
                            Piece::Escaped(name) => self.text.extend(["${!", name, "}"]),
                            Piece::Variable(name) => match variables.get(name) {
                                Some(value) => self.bound(value.clone()),
                                None => self.variable(name),
                            },
                        }
                    }
                }
                // It stays visible, and the builder refuses it.
                Err(_) => self.bound(function.clone().into()),
            },
            other => self.bound(other.clone().into()),
        }
    }

    fn bound(&mut self, value: Node) {
        let name = format!("value{}", self.variables.len() + 1);
        self.variable(&name);
        self.variables.insert(name, value);
    }
}

/// A value whose type nobody checks: what the generated types can't express, or a function that
/// yields another type than the property takes.
pub fn untyped<T>(document: impl IntoDocument) -> Value<T> {
    Value::from_node(document.into_document().into())
}

/// A function for which there is no Rust function, by its short name, such as `Length`. Where it is
/// none, or takes another argument, it stays as it is written, for whoever reads the template.
pub fn function<T>(name: &str, argument: impl IntoDocument) -> Value<T> {
    let argument = Node::from(argument.into_document());
    Value::from_node(match Intrinsic::from_argument(name, argument.clone()) {
        Ok(function) => function.into(),
        Err(_) => Node::Map([(format!("Fn::{name}"), argument)].into_iter().collect()),
    })
}

impl From<Document> for Value<Json> {
    fn from(document: Document) -> Self {
        Value::from_node(document.0.into_node())
    }
}

impl From<Document> for Value<String> {
    fn from(document: Document) -> Self {
        document.into_text()
    }
}

impl From<Document> for Node {
    fn from(document: Document) -> Self {
        document.0.into_node()
    }
}

impl IntoDocument for Document {
    fn into_document(self) -> Document {
        self
    }
}

impl<D: IntoDocument + Clone> IntoDocument for &D {
    fn into_document(self) -> Document {
        self.clone().into_document()
    }
}

impl<R> IntoDocument for Handle<R> {
    fn into_document(self) -> Document {
        self.reference().into_document()
    }
}

impl<T> IntoDocument for Value<List<T>> {
    fn into_document(self) -> Document {
        Document(Part::Node(self.into_node()))
    }
}

impl<D: IntoDocument> IntoDocument for Vec<D> {
    fn into_document(self) -> Document {
        Document::array(self.into_iter().map(D::into_document))
    }
}

impl<D: IntoDocument, const N: usize> IntoDocument for [D; N] {
    fn into_document(self) -> Document {
        Document::array(self.map(D::into_document))
    }
}

macro_rules! parts {
    ($($from:ty => $make:expr;)*) => {
        $(impl IntoDocument for $from {
            fn into_document(self) -> Document {
                let make: fn($from) -> Part = $make;
                Document(make(self))
            }
        })*
    };
}

parts! {
    &str => |text| Part::Node(text.into());
    String => |text| Part::Node(text.into());
    bool => |value| Part::Node(Node::Bool(value));
    i64 => |number| Part::Node(Node::Integer(number));
    i32 => |number| Part::Node(Node::Integer(number.into()));
    u16 => |number| Part::Node(Node::Integer(number.into()));
    u32 => |number| Part::Node(Node::Integer(number.into()));
    f64 => |number| Part::Node(Node::Float(number));
    serde_json::Value => |json| Part::Node(Node::from_json(&json));
    Sub => |sub| Part::Node(sub.into_intrinsic().into());
    Value<String> => |value| Part::Node(value.into_node());
    Value<Json> => |value| Part::Node(value.into_node());
    Value<bool> => |value| Part::Bare(value.into_node());
    Value<i64> => |value| Part::Bare(value.into_node());
    Value<f64> => |value| Part::Bare(value.into_node());
    ParameterHandle<String> => |handle| Part::Node(Value::<String>::from(&handle).into_node());
    ParameterHandle<Number> => |handle| Part::Bare(Value::<i64>::from(&handle).into_node());
    ParameterHandle<List<String>> => |handle| {
        Part::Node(Value::<List<String>>::from(&handle).into_node())
    };
}

/// A JSON document, written as JSON, whose values may be handles and functions.
///
/// ```
/// use cloudformation::cfn::{Builder, Json, ParameterDeclaration, Value, json, pseudo};
///
/// let mut template = Builder::new("a queue");
/// let dead = template.parameter("DeadLetters", ParameterDeclaration::string());
/// let tries = template.parameter("Tries", ParameterDeclaration::number());
/// let redrive = json!({"deadLetterTargetArn": &dead, "maxReceiveCount": &tries});
/// // Where the property is JSON, such as `RedrivePolicy`:
/// let _: Value<Json> = redrive.clone().into();
/// // Where it is text, such as the `Input` of a schedule:
/// let _: Value<String> = json!({"redrive": redrive, "in": pseudo::region(), "on": [1, 2]}).into();
/// ```
#[macro_export]
macro_rules! json {
    (null) => { $crate::cfn::Document::null() };
    ([ $($inside:tt)* ]) => { $crate::json!(@array [] $($inside)*) };
    ({ $($inside:tt)* }) => { $crate::json!(@object [] $($inside)*) };

    // Member by member; what is JSON and no Rust first.
    (@object [$($done:tt)*]) => { $crate::cfn::Document::object([$($done)*]) };
    (@object [$($done:tt)*] $name:tt : null $(, $($rest:tt)*)?) => {
        $crate::json!(@object [$($done)* ($name, $crate::json!(null)),] $($($rest)*)?)
    };
    (@object [$($done:tt)*] $name:tt : [$($inside:tt)*] $(, $($rest:tt)*)?) => {
        $crate::json!(@object [$($done)* ($name, $crate::json!([$($inside)*])),] $($($rest)*)?)
    };
    (@object [$($done:tt)*] $name:tt : {$($inside:tt)*} $(, $($rest:tt)*)?) => {
        $crate::json!(@object [$($done)* ($name, $crate::json!({$($inside)*})),] $($($rest)*)?)
    };
    (@object [$($done:tt)*] $name:tt : $value:expr $(, $($rest:tt)*)?) => {
        $crate::json!(@object [$($done)* ($name, $crate::json!($value)),] $($($rest)*)?)
    };

    (@array [$($done:tt)*]) => { $crate::cfn::Document::array([$($done)*]) };
    (@array [$($done:tt)*] null $(, $($rest:tt)*)?) => {
        $crate::json!(@array [$($done)* $crate::json!(null),] $($($rest)*)?)
    };
    (@array [$($done:tt)*] [$($inside:tt)*] $(, $($rest:tt)*)?) => {
        $crate::json!(@array [$($done)* $crate::json!([$($inside)*]),] $($($rest)*)?)
    };
    (@array [$($done:tt)*] {$($inside:tt)*} $(, $($rest:tt)*)?) => {
        $crate::json!(@array [$($done)* $crate::json!({$($inside)*}),] $($($rest)*)?)
    };
    (@array [$($done:tt)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::json!(@array [$($done)* $crate::json!($value),] $($($rest)*)?)
    };

    ($value:expr) => { $crate::cfn::IntoDocument::into_document($value) };
}
