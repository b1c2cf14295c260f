//! The policy document.

use super::{ActionList, Condition, Principal, Statement};
use crate::cfn::{Json, Map, Node, Value, pseudo};

/// A policy: its statements, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct PolicyDocument {
    statements: Vec<Statement>,
}

/// A mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyFault {
    /// The statement, counted from 0.
    pub statement: usize,
    /// Its name.
    pub sid: String,
    /// What is wrong.
    pub message: String,
}

impl PolicyDocument {
    /// A document of these statements.
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> PolicyDocument {
        PolicyDocument {
            statements: statements.into_iter().collect(),
        }
    }

    /// The trust policy of a role that these services assume, such as `ec2.amazonaws.com`.
    pub fn trust<V: Into<Value<String>>>(services: impl IntoIterator<Item = V>) -> PolicyDocument {
        PolicyDocument::new([assume_role(services)])
    }

    /// The trust policy of a role that these services assume for the stack's own account only.
    /// Not every service says for whom it acts: Service Catalog, Lambda and others do, EC2
    /// instances don't.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
    pub fn trust_within_account<V: Into<Value<String>>>(
        services: impl IntoIterator<Item = V>,
    ) -> PolicyDocument {
        let condition = Condition::string_equals("aws:SourceAccount", [pseudo::account_id()]);
        PolicyDocument::new([assume_role(services).when(condition)])
    }

    /// As [`PolicyDocument::trust_within_account`], for a service of which no page says that it tells
    /// for whom it acts: where it does, it must be this account.
    pub fn trust_within_account_if_told<V: Into<Value<String>>>(
        services: impl IntoIterator<Item = V>,
    ) -> PolicyDocument {
        let condition = Condition::string_equals("aws:SourceAccount", [pseudo::account_id()]);
        PolicyDocument::new([assume_role(services).when(condition.if_exists())])
    }

    /// This document and one more statement.
    pub fn with(mut self, statement: Statement) -> PolicyDocument {
        self.statements.push(statement);
        self
    }

    /// The statements.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What is wrong with the document, in its order: actions that AWS doesn't have, names that
    /// are no `Sid` or stand twice, a second condition of one operator and key.
    pub fn faults(&self, actions: &ActionList) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        for (index, statement) in self.statements.iter().enumerate() {
            let mut add = |message: String| {
                faults.push(PolicyFault {
                    statement: index,
                    sid: statement.sid().to_owned(),
                    message,
                });
            };
            let sid = statement.sid();
            if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                add(format!("`{sid}` is no Sid: letters and digits only"));
            }
            let earlier = self.statements.iter().take(index);
            if !sid.is_empty() && earlier.clone().any(|other| other.sid() == sid) {
                add(format!("the Sid `{sid}` stands a second time"));
            }
            for action in statement.action_names() {
                if let Some(unknown) = actions.check(action) {
                    add(unknown.to_string());
                }
            }
            for (at, condition) in statement.conditions().iter().enumerate() {
                let earlier = statement.conditions().iter().take(at);
                if earlier.clone().any(|other| other.shares_place(condition)) {
                    add(format!(
                        "a second condition `{condition}`; JSON has room for one"
                    ));
                }
            }
        }
        faults
    }
}

fn assume_role<V: Into<Value<String>>>(services: impl IntoIterator<Item = V>) -> Statement {
    let services = services.into_iter().map(Into::into).collect();
    Statement::allow("")
        .principal(Principal::Services(services))
        .actions(["sts:AssumeRole"])
}

impl From<PolicyDocument> for Value<Json> {
    fn from(document: PolicyDocument) -> Value<Json> {
        let statements = document
            .statements
            .into_iter()
            .map(Statement::into_node)
            .collect();
        let map: Map = [
            ("Version".to_owned(), "2012-10-17".into()),
            ("Statement".to_owned(), Node::List(statements)),
        ]
        .into_iter()
        .collect();
        Value::from(Node::Map(map))
    }
}
