//! One call of somebody, with the condition keys that it carries, decided.

use super::cast::{Cast, Class, Who, Whose};
use super::stack::PROVISIONED;
use crate::cfn::{IndexMap, Node};
use crate::iam::{Authority, Request, StatementName, Verdict};
use crate::rehearsal::{Caller, Thing, Undecidable, with_caller, with_tags};

/// A call.
pub(super) struct Ask<'a> {
    pub action: &'a str,
    /// The thing that it is about.
    pub thing: &'a Thing,
    /// What it names.
    pub resource: String,
    /// What the caller chooses.
    pub keys: &'a IndexMap<String, String>,
    /// What the caller leaves out.
    pub without: &'a [String],
}

impl Cast<'_> {
    /// A text of the questions, its placeholders replaced by what is known of a thing.
    pub(super) fn filled(&self, text: &str, thing: &Thing) -> String {
        let account = &self.account;
        text.replace("${Arn}", &thing.arn)
            .replace("${Id}", &thing.id)
            .replace("${Name}", &thing.name)
            .replace("${Partition}", &account.partition)
            .replace("${Region}", &account.region)
            .replace("${Account}", &account.id)
            .replace("${SessionTag}", &self.session_tag)
    }

    /// The calls that stand for one: directly, and by way of CloudFormation where a launch role asks.
    fn requests(&self, who: &Who, role: &str, ask: &Ask<'_>) -> Vec<Request> {
        let caller = Caller::Role(role.to_owned());
        let service = ask.action.split(':').next().unwrap_or_default();
        let takes_resource = self.world.actions.takes_resource(ask.action);
        let resource = match takes_resource {
            Some(false) => "*",
            _ => ask.resource.as_str(),
        };
        let mut request = with_caller(Request::new(ask.action, resource), &self.account, &caller);
        for (key, value) in &who.keys {
            request = request.with(key, value);
        }
        if ask.resource == ask.thing.arn {
            request = with_tags(request, &self.account, ask.thing, service);
        }
        if ask.thing.kind == PROVISIONED {
            let level = match self.whose(who, ask.thing) {
                Whose::Own => "self",
                _ => "role",
            };
            request = request.with("servicecatalog:userLevel", level);
        }
        if self.carries_boundary(ask.action) && ask.resource == ask.thing.arn {
            let boundary = ask.thing.properties.get("PermissionsBoundary");
            if let Some(boundary) = boundary.and_then(Node::scalar_text) {
                request = request.with("iam:PermissionsBoundary", &boundary);
            }
        }
        for key in ask.without {
            request = request.without(key);
        }
        for (key, value) in ask.keys {
            request = request
                .without(key)
                .with(key, &self.filled(value, ask.thing));
        }
        let mut requests = vec![request.clone()];
        if who.class == Class::LaunchRole {
            requests.push(
                request
                    .with("aws:CalledVia", "cloudformation.amazonaws.com")
                    .with("aws:CalledViaFirst", "cloudformation.amazonaws.com")
                    .with("aws:CalledViaLast", "cloudformation.amazonaws.com")
                    .with("aws:ViaAWSService", "true"),
            );
        }
        requests
    }

    fn carries_boundary(&self, action: &str) -> bool {
        let mut keys = self.world.behaviours.keys.iter();
        keys.any(|known| {
            let is_it = |one: &String| one.eq_ignore_ascii_case(action);
            known.key == "iam:PermissionsBoundary" && known.actions.iter().any(is_it)
        })
    }

    /// Whether anything speaks of an action on things of a type: the role's own policies, or policies
    /// that such things may carry. Where nothing does, nothing has to be decided.
    pub(super) fn speaks_of(&self, authority: &Authority, action: &str, kind: &str) -> bool {
        let known = self.world.behaviours.of(kind);
        action == "sts:AssumeRole"
            || known.is_none_or(|known| known.policy.is_some())
            || authority.names_action(&Request::new(action, "*"))
    }

    /// Whether somebody may do it as a role; which statement lets them.
    ///
    /// # Errors
    /// Policies that can't be found or read.
    pub(super) fn allows(
        &self,
        who: &Who,
        role: &str,
        authority: &Authority,
        ask: &Ask<'_>,
    ) -> Result<Option<Allowed>, Undecidable> {
        for request in self.requests(who, role, ask) {
            let request = request.by(role);
            let of_resource = match ask.action {
                "sts:AssumeRole" => Some(self.account.trust_policy(ask.thing)?),
                _ => self
                    .account
                    .resource_policy(self.world.behaviours, request.resource())?,
            };
            self.world.note(&self.account, role, &request)?;
            if authority.decide(&request, of_resource.as_ref()) == Verdict::Allowed {
                let by = authority.allowing(&request);
                return Ok(Some(Allowed { by }));
            }
        }
        Ok(None)
    }
}

/// What lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// The statement; none: the policy of the resource alone.
    pub by: Option<StatementName>,
}
