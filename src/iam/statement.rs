//! One statement of a policy.

use super::{Condition, Principal};
use crate::cfn::{Map, Node, Value};

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`: stronger than any `Allow`.
    Deny,
}

impl Effect {
    pub(super) fn name(self) -> &'static str {
        match self {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        }
    }
}

/// A statement: what, on what, by whom, when.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Statement {
    sid: String,
    effect: Effect,
    principal: Option<Principal>,
    actions: Vec<String>,
    not_actions: bool,
    resources: Vec<Value<String>>,
    conditions: Vec<Condition>,
}

impl Statement {
    fn new(sid: &str, effect: Effect) -> Statement {
        Statement {
            sid: sid.to_owned(),
            effect,
            principal: None,
            actions: Vec::new(),
            not_actions: false,
            resources: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// A statement that allows. The name (`Sid`) takes letters and digits, and is unique in its
    /// document.
    pub fn allow(sid: &str) -> Statement {
        Statement::new(sid, Effect::Allow)
    }

    /// A statement that denies.
    pub fn deny(sid: &str) -> Statement {
        Statement::new(sid, Effect::Deny)
    }

    /// Who it speaks of: in resource policies and trust policies only.
    pub fn principal(mut self, principal: Principal) -> Statement {
        self.principal = Some(principal);
        self
    }

    /// Actions, spelt `service:Action`. Added to those it has.
    pub fn actions<A: Into<String>>(mut self, actions: impl IntoIterator<Item = A>) -> Statement {
        self.actions.extend(actions.into_iter().map(Into::into));
        self
    }

    /// Every action but these: for statements that deny.
    pub fn all_actions_but<A: Into<String>>(
        mut self,
        actions: impl IntoIterator<Item = A>,
    ) -> Statement {
        self.not_actions = true;
        self.actions.extend(actions.into_iter().map(Into::into));
        self
    }

    /// Resources, by ARN. Added to those it has.
    pub fn on<V: Into<Value<String>>>(
        mut self,
        resources: impl IntoIterator<Item = V>,
    ) -> Statement {
        self.resources.extend(resources.into_iter().map(Into::into));
        self
    }

    /// Any resource: for actions that take none, and for those whose resources aren't known.
    pub fn on_any(self) -> Statement {
        self.on(["*"])
    }

    /// A condition that must hold as well.
    pub fn when(mut self, condition: Condition) -> Statement {
        self.conditions.push(condition);
        self
    }

    /// Its name.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// Whether it allows or denies.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Its actions, or those that it excepts.
    pub fn action_names(&self) -> &[String] {
        &self.actions
    }

    /// Its resources.
    pub fn resources(&self) -> &[Value<String>] {
        &self.resources
    }

    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(super) fn into_node(self) -> Node {
        let mut map = Map::default();
        let mut set = |key: &str, node: Node| map.insert(key.to_owned(), node);
        if !self.sid.is_empty() {
            set("Sid", self.sid.into());
        }
        set("Effect", self.effect.name().into());
        if let Some(principal) = self.principal {
            set("Principal", principal.into_node());
        }
        let actions = self.actions.into_iter().map(Node::from).collect();
        let key = if self.not_actions {
            "NotAction"
        } else {
            "Action"
        };
        set(key, super::one_or_many::one_or_many_nodes(actions));
        if !self.resources.is_empty() {
            set("Resource", super::one_or_many::one_or_many(self.resources));
        }
        if !self.conditions.is_empty() {
            set("Condition", super::condition::into_node(self.conditions));
        }
        Node::Map(map)
    }
}
