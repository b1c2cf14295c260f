//! Typed values: a literal of `T`, or an intrinsic function that yields a `T`.

use super::{Intrinsic, Map, Node};
use std::fmt;
use std::marker::PhantomData;

/// A `T` that CloudFormation will have when it creates the resource: a literal, or a function
/// that yields one.
///
/// There is no way from text to a reference: those come from handles only.
pub struct Value<T> {
    node: Node,
    kind: PhantomData<fn() -> T>,
}

/// A list of `T`, as the type of a value.
pub enum List<T> {
    /// Never made; it carries the type of the items.
    #[doc(hidden)]
    Never(PhantomData<T>, std::convert::Infallible),
}

/// A map from text to `T`, as the type of a value.
pub enum MapOf<T> {
    /// Never made; it carries the type of the values.
    #[doc(hidden)]
    Never(PhantomData<T>, std::convert::Infallible),
}

/// Free-form JSON, as the type of a value: policy documents, lambda environments of macros.
pub enum Json {}

impl<T> Value<T> {
    /// The value that this node is. For code that makes new kinds of values; models use handles.
    pub fn from_node(node: Node) -> Value<T> {
        Value {
            node,
            kind: PhantomData,
        }
    }

    /// `!Ref AWS::NoValue`: the property is left out.
    pub fn no_value() -> Value<T> {
        Value::from_node(Intrinsic::no_value().into())
    }

    /// The untyped node.
    pub fn into_node(self) -> Node {
        self.node
    }

    /// The untyped node.
    pub fn node(&self) -> &Node {
        &self.node
    }
}

impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        Value::from_node(self.node.clone())
    }
}

impl<T> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<T> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T> From<&Value<T>> for Value<T> {
    fn from(value: &Value<T>) -> Value<T> {
        value.clone()
    }
}

impl From<&str> for Value<String> {
    fn from(text: &str) -> Self {
        Value::from_node(text.into())
    }
}

impl From<String> for Value<String> {
    fn from(text: String) -> Self {
        Value::from_node(text.into())
    }
}

impl From<&String> for Value<String> {
    fn from(text: &String) -> Self {
        Value::from_node(text.as_str().into())
    }
}

impl From<bool> for Value<bool> {
    fn from(value: bool) -> Self {
        Value::from_node(value.into())
    }
}

impl From<i64> for Value<i64> {
    fn from(value: i64) -> Self {
        Value::from_node(value.into())
    }
}

/// The type of a whole-number literal where nothing else decides: `.port(443)`.
impl From<i32> for Value<i64> {
    fn from(value: i32) -> Self {
        Value::from_node(i64::from(value).into())
    }
}

impl From<u32> for Value<i64> {
    fn from(value: u32) -> Self {
        Value::from_node(i64::from(value).into())
    }
}

impl From<f64> for Value<f64> {
    fn from(value: f64) -> Self {
        Value::from_node(Node::Float(value))
    }
}

impl From<Node> for Value<Json> {
    fn from(node: Node) -> Self {
        Value::from_node(node)
    }
}

impl From<&serde_json::Value> for Value<Json> {
    fn from(json: &serde_json::Value) -> Self {
        Value::from_node(Node::from_json(json))
    }
}

impl From<serde_json::Value> for Value<Json> {
    fn from(json: serde_json::Value) -> Self {
        Value::from_node(Node::from_json(&json))
    }
}

impl<T, V: Into<Value<T>>> From<Vec<V>> for Value<List<T>> {
    fn from(items: Vec<V>) -> Self {
        items.into_iter().collect()
    }
}

