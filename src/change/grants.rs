//! What roles may do: what a change grants, and what it takes.
//!
//! A policy is read as what it says, one action on one resource at a time, so that statements
//! which are split, joined or put in another order make no difference.

use crate::cfn::text::text_of;
use crate::cfn::{Map, Node, Pseudo, Scenarios, Template};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// What became of one role, or of a policy that is attached to roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleChange {
    /// Its logical id.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says from now on.
    pub granted: Vec<Grant>,
    /// What it no longer says.
    pub removed: Vec<Grant>,
}

/// What a policy says about some actions on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// What it says of them.
    pub effect: GrantEffect,
    /// The actions, sorted. Who may take the role, and attached policies, are named as they are.
    pub actions: Vec<String>,
    /// The resource, or for a trust policy the principal; functions are written as `${…}`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub on: String,
    /// Under which condition; empty: always.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

/// What a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum GrantEffect {
    /// The role may do it.
    Allow,
    /// The role may do all but it.
    AllowOthers,
    /// The role must not do it.
    Deny,
    /// The role must not do anything but it.
    DenyOthers,
    /// The principal may take the role.
    Trust,
    /// The policy is attached to the role.
    Attach,
    /// The policy bounds what the role may do.
    Bound,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actions: Vec<String> = self.actions.iter().map(|one| format!("`{one}`")).collect();
        let actions = actions.join(", ");
        match self.effect {
            GrantEffect::Allow => write!(f, "may {actions}")?,
            GrantEffect::AllowOthers => write!(f, "may anything but {actions}")?,
            GrantEffect::Deny => write!(f, "must not {actions}")?,
            GrantEffect::DenyOthers => write!(f, "must not anything but {actions}")?,
            GrantEffect::Trust => write!(f, "can be taken by `{}`", self.on)?,
            GrantEffect::Attach => write!(f, "has the policy {actions}")?,
            GrantEffect::Bound => write!(f, "is bounded by {actions}")?,
        }
        if !self.on.is_empty() && self.effect != GrantEffect::Trust {
            write!(f, " on `{}`", self.on)?;
        }
        if !self.condition.is_empty() {
            write!(f, " where {}", self.condition)?;
        }
        Ok(())
    }
}

/// One action on one resource.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    effect: GrantEffect,
    on: String,
    condition: String,
    action: String,
}

/// What a change grants to each role of two templates, and what it takes.
pub fn role_changes(old: &Template, new: &Template) -> Vec<RoleChange> {
    let before = roles(old);
    let after = roles(new);
    let nothing = BTreeSet::new();
    let ids: IndexSet<&String> = after.keys().chain(before.keys()).collect();
    ids.into_iter()
        .filter_map(|id| {
            let had = before.get(id).unwrap_or(&nothing);
            let has = after.get(id).unwrap_or(&nothing);
            let resource = new.resources.get(id).or_else(|| old.resources.get(id))?;
            (had != has).then(|| RoleChange {
                id: id.clone(),
                kind: resource.kind.clone(),
                granted: grouped(has.difference(had)),
                removed: grouped(had.difference(has)),
            })
        })
        .collect()
}

/// Lines that differ in the action only, as one.
fn grouped<'l>(lines: impl Iterator<Item = &'l Line>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    for line in lines {
        match grants.last_mut() {
            Some(last)
                if (last.effect, &last.on, &last.condition)
                    == (line.effect, &line.on, &line.condition) =>
            {
                last.actions.push(line.action.clone());
            }
            _ => grants.push(Grant {
                effect: line.effect,
                actions: vec![line.action.clone()],
                on: line.on.clone(),
                condition: line.condition.clone(),
            }),
        }
    }
    grants
}

