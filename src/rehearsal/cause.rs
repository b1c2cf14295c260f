//! Why something fails.

use super::account::Undecidable;
use crate::iam::Refusal;
use std::fmt;

/// Why a step fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// IAM refuses a call.
    Refused {
        /// Who called: a role, or the name of a service.
        caller: String,
        /// The action.
        action: String,
        /// The resource, by ARN.
        resource: String,
        /// Who refused, and why.
        refusal: Refusal,
    },
    /// A call can't be decided: that is no approval.
    Undecidable(Undecidable),
    /// What is made has a name that something has.
    Exists {
        /// The name.
        name: String,
    },
    /// A role that a property names isn't there.
    NoRole {
        /// The property.
        property: String,
        /// What stands there.
        value: String,
        /// What was looked for.
        wanted: String,
    },
    /// A role doesn't let in the service that takes it.
    Untrusted {
        /// The role, by ARN.
        role: String,
        /// The service.
        service: String,
    },
    /// Something that is to be deleted isn't empty.
    NotEmpty,
    /// Something that is to be deleted is still in use.
    InUse {
        /// By what.
        by: String,
    },
    /// The function behind a custom resource answers FAILED.
    Answered {
        /// The function.
        function: String,
        /// What it says.
        reason: String,
    },
    /// The function behind a custom resource isn't there.
    NoFunction {
        /// The service token.
        token: String,
    },
    /// The service token of a custom resource changes.
    TokenChanged,
    /// A change that no update makes.
    Immutable {
        /// The property.
        property: String,
    },
    /// Nothing says what runs there, and so what it calls.
    Unsaid {
        /// The file that would say it.
        file: String,
    },
    /// A value that can't be worked out.
    Unknown {
        /// What it is.
        what: String,
    },
    /// No signal came in time.
    NoSignal {
        /// What the machine couldn't do.
        because: String,
    },
    /// Nobody has said what this type does.
    UnknownType,
    /// Failed on purpose, to see what a failure here does.
    OnPurpose,
}

impl Cause {
    /// Whether it can't be told that something works, rather than told that it doesn't.
    pub const fn is_blind(&self) -> bool {
        matches!(
            self,
            Cause::UnknownType
                | Cause::Unknown { .. }
                | Cause::Unsaid { .. }
                | Cause::Undecidable(_)
        )
    }
}

impl From<Undecidable> for Cause {
    fn from(undecidable: Undecidable) -> Cause {
        Cause::Undecidable(undecidable)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Refused {
                caller,
                action,
                resource,
                refusal,
            } => write!(f, "{caller} may not call {action} on {resource}: {refusal}"),
            Cause::Undecidable(Undecidable { what, why }) => {
                write!(f, "{what} can't be judged: {why}")
            }
            Cause::Exists { name } => write!(f, "{name} already exists"),
            Cause::NoRole {
                property,
                value,
                wanted,
            } => write!(
                f,
                "{property} is `{value}`, which means {wanted}, and there is no such role"
            ),
            Cause::Untrusted { role, service } => {
                write!(f, "{role} doesn't let {service} assume it")
            }
            Cause::NotEmpty => f.write_str("it isn't empty"),
            Cause::InUse { by } => write!(f, "it is still used by {by}"),
            Cause::Answered { function, reason } => {
                write!(f, "{function} answers FAILED: {reason}")
            }
            Cause::NoFunction { token } => {
                write!(f, "there is no function {token}")
            }
            Cause::TokenChanged => {
                f.write_str("the service token of a custom resource can't change in an update")
            }
            Cause::Immutable { property } => {
                write!(f, "an update that changes {property} fails")
            }
            Cause::Unknown { what } => write!(f, "{what} can't be worked out"),
            Cause::Unsaid { file } => write!(
                f,
                "what runs there: {file} says nothing of it, and what it calls can't be worked out"
            ),
            Cause::NoSignal { because } => {
                write!(f, "no signal of success comes: {because}")
            }
            Cause::UnknownType => f.write_str("nothing is known of what this type does"),
            Cause::OnPurpose => f.write_str("failed on purpose, to rehearse what follows"),
        }
    }
}

impl Cause {
    /// The next step.
    pub fn hint(&self) -> String {
        match self {
            Cause::Refused { action, .. } => format!(
                "grant {action} there, or change what asks for it; `generated/launch-roles.md` says what launch roles grant and why"
            ),
            Cause::Undecidable(_) => {
                "name what is missing in portfolios/outside.yaml or vendor/policies.txt".to_owned()
            }
            Cause::Exists { .. } => "let CloudFormation make the name, or delete with the stack what is left behind (DeletionPolicy RetainExceptOnCreate)".to_owned(),
            Cause::NoRole { .. } => "give the role by ARN (Fn::GetAtt Arn)".to_owned(),
            Cause::Untrusted { service, .. } => {
                format!("name {service} in the role's trust policy, with conditions on keys that it sends")
            }
            Cause::NotEmpty => "retain it, or empty it before".to_owned(),
            Cause::InUse { .. } => "delete what uses it before".to_owned(),
            Cause::Answered { .. } => "let the function answer SUCCESS where there is nothing to do, and grant what it calls".to_owned(),
            Cause::NoFunction { .. } => "declare the function in portfolios/outside.yaml, or correct the token".to_owned(),
            Cause::TokenChanged => "keep the token, or give the resource another logical id".to_owned(),
            Cause::Immutable { .. } => "keep the value, or give the resource another logical id".to_owned(),
            Cause::Unsaid { file } => format!(
                "say in {file} what runs there, as which role, and what it calls; generated/schemas/calls.json has its form"
            ),
            Cause::Unknown { .. } => "declare the export or value in portfolios/outside.yaml".to_owned(),
            Cause::NoSignal { .. } => "grant what the machine calls at boot, or let it go on without".to_owned(),
            Cause::UnknownType => format!(
                "vendor the type (`cargo xtask vendor add`); where it takes a role, review it: vendor/handlers.yaml, {}",
                super::BEHAVIOURS
            ),
            Cause::OnPurpose => String::new(),
        }
    }
}