impl<T, V: Into<Value<T>>, const N: usize> From<[V; N]> for Value<List<T>> {
    fn from(items: [V; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T, V: Into<Value<T>>> FromIterator<V> for Value<List<T>> {
    fn from_iter<I: IntoIterator<Item = V>>(items: I) -> Self {
        let nodes = items
            .into_iter()
            .map(|item| item.into().into_node())
            .collect();
        Value::from_node(Node::List(nodes))
    }
}

impl<T, V: Into<Value<T>>, const N: usize> From<[(&str, V); N]> for Value<MapOf<T>> {
    fn from(entries: [(&str, V); N]) -> Self {
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}

impl<T, V: Into<Value<T>>> FromIterator<(String, V)> for Value<MapOf<T>> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        let map: Map = entries
            .into_iter()
            .map(|(key, value)| (key, value.into().into_node()))
            .collect();
        Value::from_node(Node::Map(map))
    }
}

/// `Fn::Join`.
pub fn join(delimiter: &str, values: impl Into<Value<List<String>>>) -> Value<String> {
    let values = values.into().into_node();
    Value::from_node(
        Intrinsic::Join {
            delimiter: delimiter.to_owned(),
            values,
        }
        .into(),
    )
}

/// `Fn::Split`.
pub fn split(delimiter: &str, source: impl Into<Value<String>>) -> Value<List<String>> {
    let source = source.into().into_node();
    Value::from_node(
        Intrinsic::Split {
            delimiter: delimiter.to_owned(),
            source,
        }
        .into(),
    )
}

/// `Fn::Select`: the item at a position from 0. CloudFormation fails where the list is shorter.
pub fn select<T>(index: u32, values: impl Into<Value<List<T>>>) -> Value<T> {
    let index = Node::Integer(i64::from(index));
    Value::from_node(
        Intrinsic::Select {
            index,
            values: values.into().into_node(),
        }
        .into(),
    )
}

/// `Fn::Base64`: text as a machine's user data takes it.
pub fn base64(text: impl Into<Value<String>>) -> Value<String> {
    Value::from_node(Intrinsic::Base64(text.into().into_node()).into())
}

/// `Fn::ImportValue`: an export of another stack in the same account and region.
pub fn import_value(export: impl Into<Value<String>>) -> Value<String> {
    Value::from_node(Intrinsic::ImportValue(export.into().into_node()).into())
}

/// `Fn::GetAZs`: the availability zones of a region, an empty text for the stack's.
pub fn get_azs(region: impl Into<Value<String>>) -> Value<List<String>> {
    Value::from_node(Intrinsic::GetAzs(region.into().into_node()).into())
}

/// `Fn::Cidr`: `count` blocks out of one, with so many host bits each.
pub fn cidr(
    block: impl Into<Value<String>>,
    count: impl Into<Value<String>>,
    bits: impl Into<Value<String>>,
) -> Value<List<String>> {
    let intrinsic = Intrinsic::Cidr {
        block: block.into().into_node(),
        count: count.into().into_node(),
        bits: bits.into().into_node(),
    };
    Value::from_node(intrinsic.into())
}

/// The pseudo-parameters.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
pub mod pseudo {
    use super::{Intrinsic, List, Value};

    fn reference(name: &str) -> Value<String> {
        Value::from_node(Intrinsic::Ref(format!("AWS::{name}")).into())
    }

    /// `AWS::AccountId`: the account of the stack, 12 digits.
    pub fn account_id() -> Value<String> {
        reference("AccountId")
    }

    /// `AWS::NotificationARNs`: the topics that are told of the stack's events.
    pub fn notification_arns() -> Value<List<String>> {
        Value::from_node(Intrinsic::Ref("AWS::NotificationARNs".to_owned()).into())
    }

    /// `AWS::Partition`: `aws`, `aws-cn` or `aws-us-gov`.
    pub fn partition() -> Value<String> {
        reference("Partition")
    }

    /// `AWS::Region`.
    pub fn region() -> Value<String> {
        reference("Region")
    }

    /// `AWS::StackId`: the stack's ARN.
    pub fn stack_id() -> Value<String> {
        reference("StackId")
    }

    /// `AWS::StackName`.
    pub fn stack_name() -> Value<String> {
        reference("StackName")
    }

    /// `AWS::URLSuffix`: the domain of the partition's endpoints, `amazonaws.com`.
    pub fn url_suffix() -> Value<String> {
        reference("URLSuffix")
    }

    /// All names, as in `Ref`.
    pub const NAMES: [&str; 8] = [
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    ];
}
