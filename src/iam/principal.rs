//! Who a resource policy or a trust policy speaks of.

use crate::cfn::{Map, Node, Value};

/// A principal.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Clone, Debug, PartialEq)]
pub enum Principal {
    /// Everyone, also from outside the account; conditions narrow it.
    Anyone,
    /// AWS services, such as `ec2.amazonaws.com`.
    Services(Vec<Value<String>>),
    /// Accounts, roles, users and role sessions: account ids or ARNs.
    Aws(Vec<Value<String>>),
}

impl Principal {
    /// One AWS service.
    pub fn service(name: impl Into<Value<String>>) -> Principal {
        Principal::Services(vec![name.into()])
    }

    /// One account, role, user or session.
    pub fn aws(arn: impl Into<Value<String>>) -> Principal {
        Principal::Aws(vec![arn.into()])
    }

    pub(super) fn into_node(self) -> Node {
        let (key, values) = match self {
            Principal::Anyone => return "*".into(),
            Principal::Services(values) => ("Service", values),
            Principal::Aws(values) => ("AWS", values),
        };
        let entry: Map = [(key.to_owned(), super::one_or_many::one_or_many(values))]
            .into_iter()
            .collect();
        Node::Map(entry)
    }
}
