//! An account: what stands in it, and who may do what there.

use super::behaviours::Behaviours;
use super::fill::at;
use super::outside::Outside;
use super::policies::Policies;
use super::thing::Thing;
use crate::cfn::{IndexMap, Map, Node, Pseudo};
use crate::iam::{
    Authority, Decision, NamedPolicy, Policy, PolicyError, Request, ResourcePolicy, decide,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who calls AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Somebody who may do everything: sets an account up for a rehearsal.
    Administrator,
    /// A role, by ARN.
    Role(String),
}

/// An account in a region.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The region.
    pub region: String,
    /// The partition.
    pub partition: String,
    /// What its stacks export.
    pub exports: IndexMap<String, String>,
    /// What stands in it.
    pub things: Vec<Thing>,
    /// How much has been made: tells names apart.
    pub made: u64,
    authorities: OfRoles<Authority>,
    documents: OfRoles<Policies>,
}

/// What is known of roles, by ARN; worked out once as long as no role or policy changes.
#[derive(Debug, Default)]
struct OfRoles<T>(Mutex<BTreeMap<String, Arc<T>>>);

impl<T> OfRoles<T> {
    /// A thread that stopped in the middle left the map whole.
    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<E>(&self, role: &str, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Some(known) = self.known().get(role) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        self.known().insert(role.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

impl<T> Clone for OfRoles<T> {
    fn clone(&self) -> OfRoles<T> {
        OfRoles(Mutex::new(self.known().clone()))
    }
}

/// What keeps a request from being decided at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecidable {
    /// What was looked for, or can't be read.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Account {
    /// An empty account.
    pub fn new(id: &str, region: &str) -> Account {
        Account {
            id: id.to_owned(),
            region: region.to_owned(),
            partition: "aws".to_owned(),
            exports: IndexMap::default(),
            things: Vec::new(),
            made: 0,
            authorities: OfRoles(Mutex::default()),
            documents: OfRoles(Mutex::default()),
        }
    }

    /// The pseudo-parameters of a stack in it.
    pub fn pseudo(&self, stack: &str) -> Pseudo {
        Pseudo {
            account_id: self.id.clone(),
            region: self.region.clone(),
            partition: self.partition.clone(),
            stack_name: stack.to_owned(),
            stack_id: format!(
                "arn:{}:cloudformation:{}:{}:stack/{stack}/00000000-0000-0000-0000-000000000000",
                self.partition, self.region, self.id
            ),
        }
    }

    /// What the account has of a type under a name, an id or an ARN.
    pub fn find(&self, kind: &str, name: &str) -> Option<&Thing> {
        let is_it = |thing: &&Thing| {
            thing.kind == kind && (thing.id == name || thing.arn == name || thing.name == name)
        };
        self.things.iter().find(is_it)
    }

    pub(super) fn find_mut(&mut self, kind: &str, id: &str) -> Option<&mut Thing> {
        self.forget(kind);
        self.things
            .iter_mut()
            .find(|thing| thing.kind == kind && (thing.id == id || thing.arn == id))
    }

    /// What the account has under an ARN, the ARN of what is in it among them.
    pub fn by_arn(&self, arn: &str) -> Option<&Thing> {
        let is_it = |thing: &&Thing| thing.arn == arn && !is_beside(&thing.kind);
        self.things.iter().find(is_it)
    }

    /// Puts something into the account.
    pub fn add(&mut self, thing: Thing) {
        self.forget(&thing.kind);
        self.things.push(thing);
    }

    /// Takes something out of it.
    pub(super) fn remove(&mut self, kind: &str, id: &str) -> Option<Thing> {
        self.forget(kind);
        let place = self
            .things
            .iter()
            .position(|thing| thing.kind == kind && thing.id == id)?;
        Some(self.things.remove(place))
    }

    /// Where a role or policy changes, what was known of roles is no longer so.
    fn forget(&mut self, kind: &str) {
        if kind.starts_with("AWS::IAM::") {
            self.authorities.known().clear();
            self.documents.known().clear();
        }
    }

    /// What a role may do.
    ///
    /// # Errors
    /// The account has no such role, or one of its policies can't be found or read.
    pub fn authority(&self, outside: &Outside, role: &str) -> Result<Arc<Authority>, Undecidable> {
        self.authorities
            .get(role, || self.authority_of(outside, self.role(role)?))
    }

    /// The documents of the policies of a role.
    ///
    /// # Errors
    /// The account has no such role, or one of its policies can't be found.
    pub(super) fn documents(
        &self,
        outside: &Outside,
        role: &str,
    ) -> Result<Arc<Policies>, Undecidable> {
        self.documents
            .get(role, || self.documents_of(outside, self.role(role)?))
    }

    fn documents_of(&self, outside: &Outside, role: &Thing) -> Result<Policies, Undecidable> {
        let text = |document: &Node| document.to_json().to_string();
        let managed = |arn: &String| -> Result<String, Undecidable> {
            let (name, document) = self.managed_document(outside, arn)?;
            document.map(text).ok_or_else(|| no_document(name))
        };
        let inline = Node::one_or_more(role.properties.get("Policies")).into_iter();
        let inline = inline.filter_map(|policy| policy.get("PolicyDocument").map(text));
        let mut identity: Vec<String> = inline.collect();
        for arn in self.policies_of(role) {
            identity.push(managed(&arn)?);
        }
        Ok(Policies {
            identity,
            boundary: boundary_of(role).as_ref().map(managed).transpose()?,
        })
    }

    fn role(&self, role: &str) -> Result<&Thing, Undecidable> {
        self.find("AWS::IAM::Role", role)
            .ok_or_else(|| Undecidable {
                what: format!("the role {role}"),
                why: "the account has no such role".to_owned(),
            })
    }

    fn authority_of(&self, outside: &Outside, role: &Thing) -> Result<Authority, Undecidable> {
        let mut identity = Vec::new();
        let inline = Node::one_or_more(role.properties.get("Policies"));
        for policy in inline {
            let name = policy.get("PolicyName").and_then(Node::scalar_text);
            let name = format!("{}/{}", role.origin, name.unwrap_or_default());
            identity.push(named(name, policy.get("PolicyDocument"))?);
        }
        for arn in self.policies_of(role) {
            identity.push(self.managed_policy(outside, &arn)?);
        }
        let boundary = boundary_of(role);
        let boundary = boundary.map(|arn| self.managed_policy(outside, &arn));
        Ok(Authority {
            identity,
            boundary: boundary.transpose()?,
            session: None,
        })
    }

    /// A managed policy, of the account or of AWS.
    ///
    /// # Errors
    /// Neither has it, or it can't be read.
    pub fn managed_policy(&self, outside: &Outside, arn: &str) -> Result<NamedPolicy, Undecidable> {
        let (name, document) = self.managed_document(outside, arn)?;
        named(name, document)
    }

    /// The document of a managed policy, of the account or of AWS, with the policy's name.
    ///
    /// # Errors
    /// Neither has it.
    fn managed_document<'a>(
        &'a self,
        outside: &'a Outside,
        arn: &str,
    ) -> Result<(String, Option<&'a Node>), Undecidable> {
        if let Some(thing) = self.find("AWS::IAM::ManagedPolicy", arn) {
            let document = thing.properties.get("PolicyDocument");
            return Ok((thing.origin.to_string(), document));
        }
        let policy = outside.aws_policy(arn).ok_or_else(|| Undecidable {
            what: format!("the policy {arn}"),
            why: "neither the account nor the list of AWS's policies has it".to_owned(),
        })?;
        Ok((arn.to_owned(), Some(policy)))
    }

    /// The policies that a role has been given, by ARN.
    pub fn policies_of(&self, role: &Thing) -> Vec<String> {
        let given = Node::one_or_more(role.properties.get("ManagedPolicyArns"));
        let given = given.into_iter().filter_map(Node::scalar_text);
        given.chain(role.attached.iter().cloned()).collect()
    }

    /// The roles that a property leads to: by ARN or name, or by the instance profile that holds
    /// them.
    pub fn roles_at(&self, properties: &Map, path: &str) -> Vec<&Thing> {
        at(properties, path)
            .iter()
            .filter_map(|value| self.role_of(value))
            .collect()
    }

    /// The role that an ARN or name leads to: its own, or that of the instance profile that holds it.
    pub fn role_of(&self, value: &str) -> Option<&Thing> {
        if let Some(profile) = self.find("AWS::IAM::InstanceProfile", value) {
            let role = at(&profile.properties, "Roles.*").into_iter().next()?;
            return self.find("AWS::IAM::Role", &role);
        }
        self.find("AWS::IAM::Role", value)
    }

    /// The policy of what an ARN names, where it has one.
    ///
    /// # Errors
    /// A policy that can't be read.
    pub fn resource_policy(
        &self,
        behaviours: &Behaviours,
        arn: &str,
    ) -> Result<Option<ResourcePolicy>, Undecidable> {
        match self.by_arn(arn) {
            Some(thing) => self.policy_of(behaviours, thing),
            None => Ok(None),
        }
    }

    /// Whom a role lets in.
    ///
    /// # Errors
    /// A trust policy that can't be read.
    pub fn trust_policy(&self, role: &Thing) -> Result<ResourcePolicy, Undecidable> {
        Ok(ResourcePolicy {
            policy: named(
                format!("{}/AssumeRolePolicyDocument", role.origin),
                role.properties.get("AssumeRolePolicyDocument"),
            )?,
            must_allow: true,
            account: self.id.clone(),
        })
    }

    /// The policy that a resource carries, where its type has one.
    fn policy_of(
        &self,
        behaviours: &Behaviours,
        thing: &Thing,
    ) -> Result<Option<ResourcePolicy>, Undecidable> {
        let Some(own) = behaviours
            .of(&thing.kind)
            .and_then(|known| known.policy.as_ref())
        else {
            return Ok(None);
        };
        let Some(document) = thing.properties.get(&own.property) else {
            return Ok(None);
        };
        Ok(Some(ResourcePolicy {
            policy: named(format!("{}/{}", thing.origin, own.property), Some(document))?,
            must_allow: own.must_allow,
            account: self.id.clone(),
        }))
    }

    /// Whether a role lets a service assume it, that sends these keys.
    ///
    /// # Errors
    /// A trust policy that can't be read.
    pub fn trusts(
        &self,
        role: &Thing,
        service: &str,
        sends: &[(String, String)],
    ) -> Result<bool, Undecidable> {
        let trust = self.trust_policy(role)?.policy;
        let request = sends.iter().fold(
            Request::new("sts:AssumeRole", &role.arn).by(service),
            |request, (key, value)| request.with(key, value),
        );
        Ok(decide(std::slice::from_ref(&trust.policy), &request) == Decision::Allowed)
    }

    /// The condition keys that a call on a resource carries because of what the resource is.
    pub(super) fn keys_of(&self, service: &str, thing: &Thing) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        for (tag, value) in &thing.tags {
            keys.push((format!("aws:ResourceTag/{tag}"), value.clone()));
            keys.push((format!("{service}:ResourceTag/{tag}"), value.clone()));
        }
        if thing.kind == "AWS::KMS::Key" {
            let aliases = self.things.iter().filter(|alias| {
                let target = alias
                    .properties
                    .get("TargetKeyId")
                    .and_then(Node::scalar_text);
                alias.kind == "AWS::KMS::Alias"
                    && target.is_some_and(|target| target == thing.id || target == thing.arn)
            });
            keys.extend(
                aliases.map(|alias| ("kms:ResourceAliases".to_owned(), alias.name.clone())),
            );
            keys.push(("kms:CallerAccount".to_owned(), self.id.clone()));
        }
        keys
    }
}

/// The boundary of a role, by ARN.
pub(super) fn boundary_of(role: &Thing) -> Option<String> {
    let boundary = role.properties.get("PermissionsBoundary");
    boundary.and_then(Node::scalar_text)
}

/// Types whose ARN is that of another resource.
fn is_beside(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::Lambda::Permission"
            | "AWS::Lambda::Url"
            | "AWS::S3::BucketPolicy"
            | "AWS::SNS::Subscription"
    )
}

fn no_document(name: String) -> Undecidable {
    Undecidable {
        what: name,
        why: "it has no document".to_owned(),
    }
}

fn named(name: String, document: Option<&Node>) -> Result<NamedPolicy, Undecidable> {
    let unreadable = |why: String| Undecidable {
        what: name.clone(),
        why,
    };
    let document = document.ok_or_else(|| no_document(name.clone()))?;
    let policy = Policy::read(document)
        .map_err(|PolicyError { at, message }| unreadable(format!("{at}: {message}")))?;
    Ok(NamedPolicy { name, policy })
}
