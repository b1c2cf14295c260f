//! Conditions: what decides at creation or update whether a part of the template applies.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use super::{Intrinsic, Node, Value};

/// An expression that is true or false when the stack is created or updated.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Node);

/// A declared condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionHandle(String);

impl ConditionHandle {
    pub(super) fn new(name: &str) -> Self {
        ConditionHandle(name.to_owned())
    }

    /// The condition's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Condition {
    pub(super) fn into_node(self) -> Node {
        self.0
    }
}

impl From<&ConditionHandle> for Condition {
    fn from(handle: &ConditionHandle) -> Self {
        Condition(Intrinsic::Condition(handle.0.clone()).into())
    }
}

/// `Fn::Equals`: both sides are parameters, mapped values or literals; never a resource.
pub fn equals<T>(left: impl Into<Value<T>>, right: impl Into<Value<T>>) -> Condition {
    Condition(Intrinsic::Equals(left.into().into_node(), right.into().into_node()).into())
}

/// `Fn::Not`.
pub fn not(condition: impl Into<Condition>) -> Condition {
    Condition(Intrinsic::Not(condition.into().0).into())
}

/// `Fn::And` of 2 to 10 conditions.
pub fn and(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    Condition(
        Intrinsic::And(
            conditions
                .into_iter()
                .map(|condition| condition.0)
                .collect(),
        )
        .into(),
    )
}

/// `Fn::Or` of 2 to 10 conditions.
pub fn or(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    Condition(
        Intrinsic::Or(
            conditions
                .into_iter()
                .map(|condition| condition.0)
                .collect(),
        )
        .into(),
    )
}

/// `Fn::If`.
pub fn if_else<T>(
    condition: &ConditionHandle,
    then: impl Into<Value<T>>,
    otherwise: impl Into<Value<T>>,
) -> Value<T> {
    let intrinsic = Intrinsic::If {
        condition: condition.name().to_owned(),
        then: then.into().into_node(),
        otherwise: otherwise.into().into_node(),
    };
    Value::from_node(intrinsic.into())
}

impl<T> Value<T> {
    /// This value where the condition holds; the property is left out where it doesn't.
    #[must_use]
    pub fn when(self, condition: &ConditionHandle) -> Value<T> {
        if_else(condition, self, Value::no_value())
    }
}
