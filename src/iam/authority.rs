//! What one principal may do: its policies, its boundary, the policy of its session and the policy
//! of the resource, taken together as IAM takes them, and which statement decided.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::Effect;
use super::decide::{Policy, Request, Rule};
use std::fmt;

/// A policy, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Its name, as messages give it.
    pub name: String,
    /// What it says.
    pub policy: Policy,
}

/// The policies of a principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// Its own policies: inline, and attached.
    pub identity: Vec<NamedPolicy>,
    /// Its permissions boundary.
    pub boundary: Option<NamedPolicy>,
    /// The policy that its session was begun with.
    pub session: Option<NamedPolicy>,
}

/// The policy of a resource, and what it counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePolicy {
    /// The policy.
    pub policy: NamedPolicy,
    /// Whether nobody gets in whom it doesn't let in: key policies and trust policies. Of others, a
    /// principal of the same account needs one of both.
    pub must_allow: bool,
    /// The account that the resource belongs to.
    pub account: String,
}

/// What was asked for the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The principal's own policies.
    Identity,
    /// Its permissions boundary.
    Boundary,
    /// The policy of its session.
    Session,
    /// The policy of the resource.
    Resource,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Identity => "the principal's policies",
            Layer::Boundary => "the permissions boundary",
            Layer::Session => "the session's policy",
            Layer::Resource => "the policy of the resource",
        })
    }
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed.
    Allowed,
    /// Refused.
    Refused(Refusal),
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Who refuses.
    pub layer: Layer,
    /// The statement that denies; none: no statement allows.
    pub denied_by: Option<StatementName>,
    /// The statements that speak of the action and still don't allow it, each with the reason.
    pub near: Vec<NearMiss>,
    /// The policies of which none allows it, as [`NamedPolicy::name`]; none where a statement denies.
    pub policies: Vec<String>,
}

/// A statement, by its policy and its place there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementName {
    /// The policy, as [`NamedPolicy::name`].
    pub policy: String,
    /// Its place in the policy, from 0.
    pub index: usize,
    /// Its `Sid`; empty where it has none.
    pub sid: String,
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sid.as_str() {
            "" => write!(f, "statement {} of {}", self.index + 1, self.policy),
            sid => write!(f, "statement {sid} of {}", self.policy),
        }
    }
}

/// A statement that allows the action, but not this request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementName,
    /// What keeps it from allowing the request.
    pub because: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.denied_by {
            Some(statement) => write!(f, "denied by {statement}"),
            None => {
                write!(f, "no statement of {} allows it", self.layer)?;
                for near in &self.near {
                    write!(f, "; {}: {}", near.statement, near.because)?;
                }
                Ok(())
            }
        }
    }
}

impl Authority {
    /// Decides a request. `principal` is the ARN of the role, or of the user, that asks.
    pub fn decide(&self, request: &Request, of_resource: Option<&ResourcePolicy>) -> Verdict {
        match self.refusal(request, of_resource) {
            Some(refusal) => Verdict::Refused(refusal),
            None => Verdict::Allowed,
        }
    }

    /// Whether a statement of its own policies names the action of a request at all.
    pub fn names_action(&self, request: &Request) -> bool {
        let mut rules = self
            .identity
            .iter()
            .flat_map(|policy| &policy.policy.statements);
        rules.any(|rule| rule.effect == Effect::Allow && rule.names_action(request))
    }

    /// The statement of its own policies that allows a request; none where the policy of the resource
    /// alone lets it in.
    pub fn allowing(&self, request: &Request) -> Option<StatementName> {
        self.identity.iter().find_map(|policy| {
            let rules = policy.policy.statements.iter().enumerate();
            let mut allowing =
                rules.filter(|(_, rule)| rule.effect == Effect::Allow && rule.speaks_of(request));
            let (index, rule) = allowing.next()?;
            Some(name_of(policy, index, rule))
        })
    }

    fn refusal(&self, request: &Request, of_resource: Option<&ResourcePolicy>) -> Option<Refusal> {
        let own = |layer| -> &[NamedPolicy] {
            match layer {
                Layer::Identity => &self.identity,
                Layer::Boundary => self.boundary.as_slice(),
                Layer::Session => self.session.as_slice(),
                Layer::Resource => &[],
            }
        };
        let layers = [Layer::Identity, Layer::Boundary, Layer::Session];
        for layer in layers {
            if let Some(statement) = denying(own(layer), request) {
                return Some(denied(layer, statement));
            }
        }
        let grant = match of_resource {
            Some(resource) => {
                if let Some(statement) = resource.denies(request) {
                    return Some(denied(Layer::Resource, statement));
                }
                resource.grant(request)
            }
            None => Grant::Nothing,
        };
        let must_allow = of_resource.is_some_and(|resource| resource.must_allow);
        if must_allow && grant == Grant::Nothing {
            let policy = of_resource.map(|resource| &resource.policy);
            return Some(not_allowed(Layer::Resource, policy.into_iter(), request));
        }
        // A policy that names the role lets it in beside its own policies; its boundary and its
        // session bind it all the same.
        let needs_identity = grant != Grant::Principal;
        for layer in layers {
            let policies = own(layer);
            let is_bound = layer == Layer::Identity && needs_identity
                || layer != Layer::Identity && !policies.is_empty();
            if is_bound && !allows(policies, request) {
                return Some(not_allowed(layer, policies.iter(), request));
            }
        }
        None
    }
}

