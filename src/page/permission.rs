//! What the roles that a product makes may do, statement by statement.

use crate::cfn::{Intrinsic, Node, Resource, Template};
use serde::Serialize;

/// One statement of a policy that the template makes or attaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The logical id of the role or policy.
    pub holder: String,
    /// `Allow`, `Deny`, or `Attached` for a policy that stands elsewhere.
    pub effect: String,
    /// The actions, or the policy that is attached.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
}

/// The statements of all roles and policies, in the order of the template.
pub(super) fn permissions(template: &Template) -> Vec<Permission> {
    let mut found = Vec::new();
    for (id, resource) in &template.resources {
        for attached in list(resource.properties.get("ManagedPolicyArns")) {
            found.push(Permission {
                holder: id.clone(),
                effect: "Attached".to_owned(),
                actions: vec![shown(attached)],
                resources: Vec::new(),
            });
        }
        for document in documents(resource) {
            for statement in list(document.get("Statement")) {
                let texts = |key: &str| list(statement.get(key)).map(shown).collect();
                found.push(Permission {
                    holder: id.clone(),
                    effect: statement.get("Effect").map(shown).unwrap_or_default(),
                    actions: texts("Action"),
                    resources: texts("Resource"),
                });
            }
        }
    }
    found
}

/// The policies that say what somebody may do; not those that say who may become a role.
fn documents(resource: &Resource) -> Vec<&Node> {
    let inline = list(resource.properties.get("Policies"));
    let own = match resource.kind.as_str() {
        "AWS::IAM::ManagedPolicy" | "AWS::IAM::Policy" => resource.properties.get("PolicyDocument"),
        _ => None,
    };
    inline
        .filter_map(|policy| policy.get("PolicyDocument"))
        .chain(own)
        .collect()
}

/// The items of a list, or the one that stands for it.
fn list(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    match node {
        Some(Node::List(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

/// A value for a reader: functions by what they yield.
fn shown(node: &Node) -> String {
    match node {
        Node::Intrinsic(intrinsic) => match intrinsic.as_ref() {
            Intrinsic::Ref(name) => name.clone(),
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => format!("{resource}.{attribute}"),
            Intrinsic::Sub { text, .. } => text.clone(),
            Intrinsic::ImportValue(name) => format!("export {}", shown(name)),
            Intrinsic::FindInMap {
                mapping, second, ..
            } => {
                format!("{} of the account: {}", shown(mapping), shown(second))
            }
            Intrinsic::Join { delimiter, values } => {
                let parts: Vec<String> = list(Some(values)).map(shown).collect();
                parts.join(delimiter)
            }
            Intrinsic::If {
                then, otherwise, ..
            } => {
                format!("{} or {}", shown(then), shown(otherwise))
            }
            other => other.to_long_form().to_json().to_string(),
        },
        other => other
            .scalar_text()
            .unwrap_or_else(|| other.to_json().to_string()),
    }
}
