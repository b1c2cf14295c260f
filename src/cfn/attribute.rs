//! Resource attributes: what CloudFormation does with a resource beside its properties.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html>

use super::{Document, Node, json};
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
#[derive(Clone, Debug, PartialEq)]
pub struct CreationPolicy(Node);

impl CreationPolicy {
    /// One signal within so many minutes; at most 720 (12 hours).
    pub fn one_signal_within_minutes(minutes: u32) -> CreationPolicy {
        let policy = json!({"ResourceSignal": {"Count": 1, "Timeout": format!("PT{minutes}M")}});
        CreationPolicy::of(policy)
    }

    /// Any other form.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>
    pub fn of(policy: Document) -> CreationPolicy {
        CreationPolicy(policy.into())
    }
}

impl From<CreationPolicy> for Node {
    fn from(policy: CreationPolicy) -> Node {
        policy.0
    }
}

/// How an update of the resource proceeds. The types in use here take only the Lambda alias and
/// Auto Scaling forms, so the policy is free-form.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatePolicy(Node);

impl UpdatePolicy {
    /// The policy as it stands in a template.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html>
    pub fn of(policy: Document) -> UpdatePolicy {
        UpdatePolicy(policy.into())
    }
}

impl From<UpdatePolicy> for Node {
    fn from(policy: UpdatePolicy) -> Node {
        policy.0
    }
}