/// Whom the policy of a resource lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    /// Nobody who asks.
    Nothing,
    /// The account: its own policies decide further.
    Account,
    /// The principal itself.
    Principal,
}

impl ResourcePolicy {
    /// The account as a principal, in the two ways of writing it.
    fn account_names(&self, request: &Request) -> [String; 2] {
        let arn = request.principal_arn().unwrap_or_default();
        let partition = arn.split(':').nth(1).unwrap_or("aws");
        let id = &self.account;
        [id.clone(), format!("arn:{partition}:iam::{id}:root")]
    }

    fn is_of_account(&self, request: &Request) -> bool {
        let arn = request.principal_arn().unwrap_or_default();
        arn.split(':').nth(4) == Some(self.account.as_str())
    }

    fn denies(&self, request: &Request) -> Option<StatementName> {
        let names = self.account_names(request);
        let rules = self.policy.policy.statements.iter().enumerate();
        let of_account = self.is_of_account(request);
        let is_meant = |rule: &Rule| {
            let principal = request.principal_arn();
            let by_account = of_account && !rule.not_principals;
            rule.names_principal(principal)
                && (!rule.not_principals
                    || !of_account
                    || names.iter().all(|name| rule.names_principal(Some(name))))
                || by_account && names.iter().any(|name| rule.names_principal(Some(name)))
        };
        let mut denying = rules.filter(|(_, rule)| {
            rule.effect == Effect::Deny && rule.speaks_of(request) && is_meant(rule)
        });
        let (index, rule) = denying.next()?;
        Some(name_of(&self.policy, index, rule))
    }

    fn grant(&self, request: &Request) -> Grant {
        let rules = self.policy.policy.statements.iter();
        let allowing = rules.filter(|rule| rule.effect == Effect::Allow && rule.speaks_of(request));
        let names = self.account_names(request);
        let mut grant = Grant::Nothing;
        for rule in allowing {
            if rule.names_principal(request.principal_arn()) {
                return Grant::Principal;
            }
            let named = names.iter().any(|name| rule.names_principal(Some(name)));
            if named && self.is_of_account(request) {
                grant = Grant::Account;
            }
        }
        grant
    }
}

impl Rule {
    /// Whether it speaks of the request, whoever asks.
    fn speaks_of(&self, request: &Request) -> bool {
        self.names_action(request)
            && self.names_resource(request)
            && self.tests.iter().all(|test| test.holds(request))
    }

    /// What keeps a statement that names the action from allowing a request.
    fn obstacle(&self, request: &Request) -> Option<String> {
        if !self.names_action(request) {
            return None;
        }
        if !self.names_resource(request) {
            let not = if self.not_resources { "all but " } else { "" };
            let resources = self.resources.join(", ");
            return Some(format!("it speaks of {not}{resources}"));
        }
        if let Some(test) = self.tests.iter().find(|test| !test.holds(request)) {
            let given = match request.values(&test.key) {
                [] => "which the call doesn't carry".to_owned(),
                values => format!("which is {}", values.join(", ")),
            };
            let wanted = test.values.join(", ");
            return Some(format!(
                "{:?} {} of {wanted} doesn't hold for {}, {given}",
                test.operator, test.key, test.key
            ));
        }
        Some("it lets in somebody else".to_owned())
    }
}

fn name_of(policy: &NamedPolicy, index: usize, rule: &Rule) -> StatementName {
    StatementName {
        policy: policy.name.clone(),
        index,
        sid: rule.sid.clone(),
    }
}

fn denying(policies: &[NamedPolicy], request: &Request) -> Option<StatementName> {
    policies.iter().find_map(|policy| {
        let rules = policy.policy.statements.iter().enumerate();
        let mut denying =
            rules.filter(|(_, rule)| rule.effect == Effect::Deny && rule.speaks_of(request));
        let (index, rule) = denying.next()?;
        Some(name_of(policy, index, rule))
    })
}

fn allows(policies: &[NamedPolicy], request: &Request) -> bool {
    let rules = policies.iter().flat_map(|policy| &policy.policy.statements);
    let mut allowing = rules.filter(|rule| rule.effect == Effect::Allow && rule.speaks_of(request));
    allowing.next().is_some()
}

fn denied(layer: Layer, statement: StatementName) -> Refusal {
    Refusal {
        layer,
        denied_by: Some(statement),
        near: Vec::new(),
        policies: Vec::new(),
    }
}

fn not_allowed<'p>(
    layer: Layer,
    policies: impl Iterator<Item = &'p NamedPolicy>,
    request: &Request,
) -> Refusal {
    let mut near = Vec::new();
    let mut names = Vec::new();
    for policy in policies {
        names.push(policy.name.clone());
        for (index, rule) in policy.policy.statements.iter().enumerate() {
            if rule.effect == Effect::Allow
                && let Some(because) = rule.obstacle(request)
            {
                near.push(NearMiss {
                    statement: name_of(policy, index, rule),
                    because,
                });
            }
        }
    }
    Refusal {
        layer,
        denied_by: None,
        near,
        policies: names,
    }
}
