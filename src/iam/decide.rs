//! What policies allow: a document read back, and requests decided as IAM decides them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>

use super::Effect;
use super::condition::{Operator, Quantifier};
use super::wildcard::Pattern;
use crate::cfn::Node;
use std::collections::BTreeMap;
use std::fmt;

/// A call to AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Request {
    action: String,
    resource: String,
    principal: Option<String>,
    context: BTreeMap<String, Vec<String>>,
}

impl Request {
    /// A call of this action on this resource, by ARN; `*` where the action takes none.
    pub fn new(action: &str, resource: &str) -> Request {
        Request {
            action: action.to_owned(),
            resource: resource.to_owned(),
            ..Request::default()
        }
    }

    /// With a condition key, such as `iam:PassedToService`. Given again, the key has more values.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Request {
        self.context
            .entry(key.to_ascii_lowercase())
            .or_default()
            .push(value.to_owned());
        self
    }

    /// By this principal: matters to resource and trust policies.
    #[must_use]
    pub fn by(mut self, principal: &str) -> Request {
        self.principal = Some(principal.to_owned());
        self
    }

    /// The principal, by ARN, where it was given.
    pub fn principal_arn(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    /// Without a condition key, which not every call of the action carries.
    #[must_use]
    pub fn without(mut self, key: &str) -> Request {
        self.context.remove(&key.to_ascii_lowercase());
        self
    }

    /// The action, spelt `service:Action`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The resource, by ARN; `*` where the action takes none.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The condition keys that it carries, in lower case, with their values.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        let context = self.context.iter();
        context.map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// The values of a condition key; none where it isn't carried.
    pub fn values(&self, key: &str) -> &[String] {
        self.context
            .get(&key.to_ascii_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    /// The pattern of a text, its variables replaced; nothing when the request lacks one of them.
    fn pattern(&self, text: &str) -> Option<Pattern> {
        Pattern::new(text, |key| self.values(key).first().map(String::as_str))
    }
}

/// A policy as IAM reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(super) statements: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub sid: String,
    pub effect: Effect,
    pub principals: Option<Vec<String>>,
    pub not_principals: bool,
    pub actions: Vec<ActionPattern>,
    pub not_actions: bool,
    pub resources: Vec<String>,
    pub not_resources: bool,
    pub tests: Vec<Test>,
}

/// An action as a statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ActionPattern {
    pub text: String,
    /// It stands for itself: nearly every one does.
    is_plain: bool,
}

impl ActionPattern {
    fn of(text: String) -> ActionPattern {
        ActionPattern {
            is_plain: !text.contains(['*', '?', '$']),
            text,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub operator: Operator,
    pub quantifier: Option<Quantifier>,
    pub if_exists: bool,
    pub key: String,
    pub values: Vec<String>,
}

/// A document that no request can be decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Where in the document, such as `Statement.2.Condition`.
    pub at: String,
    /// Why.
    pub message: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

impl std::error::Error for PolicyError {}

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it, and none denies it.
    Allowed,
    /// A statement denies it.
    Denied,
    /// No statement speaks of it.
    NotMentioned,
}

/// Decides a request by all policies of one principal together.
pub fn decide(policies: &[Policy], request: &Request) -> Decision {
    let rules = policies.iter().flat_map(|policy| &policy.statements);
    let mut decision = Decision::NotMentioned;
    for rule in rules.filter(|rule| rule.applies(request)) {
        match rule.effect {
            Effect::Deny => return Decision::Denied,
            Effect::Allow => decision = Decision::Allowed,
        }
    }
    decision
}

impl Policy {
    /// Reads a document in which no intrinsic function is left.
    ///
    /// # Errors
    /// The first place that isn't a policy: an unknown element or operator, a function, or an
    /// operator on dates or addresses, by which nothing is decided here.
    pub fn read(document: &Node) -> Result<Policy, PolicyError> {
        let statement = document
            .get("Statement")
            .ok_or_else(|| error("Statement", "is missing"))?;
        let statements = match statement {
            Node::List(items) => items.iter().collect(),
            one => vec![one],
        };
        statements
            .into_iter()
            .enumerate()
            .map(|(index, node)| Rule::read(&format!("Statement.{index}"), node))
            .collect::<Result<_, _>>()
            .map(|statements| Policy { statements })
    }

