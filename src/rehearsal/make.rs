//! Making resources: a stack's launch, and what each resource of it takes.

use super::account::Caller;
use super::call::Phase;
use super::cause::Cause;
use super::engine::Engine;
use super::event::Status;
use super::fill::at;
use super::order::in_order;
use super::program::judge;
use super::stack::{Made, Stack, StackRequest};
use super::thing::{Naming, Origin, Thing};
use crate::cfn::{IndexMap, Map, Node};
use crate::resource::{TypeFacts, facts};
use std::sync::Arc;

impl Engine<'_> {
    /// Creates a stack.
    pub fn create(&mut self, request: StackRequest) -> Stack {
        let mut stack = Stack::new(request);
        self.tell_stack(&mut stack, Status::CreateInProgress, None);
        match self.create_resources(&mut stack) {
            Ok(()) => {
                self.outputs(&mut stack);
                self.tell_stack(&mut stack, Status::CreateComplete, None);
            }
            Err(cause) => self.roll_back_creation(&mut stack, cause),
        }
        stack
    }

    fn create_resources(&mut self, stack: &mut Stack) -> Result<(), Cause> {
        let template = Arc::clone(&stack.request.template);
        let order = self.order(stack)?;
        for id in &order {
            let kind = &template.resources[id.as_str()].kind;
            self.create_resource(stack, id, kind)?;
        }
        Ok(())
    }

    /// The resources of a stack in the order in which they are made.
    pub(super) fn order(&mut self, stack: &Stack) -> Result<Vec<String>, Cause> {
        let template = Arc::clone(&stack.request.template);
        let waits = self.world.memory.waits(&template);
        let order = self.evaluated(stack, |evaluation| in_order(&template, &waits, evaluation))?;
        order.map_err(|what| {
            let cause = Cause::Unknown { what };
            self.fail(stack, "", "", Status::CreateFailed, (None, cause.clone()));
            cause
        })
    }

    /// Makes one resource, and tells it.
    pub(super) fn create_resource(
        &mut self,
        stack: &mut Stack,
        id: &str,
        kind: &str,
    ) -> Result<(), Cause> {
        self.tell(stack, id, kind, Status::CreateInProgress, None);
        let made = self.make(stack, id, kind).and_then(|()| {
            match self.manner.fail_at.as_deref() == Some(id) {
                true => Err(Cause::OnPurpose),
                false => Ok(()),
            }
        });
        match made {
            Ok(()) => {
                self.tell(stack, id, kind, Status::CreateComplete, None);
                Ok(())
            }
            Err(cause) => {
                self.tell(stack, id, kind, Status::CreateFailed, Some(cause.clone()));
                Err(cause)
            }
        }
    }

    fn make(&mut self, stack: &mut Stack, id: &str, kind: &str) -> Result<(), Cause> {
        const FAILED: Status = Status::CreateFailed;
        let properties = match self.properties(stack, id) {
            Ok(properties) => properties,
            Err(cause) => return self.or_go_on(stack, id, kind, FAILED, None, cause),
        };
        if let Some((kind, token)) = self.custom(stack, kind, &properties) {
            let properties = with_token(properties, &token);
            return self.make_custom(stack, id, &kind, &token, properties);
        }
        if kind == "AWS::CloudFormation::Stack" {
            return self.make_nested(stack, id, properties);
        }
        let identified = self.identify(stack, id, kind, &properties);
        let (thing, attributes) = match identified {
            Ok(identified) => identified,
            Err(cause) => return self.or_go_on(stack, id, kind, FAILED, None, cause),
        };
        if self.is_taken(&thing) {
            let cause = Cause::Exists {
                name: thing.name.clone(),
            };
            let named = self.world.behaviours.of(kind);
            let property = named.and_then(|known| known.name.as_ref()?.property.clone());
            self.fail(stack, id, kind, FAILED, (property, cause.clone()));
            // There is nothing that this stack has made.
            return Err(cause);
        }
        let calls = match self.world.behaviours.of(kind) {
            Some(known) => self.calls(stack, id).of(Phase::Create, &thing, known),
            None => Vec::new(),
        };
        let made = Made {
            kind: kind.to_owned(),
            id: thing.id.clone(),
            properties,
            attributes,
            nested: None,
        };
        let decided = self.decide(stack, id, kind, FAILED, calls);
        decided?;
        self.pass_roles(stack, id, &thing)?;
        self.account.add(thing.clone());
        self.attach(&thing, true);
        stack.resources.insert(id.to_owned(), made);
        self.read(stack, id, FAILED)?;
        self.await_signal(stack, id, kind)
    }

    /// What a resource is and has, before it is there.
    pub(super) fn identify(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        properties: &Map,
    ) -> Result<(Thing, IndexMap<String, String>), Cause> {
        self.account.made += 1;
        let account = &*self.account;
        let origin = Origin {
            file: stack.request.file.clone(),
            logical_id: id.to_owned(),
        };
        let Some(behaviour) = self.world.behaviours.of(kind) else {
            if self.caller != Caller::Administrator && !self.is_told_by_schema(kind, properties) {
                return Err(Cause::UnknownType);
            }
            let service = kind.split("::").nth(1).unwrap_or_default().to_lowercase();
            let name = format!("{}-{id}", stack.request.name);
            let thing = Thing {
                kind: kind.to_owned(),
                id: name.clone(),
                arn: format!("arn:{}:{service}:::{name}", account.partition),
                name,
                properties: properties.clone(),
                tags: IndexMap::default(),
                attached: Vec::new(),
                is_filled: false,
                stack: Some(stack.request.name.clone()),
                origin,
            };
            return Ok((thing, IndexMap::default()));
        };
        let the = |kind: &str, name: &str| account.find(kind, name).map(|thing| thing.arn.clone());
        let naming = Naming {
            behaviour,
            properties,
            stack: &stack.request.name,
            logical_id: id,
            serial: account.made,
            partition: &account.partition,
            region: &account.region,
            account: &account.id,
            the: &the,
        };
        let identity = naming.identity().map_err(|text| Cause::Unknown {
            what: format!("its identity ({text})"),
        })?;
        let mut tags = tags_of(kind, properties, stack, id);
        let parent = naming.inherits_from();
        let parent = parent.and_then(|arn| account.by_arn(&arn));
        tags.extend(parent.into_iter().flat_map(|parent| parent.tags.clone()));
        let thing = Thing {
            kind: kind.to_owned(),
            tags,
            id: identity.id,
            name: identity.name,
            arn: identity.arn,
            properties: properties.clone(),
            attached: Vec::new(),
            is_filled: false,
            stack: Some(stack.request.name.clone()),
            origin,
        };
        Ok((thing, identity.attributes))
    }

    /// Whether AWS's schema is enough to go on without what the type does beside it: launch roles then grant
    /// what the schema names, on any resource, so that nothing is left to decide. Not where it is handed a
    /// role, which they never pass on before a review.
    fn is_told_by_schema(&self, kind: &str, properties: &Map) -> bool {
        let passes = |facts: &TypeFacts| {
            let permissions = [facts.permissions.create, facts.permissions.update];
            let mut all = permissions.into_iter().flatten();
            all.any(|action| action.eq_ignore_ascii_case("iam:PassRole"))
        };
        self.world.handlers.is_unreviewed(kind)
            && !(facts(kind).is_some_and(passes) && properties.values().any(holds_role))
    }

    fn is_taken(&self, thing: &Thing) -> bool {
        let Some(known) = self.world.behaviours.of(&thing.kind) else {
            return false;
        };
        // Names are of a type; what lies beside another resource has no name of its own.
        known.name.is_some()
            && !known.shared
            && self.account.things.iter().any(|other| {
                other.kind == thing.kind && (other.arn == thing.arn || other.name == thing.name)
            })
    }

    /// Reads a resource that was just made or changed.
    pub(super) fn read(&mut self, stack: &Stack, id: &str, status: Status) -> Result<(), Cause> {
        let Some(thing) = stack.thing(self.account, id).cloned() else {
            return Ok(());
        };
        let Some(known) = self.world.behaviours.of(&thing.kind) else {
            return Ok(());
        };
        let calls = self.calls(stack, id).of(Phase::Read, &thing, known);
        self.decide(stack, id, &thing.kind, status, calls)
    }

    /// What a policy says counts for the roles that it names, or no longer.
    pub(super) fn attach(&mut self, thing: &Thing, is_attached: bool) {
        if thing.kind != "AWS::IAM::ManagedPolicy" {
            return;
        }
        for role in at(&thing.properties, "Roles.*") {
            let name = self
                .account
                .find("AWS::IAM::Role", &role)
                .map(|role| role.id.clone());
            let Some(name) = name else { continue };
            if let Some(role) = self.account.find_mut("AWS::IAM::Role", &name) {
                role.attached.retain(|arn| *arn != thing.arn);
                if is_attached {
                    role.attached.push(thing.arn.clone());
                }
            }
        }
    }

    /// Waits for the machine's signal: it comes where everything works that the machine can't do
    /// without at its first boot.
    fn await_signal(&mut self, stack: &Stack, id: &str, kind: &str) -> Result<(), Cause> {
        let resource = &stack.request.template.resources[id];
        if resource.creation_policy.is_none() || self.caller == Caller::Administrator {
            return Ok(());
        }
        let programs = self.world.programs.programs.iter();
        let at_boot = programs
            .filter(|program| program.runs_on == id && program.at_boot && !program.optional);
        for program in at_boot {
            for cause in judge(&self.world, self.account, stack, program, None) {
                let cause = Cause::NoSignal {
                    because: cause.to_string(),
                };
                self.or_go_on(stack, id, kind, Status::CreateFailed, None, cause)?;
            }
        }
        Ok(())
    }
}

