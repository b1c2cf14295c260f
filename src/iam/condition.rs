//! Conditions: an operator, a key, and the values it is compared with.

use crate::cfn::{Map, Node, Value};
use std::fmt;

/// How a key is compared with its values.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is documented by AWS under its own name")]
pub enum Operator {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateLessThan,
    DateGreaterThan,
    Bool,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    Null,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Operator; 21] = [
        Operator::StringEquals,
        Operator::StringNotEquals,
        Operator::StringEqualsIgnoreCase,
        Operator::StringNotEqualsIgnoreCase,
        Operator::StringLike,
        Operator::StringNotLike,
        Operator::NumericEquals,
        Operator::NumericLessThan,
        Operator::NumericLessThanEquals,
        Operator::NumericGreaterThan,
        Operator::NumericGreaterThanEquals,
        Operator::DateLessThan,
        Operator::DateGreaterThan,
        Operator::Bool,
        Operator::IpAddress,
        Operator::NotIpAddress,
        Operator::ArnEquals,
        Operator::ArnLike,
        Operator::ArnNotEquals,
        Operator::ArnNotLike,
        Operator::Null,
    ];

    /// The operator of this name.
    pub fn parse(name: &str) -> Option<Operator> {
        Operator::ALL
            .into_iter()
            .find(|operator| format!("{operator:?}") == name)
    }

    /// It holds where none of the values matches.
    pub(super) fn is_negated(self) -> bool {
        matches!(
            self,
            Operator::StringNotEquals
                | Operator::StringNotEqualsIgnoreCase
                | Operator::StringNotLike
                | Operator::NotIpAddress
                | Operator::ArnNotEquals
                | Operator::ArnNotLike
        )
    }
}

/// How a key with several values of its own is compared.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantifier {
    /// `ForAllValues`: holds when each value of the request matches, and when there is none.
    All,
    /// `ForAnyValue`: holds when one value of the request matches.
    Any,
}

/// One comparison. A statement's conditions must all hold; of one condition's values, one.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    operator: Operator,
    quantifier: Option<Quantifier>,
    if_exists: bool,
    key: String,
    values: Vec<Node>,
}

impl Condition {
    fn new(operator: Operator, key: &str, values: Vec<Node>) -> Condition {
        Condition {
            operator,
            quantifier: None,
            if_exists: false,
            key: key.to_owned(),
            values,
        }
    }

    fn of_text<V: Into<Value<String>>>(
        operator: Operator,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        let values = values
            .into_iter()
            .map(|value| value.into().into_node())
            .collect();
        Condition::new(operator, key, values)
    }

    /// The key has one of these values, case and all.
    pub fn string_equals<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::StringEquals, key, values)
    }

    /// The key has none of these values, or is absent.
    pub fn string_not_equals<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::StringNotEquals, key, values)
    }

    /// The key matches one of these patterns, in which `*` and `?` are wildcards.
    pub fn string_like<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::StringLike, key, values)
    }

    /// The key matches none of these patterns, or is absent.
    pub fn string_not_like<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::StringNotLike, key, values)
    }

    /// The key is an ARN that matches one of these patterns.
    pub fn arn_like<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::ArnLike, key, values)
    }

    /// The key is an ARN that matches none of these patterns, or is absent.
    pub fn arn_not_like<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::ArnNotLike, key, values)
    }

    /// The key is one of these ARNs.
    pub fn arn_equals<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::ArnEquals, key, values)
    }

    /// The key is none of these ARNs, or is absent.
    pub fn arn_not_equals<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::ArnNotEquals, key, values)
    }

    /// The key is an address in one of these CIDR blocks.
    pub fn ip_address<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::IpAddress, key, values)
    }

    /// The key is an address in none of these CIDR blocks, or is absent.
    pub fn not_ip_address<V: Into<Value<String>>>(
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Condition {
        Condition::of_text(Operator::NotIpAddress, key, values)
    }

    /// The key is true, or is false.
    pub fn bool(key: &str, is: bool) -> Condition {
        Condition::new(Operator::Bool, key, vec![is.to_string().into()])
    }

    /// The key is absent, or is there.
    pub fn null(key: &str, is_absent: bool) -> Condition {
        Condition::new(Operator::Null, key, vec![is_absent.to_string().into()])
    }

    /// The key is a number below this one.
    pub fn numeric_less_than(key: &str, bound: i64) -> Condition {
        Condition::new(
            Operator::NumericLessThan,
            key,
            vec![bound.to_string().into()],
        )
    }

    /// Holds also where the request doesn't have the key.
    #[must_use]
    pub fn if_exists(mut self) -> Condition {
        self.if_exists = true;
        self
    }

    /// Holds when each of the key's values in the request matches, and when it has none.
    #[must_use]
    pub fn for_all_values(mut self) -> Condition {
        self.quantifier = Some(Quantifier::All);
        self
    }

    /// Holds when one of the key's values in the request matches.
    #[must_use]
    pub fn for_any_value(mut self) -> Condition {
        self.quantifier = Some(Quantifier::Any);
        self
    }

    /// Whether JSON has one place for both.
    pub(super) fn shares_place(&self, other: &Condition) -> bool {
        self.operator() == other.operator() && self.key.eq_ignore_ascii_case(&other.key)
    }

    /// The condition key, such as `aws:SourceAccount`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The operator as the document spells it: `ForAllValues:StringEqualsIfExists`.
    pub fn operator(&self) -> String {
        let quantifier = match self.quantifier {
            None => "",
            Some(Quantifier::All) => "ForAllValues:",
            Some(Quantifier::Any) => "ForAnyValue:",
        };
        let suffix = if self.if_exists { "IfExists" } else { "" };
        format!("{quantifier}{:?}{suffix}", self.operator)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operator(), self.key)
    }
}

/// The `Condition` element: operators in the order of their first use, under each its keys.
///
/// JSON has room for one condition of an operator and a key. Of two, the first stands, and
/// [`super::PolicyDocument::faults`] refuses the document.
pub(super) fn into_node(conditions: Vec<Condition>) -> Node {
    let mut operators = Map::default();
    for condition in conditions {
        let operator = condition.operator();
        let entry = operators
            .entry(operator)
            .or_insert_with(|| Node::Map(Map::default()));
        if let Node::Map(keys) = entry {
            keys.entry(condition.key)
                .or_insert_with(|| super::one_or_many::one_or_many_nodes(condition.values));
        }
    }
    Node::Map(operators)
}
