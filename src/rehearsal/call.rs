//! The calls that a handler makes: those of AWS's schema, on the resources that are really there.

use super::account::{Account, Caller, boundary_of};
use super::behaviour::{CallRow, TypeBehaviour};
use super::behaviours::Behaviours;
use super::fill::{Values, at, fill};
use super::thing::Thing;
use crate::cfn::{Map, Node};
use crate::iam::{ActionList, Request};
use crate::portfolio::launch_role::{Handlers, is_reading};
use crate::resource::{TypeFacts, facts};

/// A handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Makes it.
    Create,
    /// Reads it.
    Read,
    /// Changes it.
    Update,
    /// Deletes it.
    Delete,
}

/// A call, and the property that it is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is asked.
    pub request: Request,
    /// The property that brings it, where one does.
    pub property: Option<String>,
}

/// What calls are made of.
pub(super) struct Calls<'a> {
    pub behaviours: &'a Behaviours,
    pub handlers: &'a Handlers,
    pub actions: &'a ActionList,
    pub account: &'a Account,
    pub stack: &'a str,
    pub logical_id: &'a str,
    pub caller: &'a Caller,
}

impl Calls<'_> {
    /// The calls of a handler on a resource; `thing` has its properties as they are after the call.
    pub fn of(&self, phase: Phase, thing: &Thing, known: &TypeBehaviour) -> Vec<Call> {
        let Some(facts) = facts(&thing.kind) else {
            return Vec::new();
        };
        let permissions = &facts.permissions;
        let listed = match phase {
            Phase::Create => permissions.create,
            Phase::Read => permissions.read,
            Phase::Update => permissions.update,
            Phase::Delete => permissions.delete,
        };
        let mut calls = Vec::new();
        for action in listed {
            let action = spelt(action);
            // What is deleted gets no tags.
            let is_tag = phase == Phase::Delete && tags(facts, &action);
            if self.actions.contains(&action)
                && !action.eq_ignore_ascii_case("iam:PassRole")
                && !is_tag
            {
                self.add(&action, phase, thing, known, facts, &mut calls);
            }
        }
        calls
    }

    /// The calls of an update that changes nothing but the tags that the stack gives.
    pub fn of_tags(&self, thing: &Thing, known: &TypeBehaviour) -> Vec<Call> {
        let Some(facts) = facts(&thing.kind) else {
            return Vec::new();
        };
        let mut calls = Vec::new();
        for action in facts.tagging.permissions {
            let action = spelt(action);
            if self.actions.contains(&action) {
                self.add(&action, Phase::Update, thing, known, facts, &mut calls);
            }
        }
        calls
    }

    fn add(
        &self,
        action: &str,
        phase: Phase,
        thing: &Thing,
        known: &TypeBehaviour,
        facts: &TypeFacts,
        calls: &mut Vec<Call>,
    ) {
        let is = |listed: &String| listed.eq_ignore_ascii_case(action);
        let creates = phase == Phase::Create && known.creates.iter().any(is);
        let tags_it = tags(facts, action);
        let mut rows = known
            .calls
            .iter()
            .filter(|row| row.actions.iter().any(is))
            .peekable();
        if rows.peek().is_none() {
            // Which property brings a change, the reviewed file of handlers says; what a handler
            // reads, it reads in any case.
            let reads = phase == Phase::Read && is_reading(action);
            let needed = self.handlers.of(&thing.kind).is_none_or(|handler| {
                let with = handler.properties_with(action);
                with.is_empty() || with.iter().any(|name| thing.properties.contains_key(name))
            });
            if reads || needed || tags_it {
                let on = self.own(action, thing);
                calls.push(self.call(action, &on, thing, &[], creates, tags_it, None));
            }
            return;
        }
        for row in rows {
            self.add_row(action, row, thing, creates, tags_it, calls);
        }
    }

    fn own(&self, action: &str, thing: &Thing) -> String {
        match self.actions.takes_resource(action) {
            Some(true) => thing.arn.clone(),
            _ => "*".to_owned(),
        }
    }

    fn add_row(
        &self,
        action: &str,
        row: &CallRow,
        thing: &Thing,
        creates: bool,
        tags_it: bool,
        calls: &mut Vec<Call>,
    ) {
        let is_set = |path: &String| !at(&thing.properties, path).is_empty();
        if row.never || !row.with.is_empty() && !row.with.iter().any(is_set) {
            return;
        }
        let each = match &row.each {
            Some(path) => at(&thing.properties, path).into_iter().map(Some).collect(),
            None => vec![None],
        };
        let property = row.each.as_ref().or_else(|| row.with.first());
        for each in each {
            let values = Here {
                calls: self,
                thing,
                each: each.as_deref(),
            };
            let keys: Vec<(String, String)> = row
                .keys
                .iter()
                .flat_map(|(key, text)| {
                    let found = fill(text, &values).into_iter();
                    found.map(|value| (key.clone(), value))
                })
                .collect();
            let mut on: Vec<String> = row.on.iter().flat_map(|text| fill(text, &values)).collect();
            if row.on.is_empty() {
                on.push(self.own(action, thing));
            }
            for resource in on {
                let property = property.cloned();
                calls.push(self.call(action, &resource, thing, &keys, creates, tags_it, property));
            }
        }
    }

    /// A PassRole for a role that a property names.
    pub fn pass_role(&self, role: &Thing, service: &str, by: &Thing, property: &str) -> Call {
        let request = Request::new("iam:PassRole", &role.arn)
            .with("iam:PassedToService", service)
            .with("iam:AssociatedResourceArn", &by.arn);
        Call {
            request: self.with_caller(with_tags(request, self.account, role, "iam")),
            property: Some(property.to_owned()),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each says one thing of the call")]
    fn call(
        &self,
        action: &str,
        resource: &str,
        thing: &Thing,
        keys: &[(String, String)],
        creates: bool,
        tags_it: bool,
        property: Option<String>,
    ) -> Call {
        let service = action.split(':').next().unwrap_or_default();
        let mut request = Request::new(action, resource);
        for (key, value) in keys {
            request = request.with(key, value);
        }
        let is_itself = resource == thing.arn;
        // What is being made has no tags yet; what it will have, the request carries.
        if !(creates && is_itself) {
            let target = match is_itself {
                true => Some(thing),
                false => self.account.by_arn(resource),
            };
            if let Some(target) = target {
                request = with_tags(request, self.account, target, service);
            }
        }
        if creates && is_itself || tags_it {
            for (tag, value) in &thing.tags {
                if !tag.starts_with("aws:cloudformation:") {
                    request = request.with(&format!("aws:RequestTag/{tag}"), value);
                    request = request.with("aws:TagKeys", tag);
                }
            }
        }
        for known in &self.behaviours.keys {
            if known
                .actions
                .iter()
                .any(|one| one.eq_ignore_ascii_case(action))
            {
                let role = match is_itself {
                    true => Some(thing),
                    false => self.account.by_arn(resource),
                };
                let values = Here {
                    calls: self,
                    thing: role.unwrap_or(thing),
                    each: None,
                };
                for value in fill(&known.value, &values) {
                    request = request.with(&known.key, &value);
                }
            }
        }
        Call {
            request: self.with_caller(request),
            property,
        }
    }

    /// The keys that every call of CloudFormation on behalf of a role carries.
    fn with_caller(&self, request: Request) -> Request {
        with_caller(request, self.account, self.caller)
            .with("aws:CalledVia", "cloudformation.amazonaws.com")
            .with("aws:CalledViaFirst", "cloudformation.amazonaws.com")
            .with("aws:CalledViaLast", "cloudformation.amazonaws.com")
            .with("aws:ViaAWSService", "true")
    }
}

/// The keys that every call carries.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
pub fn with_caller(request: Request, account: &Account, caller: &Caller) -> Request {
    let request = request
        .with("aws:RequestedRegion", &account.region)
        .with("aws:PrincipalAccount", &account.id)
        .with("aws:SecureTransport", "true");
    let Caller::Role(arn) = caller else {
        return request;
    };
    let request = request
        .with("aws:PrincipalArn", arn)
        .with("aws:PrincipalType", "AssumedRole");
    let Some(role) = account.find("AWS::IAM::Role", arn) else {
        return request;
    };
    role.tags
        .iter()
        .filter(|(tag, _)| !tag.starts_with("aws:"))
        .fold(request, |request, (tag, value)| {
            request.with(&format!("aws:PrincipalTag/{tag}"), value)
        })
}

/// The keys that a call carries because of what it is about.
pub fn with_tags(request: Request, account: &Account, thing: &Thing, service: &str) -> Request {
    account
        .keys_of(service, thing)
        .into_iter()
        .fold(request, |request, (key, value)| request.with(&key, &value))
}

/// An action as IAM spells it: the service in lower case.
pub(super) fn spelt(action: &str) -> String {
    match action.split_once(':') {
        Some((service, name)) => format!("{}:{name}", service.to_ascii_lowercase()),
        None => action.to_owned(),
    }
}

/// Whether an action is one of those that tagging needs.
fn tags(facts: &TypeFacts, action: &str) -> bool {
    let mut permissions = facts.tagging.permissions.iter();
    permissions.any(|one| spelt(one).eq_ignore_ascii_case(action))
}

/// The values of the resource at hand.
struct Here<'a> {
    calls: &'a Calls<'a>,
    thing: &'a Thing,
    each: Option<&'a str>,
}

impl Values for Here<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let (calls, thing) = (self.calls, self.thing);
        Some(match name {
            "Partition" => calls.account.partition.clone(),
            "Region" => calls.account.region.clone(),
            "Account" => calls.account.id.clone(),
            "Stack" => calls.stack.to_owned(),
            "LogicalId" => calls.logical_id.to_owned(),
            "Id" => thing.id.clone(),
            "Name" => thing.name.clone(),
            "Arn" => thing.arn.clone(),
            "Path" => {
                let path = thing.properties.get("Path").and_then(Node::scalar_text);
                path.unwrap_or_else(|| "/".to_owned())
            }
            "Boundary" => return boundary_of(thing),
            "Each" => self.each?.to_owned(),
            "Hex" => "0123456789abcdef0".to_owned(),
            "Random" => "AAAAAAAAAA".to_owned(),
            _ => return None,
        })
    }

    fn properties(&self) -> &Map {
        &self.thing.properties
    }

    fn the(&self, kind: &str, name: &str) -> Option<String> {
        let found = self.calls.account.find(kind, name)?;
        Some(found.arn.clone())
    }
}
