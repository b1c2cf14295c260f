//! Whom a role lets in, whatever the conditions are: whoever uses a service chooses what it sends.

use crate::cfn::Node;
use crate::rehearsal::Thing;

/// Whom the statements of a role's trust policy let in.
#[derive(Default)]
pub(super) struct Trusted {
    /// Services, by their principals.
    pub services: Vec<String>,
    /// Somebody else as well.
    pub others: bool,
}

impl Trusted {
    /// Of a role.
    pub fn by(role: &Thing) -> Trusted {
        let mut trusted = Trusted::default();
        let trust = role.properties.get("AssumeRolePolicyDocument");
        let statements = trust.and_then(|trust| trust.get("Statement"));
        for statement in Node::one_or_more(statements) {
            if statement.get("Effect").and_then(Node::as_str) != Some("Allow") {
                continue;
            }
            let Some(principals) = statement.get("Principal").and_then(Node::as_map) else {
                trusted.others = true;
                continue;
            };
            for (kind, names) in principals {
                if kind == "Service" {
                    let names = Node::one_or_more(Some(names)).into_iter();
                    trusted.services.extend(names.filter_map(Node::scalar_text));
                } else {
                    trusted.others = true;
                }
            }
        }
        trusted
    }
}