    /// The actions that its statements allow, as written, sorted and each once.
    pub fn allowed_actions(&self) -> Vec<&str> {
        let mut actions: Vec<&str> = self
            .statements
            .iter()
            .filter(|rule| rule.effect == Effect::Allow)
            .flat_map(|rule| rule.actions.iter().map(|action| action.text.as_str()))
            .collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }
}

impl Rule {
    fn read(at: &str, node: &Node) -> Result<Rule, PolicyError> {
        let map = node.as_map().ok_or_else(|| error(at, "is no map"))?;
        let mut rule = Rule {
            sid: String::new(),
            effect: Effect::Deny,
            principals: None,
            not_principals: false,
            actions: Vec::new(),
            not_actions: false,
            resources: Vec::new(),
            not_resources: false,
            tests: Vec::new(),
        };
        for (key, value) in map {
            let here = format!("{at}.{key}");
            match key.as_str() {
                "Sid" => rule.sid = value.scalar_text().unwrap_or_default(),
                "Effect" => {
                    rule.effect = match value.as_str() {
                        Some("Allow") => Effect::Allow,
                        Some("Deny") => Effect::Deny,
                        _ => return Err(error(&here, "is neither Allow nor Deny")),
                    }
                }
                "Principal" => rule.principals = Some(principals(&here, value)?),
                "NotPrincipal" => {
                    rule.principals = Some(principals(&here, value)?);
                    rule.not_principals = true;
                }
                "Action" => rule.actions = actions(&here, value)?,
                "NotAction" => {
                    rule.actions = actions(&here, value)?;
                    rule.not_actions = true;
                }
                "Resource" => rule.resources = texts(&here, value)?,
                "NotResource" => {
                    rule.resources = texts(&here, value)?;
                    rule.not_resources = true;
                }
                "Condition" => rule.tests = tests(&here, value)?,
                _ => {
                    return Err(error(
                        &here,
                        "is no element that requests are decided by here",
                    ));
                }
            }
        }
        Ok(rule)
    }

    fn applies(&self, request: &Request) -> bool {
        self.names_action(request)
            && self.names_resource(request)
            && self.names_principal(request.principal.as_deref())
            && self.tests.iter().all(|test| test.holds(request))
    }

    pub fn names_action(&self, request: &Request) -> bool {
        let named = self.actions.iter().any(|pattern| {
            if pattern.is_plain {
                return pattern.text.eq_ignore_ascii_case(&request.action);
            }
            let pattern = request.pattern(&pattern.text.to_ascii_lowercase());
            pattern.is_some_and(|pattern| pattern.matches(&request.action.to_ascii_lowercase()))
        });
        named != self.not_actions
    }

    /// A trust policy has no resource: the role itself is meant.
    pub fn names_resource(&self, request: &Request) -> bool {
        if self.resources.is_empty() {
            return true;
        }
        let named = self.resources.iter().any(|pattern| {
            request
                .pattern(pattern)
                .is_some_and(|pattern| pattern.matches(&request.resource))
        });
        named != self.not_resources
    }

    pub fn names_principal(&self, principal: Option<&str>) -> bool {
        self.principals.as_ref().is_none_or(|principals| {
            let named = principals
                .iter()
                .any(|named| named == "*" || principal == Some(named));
            named != self.not_principals
        })
    }
}

impl Test {
    pub fn holds(&self, request: &Request) -> bool {
        let given = request.values(&self.key);
        if self.operator == Operator::Null {
            let absent = given.is_empty().to_string();
            return self.values.contains(&absent);
        }
        if given.is_empty() {
            let is_vacuous = self.quantifier == Some(Quantifier::All);
            let is_negated = self.operator.is_negated() && self.quantifier.is_none();
            return self.if_exists || is_vacuous || is_negated;
        }
        let one = |value: &String| {
            self.values
                .iter()
                .any(|want| self.equal(request, want, value))
        };
        let matches = |value: &String| one(value) != self.operator.is_negated();
        match self.quantifier {
            Some(Quantifier::All) => given.iter().all(matches),
            Some(Quantifier::Any) => given.iter().any(matches),
            None => given.iter().all(matches),
        }
    }