/// What each role and policy says, for all values that its template can take together.
fn roles(template: &Template) -> IndexMap<String, BTreeSet<Line>> {
    let scenarios = Scenarios::of(template);
    // What the account decides is shown by its name: an example would pass for a value.
    let pseudo = Pseudo {
        account_id: "${AWS::AccountId}".to_owned(),
        region: "${AWS::Region}".to_owned(),
        stack_name: "${AWS::StackName}".to_owned(),
        stack_id: "${AWS::StackId}".to_owned(),
        ..Pseudo::example()
    };
    let mut roles = IndexMap::new();
    for (id, resource) in &template.resources {
        let is_role = matches!(
            resource.kind.as_str(),
            "AWS::IAM::Role" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::Policy"
        );
        if !is_role {
            continue;
        }
        let mut lines = BTreeSet::new();
        for scenario in scenarios.over(&scenarios.parameters_of(id)) {
            let evaluation = scenarios.evaluate(&scenario, &pseudo);
            if evaluation.creates(resource) != Some(false) {
                properties(&evaluation.properties(resource), &mut lines);
            }
        }
        roles.insert(id.clone(), lines);
    }
    roles
}

fn properties(properties: &Map, lines: &mut BTreeSet<Line>) {
    for (name, node) in properties {
        let mut add = |effect, action: String| {
            lines.insert(Line {
                effect,
                on: String::new(),
                condition: String::new(),
                action,
            });
        };
        match name.as_str() {
            "ManagedPolicyArns" => {
                let attached = node.as_list().into_iter().flatten();
                attached.for_each(|policy| add(GrantEffect::Attach, text(policy)));
            }
            "PermissionsBoundary" => add(GrantEffect::Bound, text(node)),
            "AssumeRolePolicyDocument" => document(node, true, lines),
            "PolicyDocument" => document(node, false, lines),
            "Policies" => {
                for policy in node.as_list().into_iter().flatten() {
                    if let Some(node) = policy.get("PolicyDocument") {
                        document(node, false, lines);
                    }
                }
            }
            _ => {}
        }
    }
}

fn document(node: &Node, is_trust: bool, lines: &mut BTreeSet<Line>) {
    for statement in Node::one_or_more(node.get("Statement")) {
        let allows = statement.get("Effect").and_then(Node::as_str) == Some("Allow");
        let (actions, effect) = match (statement.get("Action"), allows) {
            (Some(actions), true) => (Some(actions), GrantEffect::Allow),
            (Some(actions), false) => (Some(actions), GrantEffect::Deny),
            (None, true) => (statement.get("NotAction"), GrantEffect::AllowOthers),
            (None, false) => (statement.get("NotAction"), GrantEffect::DenyOthers),
        };
        let condition = condition(statement.get("Condition"));
        let on: Vec<String> = match (is_trust, statement.get("NotResource")) {
            (true, _) => principals(statement.get("Principal")),
            (false, Some(but)) => vec![format!("all but {}", texts(Some(but)).join(", "))],
            (false, None) => texts(statement.get("Resource")),
        };
        for on in on {
            for action in texts(actions) {
                lines.insert(Line {
                    effect: match (is_trust, effect) {
                        (true, GrantEffect::Allow) => GrantEffect::Trust,
                        _ => effect,
                    },
                    on: on.clone(),
                    condition: condition.clone(),
                    action,
                });
            }
        }
    }
}

fn principals(node: Option<&Node>) -> Vec<String> {
    match node {
        Some(Node::Map(kinds)) => kinds
            .values()
            .flat_map(|names| texts(Some(names)))
            .collect(),
        one => texts(one),
    }
}

fn condition(node: Option<&Node>) -> String {
    let mut parts = Vec::new();
    for (operator, keys) in node.and_then(Node::as_map).into_iter().flatten() {
        for (key, values) in keys.as_map().into_iter().flatten() {
            let values = texts(Some(values)).join(" or ");
            parts.push(format!("{operator} {key} {values}"));
        }
    }
    parts.sort();
    parts.join(", ")
}

fn texts(node: Option<&Node>) -> Vec<String> {
    let mut texts: Vec<String> = Node::one_or_more(node).into_iter().map(text).collect();
    texts.sort();
    texts
}

/// A value as people write it, functions as `${…}`.
fn text(node: &Node) -> String {
    let text = text_of(node);
    match text.is_empty() {
        true => node.to_json().to_string(),
        false => text.into_owned(),
    }
}
