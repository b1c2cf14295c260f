//! Resource attributes: what CloudFormation does with a resource beside its properties.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html>

use super::{Map, Node};
use std::fmt;

/// What happens to the resource when it leaves the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// It is deleted.
    Delete,
    /// It stays.
    Retain,
    /// It stays, unless the stack that was to create it fails.
    RetainExceptOnCreate,
    /// A snapshot of it is taken first.
    Snapshot,
}

/// What happens to the old resource when an update replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateReplacePolicy {
    /// It is deleted.
    Delete,
    /// It stays.
    Retain,
    /// A snapshot of it is taken first.
    Snapshot,
}

impl DeletionPolicy {
    /// The policy of this name.
    pub fn parse(name: &str) -> Option<DeletionPolicy> {
        match name {
            "Delete" => Some(DeletionPolicy::Delete),
            "Retain" => Some(DeletionPolicy::Retain),
            "RetainExceptOnCreate" => Some(DeletionPolicy::RetainExceptOnCreate),
            "Snapshot" => Some(DeletionPolicy::Snapshot),
            _ => None,
        }
    }
}

impl fmt::Display for DeletionPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeletionPolicy::Delete => "Delete",
            DeletionPolicy::Retain => "Retain",
            DeletionPolicy::RetainExceptOnCreate => "RetainExceptOnCreate",
            DeletionPolicy::Snapshot => "Snapshot",
        })
    }
}

impl UpdateReplacePolicy {
    /// The policy of this name.
    pub fn parse(name: &str) -> Option<UpdateReplacePolicy> {
        match name {
            "Delete" => Some(UpdateReplacePolicy::Delete),
            "Retain" => Some(UpdateReplacePolicy::Retain),
            "Snapshot" => Some(UpdateReplacePolicy::Snapshot),
            _ => None,
        }
    }
}

impl fmt::Display for UpdateReplacePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UpdateReplacePolicy::Delete => "Delete",
            UpdateReplacePolicy::Retain => "Retain",
            UpdateReplacePolicy::Snapshot => "Snapshot",
        })
    }
}

/// How long CloudFormation waits for signals before the resource counts as created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreationPolicy {
    signals: u32,
    timeout_minutes: u32,
}

impl CreationPolicy {
    /// One signal within so many minutes; at most 720 (12 hours).
    pub fn one_signal_within_minutes(minutes: u32) -> CreationPolicy {
        CreationPolicy {
            signals: 1,
            timeout_minutes: minutes,
        }
    }
}

impl From<CreationPolicy> for Node {
    fn from(policy: CreationPolicy) -> Node {
        let signal: Map = [
            ("Count".to_owned(), Node::Integer(i64::from(policy.signals))),
            (
                "Timeout".to_owned(),
                Node::String(format!("PT{}M", policy.timeout_minutes)),
            ),
        ]
        .into_iter()
        .collect();
        Node::Map(
            [("ResourceSignal".to_owned(), Node::Map(signal))]
                .into_iter()
                .collect(),
        )
    }
}

/// How an update of the resource proceeds. The types in use here take only the Lambda alias and
/// Auto Scaling forms, so the policy is free-form.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatePolicy(pub Map);

impl From<UpdatePolicy> for Node {
    fn from(policy: UpdatePolicy) -> Node {
        Node::Map(policy.0)
    }
}