    /// Whether a value of the request is the wanted one, negation left aside.
    fn equal(&self, request: &Request, want: &str, value: &str) -> bool {
        let Some(pattern) = request.pattern(want) else {
            return false;
        };
        let compare = |holds: fn(f64, f64) -> bool| {
            let numbers = (value.parse::<f64>(), want.parse::<f64>());
            matches!(numbers, (Ok(value), Ok(want)) if holds(value, want))
        };
        match self.operator {
            Operator::StringEquals | Operator::StringNotEquals => pattern.is(value),
            Operator::StringEqualsIgnoreCase
            | Operator::StringNotEqualsIgnoreCase
            | Operator::Bool => request
                .pattern(&want.to_lowercase())
                .is_some_and(|pattern| pattern.is(&value.to_lowercase())),
            Operator::StringLike | Operator::StringNotLike => pattern.matches(value),
            Operator::ArnEquals
            | Operator::ArnLike
            | Operator::ArnNotEquals
            | Operator::ArnNotLike => pattern.matches_arn(value),
            Operator::NumericEquals => compare(|a, b| a == b),
            Operator::NumericLessThan => compare(|a, b| a < b),
            Operator::NumericLessThanEquals => compare(|a, b| a <= b),
            Operator::NumericGreaterThan => compare(|a, b| a > b),
            Operator::NumericGreaterThanEquals => compare(|a, b| a >= b),
            // Refused when the policy is read.
            Operator::DateLessThan
            | Operator::DateGreaterThan
            | Operator::IpAddress
            | Operator::NotIpAddress
            | Operator::Null => false,
        }
    }
}

fn tests(at: &str, node: &Node) -> Result<Vec<Test>, PolicyError> {
    let mut tests = Vec::new();
    for (name, keys) in node.as_map().ok_or_else(|| error(at, "is no map"))? {
        let here = format!("{at}.{name}");
        let (quantifier, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::All), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::Any), rest),
            _ => (None, name.as_str()),
        };
        let (if_exists, rest) = match rest.strip_suffix("IfExists") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let operator =
            Operator::parse(rest).ok_or_else(|| error(&here, "is no condition operator"))?;
        if matches!(
            operator,
            Operator::DateLessThan
                | Operator::DateGreaterThan
                | Operator::IpAddress
                | Operator::NotIpAddress
        ) {
            return Err(error(
                &here,
                "nothing is decided by dates and addresses here",
            ));
        }
        for (key, values) in keys.as_map().ok_or_else(|| error(&here, "is no map"))? {
            tests.push(Test {
                operator,
                quantifier,
                if_exists,
                key: key.clone(),
                values: texts(&format!("{here}.{key}"), values)?,
            });
        }
    }
    Ok(tests)
}

fn actions(at: &str, node: &Node) -> Result<Vec<ActionPattern>, PolicyError> {
    Ok(texts(at, node)?
        .into_iter()
        .map(ActionPattern::of)
        .collect())
}

fn principals(at: &str, node: &Node) -> Result<Vec<String>, PolicyError> {
    match node {
        Node::Map(map) => {
            let mut all = Vec::new();
            for (kind, values) in map {
                all.extend(texts(&format!("{at}.{kind}"), values)?);
            }
            Ok(all)
        }
        other => texts(at, other),
    }
}

fn texts(at: &str, node: &Node) -> Result<Vec<String>, PolicyError> {
    let text = |node: &Node| {
        node.scalar_text()
            .ok_or_else(|| error(at, "is not plain text"))
    };
    match node {
        Node::List(items) => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn error(at: &str, message: &str) -> PolicyError {
    PolicyError {
        at: at.to_owned(),
        message: message.to_owned(),
    }
}
