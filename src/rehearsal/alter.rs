//! Updating: what changes, what is replaced, and what is cleaned up, or rolled back.

use super::call::Phase;
use super::cause::Cause;
use super::end::Occasion;
use super::engine::Engine;
use super::event::Status;
use super::make::with_token;
use super::stack::{Made, Stack, StackRequest};
use super::thing::Thing;
use crate::cfn::normal::normal;
use crate::cfn::{IndexMap, Map, Node};
use crate::change::{Effect, effect_of};
use std::sync::Arc;

/// What an update has done so far.
#[derive(Default)]
pub(super) struct Done {
    /// Resources that it has made, by logical id.
    pub made: Vec<String>,
    /// What something else has taken the place of.
    pub replaced: Vec<(String, Made)>,
    /// What was changed, as it was before.
    pub changed: Vec<(String, Made)>,
}

impl Engine<'_> {
    /// Updates a stack.
    pub fn update(&mut self, stack: &mut Stack, request: StackRequest) {
        let before = stack.request.clone();
        let tags_change = before.tags != request.tags;
        stack.request = request;
        self.tell_stack(stack, Status::UpdateInProgress, None);
        let mut done = Done::default();
        match self.update_resources(stack, tags_change, &mut done) {
            Ok(kept) => {
                self.outputs(stack);
                self.clean_up(stack, &before, &kept, done);
                self.tell_stack(stack, Status::UpdateComplete, None);
            }
            Err(cause) => self.roll_back_update(stack, before, done, cause),
        }
    }

    /// Makes and changes; gives the logical ids that the stack has from now on.
    fn update_resources(
        &mut self,
        stack: &mut Stack,
        tags_change: bool,
        done: &mut Done,
    ) -> Result<Vec<String>, Cause> {
        let template = Arc::clone(&stack.request.template);
        let order = self.order(stack)?;
        for id in &order {
            let kind = template.resources[id.as_str()].kind.clone();
            match Self::made(stack, id) {
                None => {
                    done.made.push(id.clone());
                    self.create_resource(stack, id, &kind)?;
                }
                Some(old) => self.alter(stack, id, &kind, &old, tags_change, done)?,
            }
        }
        Ok(order)
    }

    fn alter(
        &mut self,
        stack: &mut Stack,
        id: &str,
        kind: &str,
        old: &Made,
        tags_change: bool,
        done: &mut Done,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::UpdateFailed;
        let properties = match self.properties(stack, id) {
            Ok(properties) => properties,
            Err(cause) => return self.or_go_on(stack, id, kind, FAILED, None, cause),
        };
        if let Some((kind, token)) = self.custom(stack, kind, &properties) {
            let properties = with_token(properties, &token);
            return self.alter_custom(stack, id, &kind, &token, old, properties, done);
        }
        if kind != old.kind {
            let cause = Cause::Immutable {
                property: format!("its type, which was {},", old.kind),
            };
            return self.or_go_on(stack, id, kind, FAILED, None, cause);
        }
        if kind == "AWS::CloudFormation::Stack" {
            return self.alter_nested(stack, id, old, properties, done);
        }
        let changed = differences(&old.properties, &properties);
        let mut effect = Effect::NoEffect;
        let mut because = None;
        for path in &changed {
            let one = effect_of(kind, path, &old.properties, &properties);
            let one = match one {
                Effect::Unknown if self.manner.may_replace => Effect::Replaced,
                other => other,
            };
            if one >= effect {
                (effect, because) = (one, Some(path.join(".")));
            }
        }
        let facts = crate::resource::facts(kind);
        let tagging = facts.map(|facts| &facts.tagging);
        // Tags whose names begin with `aws:` reach no type that takes none of CloudFormation's own.
        let is_tagged = tagging.is_some_and(|tagging| tagging.updatable && tagging.system_tags);
        if effect == Effect::NoEffect && tags_change && is_tagged {
            return self.retag(stack, id, old);
        }
        match effect {
            Effect::NoEffect => Ok(()),
            Effect::Fails => {
                let property = because.unwrap_or_default();
                let cause = Cause::Immutable { property };
                self.or_go_on(stack, id, kind, FAILED, None, cause)
            }
            Effect::Replaced | Effect::Removed => {
                self.tell(stack, id, kind, Status::UpdateInProgress, None);
                done.replaced.push((id.to_owned(), old.clone()));
                stack.resources.shift_remove(id);
                self.create_resource(stack, id, kind)
            }
            _ => {
                self.tell(stack, id, kind, Status::UpdateInProgress, None);
                done.changed.push((id.to_owned(), old.clone()));
                match self.change(stack, id, old, properties) {
                    Ok(()) => {
                        self.tell(stack, id, kind, Status::UpdateComplete, None);
                        Ok(())
                    }
                    Err(cause) => {
                        self.tell(stack, id, kind, FAILED, Some(cause.clone()));
                        Err(cause)
                    }
                }
            }
        }
    }

    /// Gives a resource the stack's tags as they are now.
    fn retag(&mut self, stack: &mut Stack, id: &str, old: &Made) -> Result<(), Cause> {
        const FAILED: Status = Status::UpdateFailed;
        let Some(thing) = self.account.find(&old.kind, &old.id).cloned() else {
            return Ok(());
        };
        let Some(known) = self.world.behaviours.of(&old.kind) else {
            return Ok(());
        };
        let calls = self.calls(stack, id).of_tags(&thing, known);
        self.decide(stack, id, &old.kind, FAILED, calls)?;
        self.read(stack, id, FAILED)
    }

    /// Changes a resource in place.
    fn change(
        &mut self,
        stack: &mut Stack,
        id: &str,
        old: &Made,
        properties: Map,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::UpdateFailed;
        let Some(thing) = self.account.find(&old.kind, &old.id).cloned() else {
            return Ok(());
        };
        // A change that takes a property away calls for it too.
        let mut both = thing.properties.clone();
        both.extend(properties.clone());
        let after = Thing {
            properties: both,
            ..thing
        };
        if let Some(known) = self.world.behaviours.of(&old.kind) {
            let calls = self.calls(stack, id).of(Phase::Update, &after, known);
            self.decide(stack, id, &old.kind, FAILED, calls)?;
        }
        let after = Thing {
            properties,
            ..after
        };
        self.pass_roles(stack, id, &after)?;
        self.attach(&after, false);
        if let Some(thing) = self.account.find_mut(&old.kind, &old.id) {
            thing.properties = after.properties.clone();
        }
        self.attach(&after, true);
        if let Some(made) = stack.resources.get_mut(id) {
            made.properties = after.properties;
        }
        self.read(stack, id, FAILED)?;
        match self.manner.fail_at.as_deref() == Some(id) {
            true => Err(Cause::OnPurpose),
            false => Ok(()),
        }
    }

    /// Deletes what the stack no longer has, and what something else has taken the place of.
    fn clean_up(&mut self, stack: &mut Stack, before: &StackRequest, kept: &[String], done: Done) {
        self.tell_stack(stack, Status::UpdateCompleteCleanupInProgress, None);
        let now = std::mem::replace(&mut stack.request, before.clone());
        let gone: Vec<String> = stack
            .resources
            .keys()
            .rev()
            .filter(|id| !kept.contains(id))
            .cloned()
            .collect();
        for (id, old) in done.replaced.into_iter().rev() {
            let resource = before.template.resources.get(&id);
            let policy = resource.and_then(|resource| resource.update_replace_policy);
            match policy == Some(crate::cfn::UpdateReplacePolicy::Retain) {
                true => {
                    self.tell(stack, &id, &old.kind, Status::DeleteSkipped, None);
                    if let Some(thing) = self.account.find_mut(&old.kind, &old.id) {
                        thing.stack = None;
                    }
                }
                false => {
                    self.end_made(stack, &id, &old);
                }
            }
        }
        for id in gone {
            self.end(stack, &id, Occasion::End);
        }
        stack.request = now;
    }

    fn roll_back_update(
        &mut self,
        stack: &mut Stack,
        before: StackRequest,
        done: Done,
        cause: Cause,
    ) {
        self.tell_stack(stack, Status::UpdateRollbackInProgress, Some(cause));
        let mut well = true;
        let manner = self.manner.clone();
        self.manner.fail_at = None;
        // What was replaced is the stack's again, and what was changed is changed back, before what
        // the update has made goes.
        let mut new = Vec::new();
        for (id, old) in done.replaced.iter().rev() {
            let made = Self::made(stack, id).filter(|made| made.id != old.id);
            new.extend(made.map(|made| (id.clone(), made)));
            stack.resources.insert(id.clone(), old.clone());
        }
        for (id, old) in done.changed.iter().rev() {
            let Some(now) = Self::made(stack, id) else {
                continue;
            };
            let back = match old.properties.contains_key("ServiceToken") {
                true => self.tell_old(stack, id, &now, old),
                false if old.nested.is_some() => Ok(()),
                false => self.change(stack, id, &now, old.properties.clone()),
            };
            if let Err(cause) = back {
                self.tell(stack, id, &old.kind, Status::UpdateFailed, Some(cause));
                well = false;
            }
        }
        for id in done.made.iter().rev() {
            well &= self.end(stack, id, Occasion::Rollback);
        }
        for (id, made) in new {
            well &= self.end_made(stack, &id, &made);
        }
        self.manner = manner;
        stack.request = before;
        match well {
            true => self.tell_stack(stack, Status::UpdateRollbackComplete, None),
            false => self.tell_stack(stack, Status::UpdateRollbackFailed, None),
        }
    }
}

/// The paths at which properties differ in meaning, each as deep as both sides are maps.
pub(super) fn differences(old: &Map, new: &Map) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    compare(old, new, &mut Vec::new(), &mut found);
    found
}

fn compare(old: &Map, new: &Map, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let names: IndexMap<&String, ()> = old
        .keys()
        .chain(new.keys())
        .map(|name| (name, ()))
        .collect();
    for name in names.keys() {
        path.push((*name).clone());
        match (old.get(*name), new.get(*name)) {
            (Some(Node::Map(old)), Some(Node::Map(new))) if !crate::cfn::normal::is_policy(old) => {
                compare(old, new, path, found);
            }
            (Some(old), Some(new)) if normal(old) == normal(new) => {}
            _ => found.push(path.clone()),
        }
        path.pop();
    }
}