fn holds_role(node: &Node) -> bool {
    match node {
        Node::String(text) => text.contains(":role/"),
        Node::List(items) => items.iter().any(holds_role),
        Node::Map(map) => map.values().any(holds_role),
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::Intrinsic(_) => {
            false
        }
    }
}

/// The properties of a custom resource with its token: one that a macro makes gets it there.
pub(super) fn with_token(mut properties: Map, token: &str) -> Map {
    let property = properties.entry("ServiceToken".to_owned());
    property.or_insert_with(|| token.into());
    properties
}

/// The tags that a resource has: its own, the stack's, and CloudFormation's where the type takes them.
fn tags_of(kind: &str, properties: &Map, stack: &Stack, id: &str) -> IndexMap<String, String> {
    let mut tags = IndexMap::default();
    let Some(tagging) = facts(kind).map(|facts| &facts.tagging) else {
        return tags;
    };
    let Some(property) = tagging.property else {
        return tags;
    };
    tags.extend(stack.request.tags.clone());
    match properties.get(property) {
        Some(Node::List(items)) => {
            for item in items {
                let text = |key| item.get(key).and_then(Node::scalar_text);
                if let (Some(key), Some(value)) = (text("Key"), text("Value")) {
                    tags.insert(key, value);
                }
            }
        }
        Some(Node::Map(map)) => {
            tags.extend(
                map.iter()
                    .filter_map(|(key, node)| Some((key.clone(), node.scalar_text()?))),
            );
        }
        _ => {}
    }
    if tagging.system_tags {
        tags.insert(
            "aws:cloudformation:stack-name".to_owned(),
            stack.request.name.clone(),
        );
        tags.insert("aws:cloudformation:logical-id".to_owned(), id.to_owned());
    }
    tags
}
