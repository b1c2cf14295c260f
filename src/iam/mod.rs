//! Policy documents: statements, principals and conditions as values, AWS's list of actions, and
//! what a set of policies allows.
//!
//! A model writes a [`PolicyDocument`]; a template holds it as JSON. [`ActionList`] says which
//! actions exist and which of them take a resource. [`Policy`] reads a document back and decides
//! requests as IAM would, so that a test can ask what a role is able to do.
//!
//! Grammar: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod action;
mod authority;
mod condition;
mod decide;
mod document;
mod one_or_many;
mod principal;
mod service;
mod statement;
mod wildcard;

pub use action::{ActionList, ActionSpelling, UnknownAction, actions, gives_away_data};
pub use authority::{
    Authority, Layer, NamedPolicy, NearMiss, Refusal, ResourcePolicy, StatementName, Verdict,
};
pub use condition::{Condition, Operator, Quantifier};
pub use decide::{Decision, Policy, PolicyError, Request, decide};
pub use document::{PolicyDocument, PolicyFault};
pub use principal::Principal;
pub use service::service_fault;
pub use statement::{Effect, Statement};
