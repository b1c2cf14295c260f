//! Deleting: a stack's end, the rollback of what failed, and the clean-up after an update.

use super::account::Account;
use super::behaviours::Behaviours;
use super::call::Phase;
use super::cause::Cause;
use super::engine::Engine;
use super::event::Status;
use super::fill::at;
use super::stack::{Made, Stack};
use super::thing::Thing;
use crate::cfn::{DeletionPolicy, Resource};

/// Why something is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The stack ends, or no longer has it.
    End,
    /// What made it has failed.
    Rollback,
}

impl Occasion {
    /// Whether a resource stays in this case.
    fn keeps(self, resource: Option<&Resource>) -> bool {
        let Some(resource) = resource else {
            return false;
        };
        match self {
            Occasion::End => matches!(
                resource.deletion_policy,
                Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate)
            ),
            Occasion::Rollback => resource.deletion_policy == Some(DeletionPolicy::Retain),
        }
    }
}

impl Engine<'_> {
    /// Deletes a stack.
    pub fn delete(&mut self, stack: &mut Stack) {
        self.tell_stack(stack, Status::DeleteInProgress, None);
        match self.delete_all(stack, Occasion::End) {
            true => self.tell_stack(stack, Status::DeleteComplete, None),
            false => self.tell_stack(stack, Status::DeleteFailed, None),
        }
    }

    /// Deletes everything of a stack, the last first; whether that worked.
    fn delete_all(&mut self, stack: &mut Stack, occasion: Occasion) -> bool {
        // What waits for others goes before them, whatever was made or replaced last.
        let mut ids = self.order(stack).unwrap_or_default();
        ids.retain(|id| stack.resources.contains_key(id));
        let others = stack.resources.keys().filter(|id| !ids.contains(id));
        let others: Vec<String> = others.cloned().collect();
        ids.extend(others);
        ids.reverse();
        let mut well = true;
        for id in ids {
            well &= self.end(stack, &id, occasion);
        }
        well
    }

    /// Undoes a launch that failed.
    pub(super) fn roll_back_creation(&mut self, stack: &mut Stack, cause: Cause) {
        self.tell_stack(stack, Status::RollbackInProgress, Some(cause));
        match self.delete_all(stack, Occasion::Rollback) {
            true => self.tell_stack(stack, Status::RollbackComplete, None),
            false => self.tell_stack(stack, Status::RollbackFailed, None),
        }
    }

    /// Deletes a resource of a stack, or leaves it behind where it is retained; whether that worked.
    pub(super) fn end(&mut self, stack: &mut Stack, id: &str, occasion: Occasion) -> bool {
        let Some(made) = Self::made(stack, id) else {
            return true;
        };
        let template = std::sync::Arc::clone(&stack.request.template);
        if occasion.keeps(template.resources.get(id)) {
            self.tell(stack, id, &made.kind, Status::DeleteSkipped, None);
            if let Some(thing) = self.account.find_mut(&made.kind, &made.id) {
                thing.stack = None;
            }
            stack.resources.shift_remove(id);
            return true;
        }
        let well = self.end_made(stack, id, &made);
        if well {
            stack.resources.shift_remove(id);
        }
        well
    }

    /// Deletes what a stack has made under a logical id; whether that worked.
    pub(super) fn end_made(&mut self, stack: &mut Stack, id: &str, made: &Made) -> bool {
        self.tell(stack, id, &made.kind, Status::DeleteInProgress, None);
        match self.unmake(stack, id, made) {
            Ok(()) => {
                self.tell(stack, id, &made.kind, Status::DeleteComplete, None);
                true
            }
            Err(cause) => {
                self.tell(stack, id, &made.kind, Status::DeleteFailed, Some(cause));
                false
            }
        }
    }

    fn unmake(&mut self, stack: &mut Stack, id: &str, made: &Made) -> Result<(), Cause> {
        const FAILED: Status = Status::DeleteFailed;
        let kind = &made.kind;
        if let Some(token) = made
            .properties
            .get("ServiceToken")
            .and_then(|node| node.scalar_text())
        {
            return self.unmake_custom(stack, id, made, &token);
        }
        if let Some((_, token)) = self.custom(stack, kind, &made.properties) {
            return self.unmake_custom(stack, id, made, &token);
        }
        if kind == "AWS::CloudFormation::Stack" {
            self.unmake_nested(stack, id, made)?;
        }
        let Some(thing) = self.account.find(kind, &made.id).cloned() else {
            // What is gone already is deleted.
            return Ok(());
        };
        if let Some(known) = self.world.behaviours.of(kind) {
            let calls = self.calls(stack, id).of(Phase::Delete, &thing, known);
            self.decide(stack, id, kind, FAILED, calls)?;
        }
        if let Some(cause) = holds(self.world.behaviours, self.account, &thing) {
            self.or_go_on(stack, id, kind, FAILED, None, cause)?;
        }
        self.attach(&thing, false);
        self.account.remove(kind, &made.id);
        Ok(())
    }
}

/// What keeps a resource from being deleted, whoever asks.
fn holds(behaviours: &Behaviours, account: &Account, thing: &Thing) -> Option<Cause> {
    let fills = behaviours
        .of(&thing.kind)
        .is_some_and(|known| known.fills.is_some());
    if thing.is_filled && fills {
        return Some(Cause::NotEmpty);
    }
    let used_by = |other: &&Thing| match thing.kind.as_str() {
        "AWS::IAM::Role" => {
            other.kind == "AWS::IAM::InstanceProfile"
                && at(&other.properties, "Roles.*").contains(&thing.id)
        }
        "AWS::IAM::ManagedPolicy" => {
            other.kind == "AWS::IAM::Role"
                && at(&other.properties, "ManagedPolicyArns.*").contains(&thing.arn)
        }
        _ => false,
    };
    let by = match thing.attached.first() {
        Some(policy) => Some(policy.clone()),
        None => account
            .things
            .iter()
            .find(used_by)
            .map(|other| other.id.clone()),
    };
    by.map(|by| Cause::InUse { by })
}
