//! CloudFormation at work on one stack: what it calls, in which order, and what follows.
//!
//! Every call is decided by IAM before it counts. Where one is refused, the step fails and
//! CloudFormation does what it does then; a survey goes on instead, so that everything that would
//! fail is found at once.

use super::account::{Account, Caller};
use super::call::{Call, Calls};
use super::cause::Cause;
use super::custom::Functions;
use super::event::{Event, Status};
use super::stack::{Known, Made, Stack};
use super::world::World;
use crate::cfn::{Evaluation, IndexMap, Map};
use crate::iam::Verdict;

/// Something that doesn't work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The stack's template, from the root of the repository.
    pub file: String,
    /// The resource, by logical id; empty: the stack itself.
    pub logical_id: String,
    /// Its type.
    pub kind: String,
    /// The property that brings it, where one does.
    pub property: Option<String>,
    /// What was being done.
    pub status: Status,
    /// Why.
    pub cause: Cause,
}

/// How a stack is worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Goes on where something fails, to find everything.
    pub survey: bool,
    /// The resource that fails on purpose once it is made, and with it the launch or update.
    pub fail_at: Option<String>,
    /// What may be replaced by an update is replaced.
    pub may_replace: bool,
}

impl Manner {
    /// Everything that doesn't work is found, not only what comes first.
    pub fn survey() -> Manner {
        Manner {
            survey: true,
            ..Manner::default()
        }
    }
}

/// CloudFormation at work on a stack.
pub struct Engine<'e> {
    pub(super) world: World<'e>,
    /// The account.
    pub account: &'e mut Account,
    pub(super) caller: Caller,
    pub(super) functions: &'e mut dyn Functions,
    pub(super) manner: Manner,
    /// What happened.
    pub events: Vec<Event>,
    /// What doesn't work.
    pub failures: Vec<Failure>,
}

impl<'e> Engine<'e> {
    /// CloudFormation in an account, called by a role or an administrator.
    pub fn new(
        world: World<'e>,
        account: &'e mut Account,
        caller: Caller,
        functions: &'e mut dyn Functions,
        manner: Manner,
    ) -> Engine<'e> {
        Engine {
            world,
            account,
            caller,
            functions,
            manner,
            events: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Whether everything has worked so far.
    pub fn is_well(&self) -> bool {
        self.failures.is_empty()
    }

    pub(super) fn tell(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        status: Status,
        cause: Option<Cause>,
    ) {
        let physical_id = stack.resources.get(id).map(|made| made.id.clone());
        self.events.push(Event {
            stack: stack.request.name.clone(),
            logical_id: id.to_owned(),
            kind: kind.to_owned(),
            status,
            physical_id,
            cause,
        });
    }

    pub(super) fn tell_stack(&mut self, stack: &mut Stack, status: Status, cause: Option<Cause>) {
        stack.status = status;
        let physical_id = Some(stack.arn(self.account));
        self.events.push(Event {
            stack: stack.request.name.clone(),
            logical_id: stack.request.name.clone(),
            kind: "AWS::CloudFormation::Stack".to_owned(),
            status,
            physical_id,
            cause,
        });
    }

    /// Notes a failure. What was failed on purpose is none.
    pub(super) fn fail(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        status: Status,
        (property, cause): (Option<String>, Cause),
    ) {
        if cause == Cause::OnPurpose {
            return;
        }
        let failure = Failure {
            file: stack.request.file.clone(),
            logical_id: id.to_owned(),
            kind: kind.to_owned(),
            property,
            status,
            cause,
        };
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    /// Decides calls. In a survey every refusal is noted and nothing fails.
    ///
    /// # Errors
    /// The first call that is refused.
    pub(super) fn decide(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        status: Status,
        calls: Vec<Call>,
    ) -> Result<(), Cause> {
        if self.caller == Caller::Administrator {
            return Ok(());
        }
        for call in calls {
            let request = &call.request;
            let world = self.world;
            let decided = world.decide(self.account, &self.caller, request);
            let cause = match decided {
                Ok(Verdict::Allowed) => continue,
                Ok(Verdict::Refused(refusal)) => Cause::Refused {
                    caller: self.caller_name(),
                    action: request.action().to_owned(),
                    resource: request.resource().to_owned(),
                    refusal,
                },
                Err(undecidable) => undecidable.into(),
            };
            self.or_go_on(stack, id, kind, status, call.property, cause)?;
        }
        Ok(())
    }

    /// Notes what fails, and goes on in a survey.
    ///
    /// # Errors
    /// The cause, where this is no survey.
    pub(super) fn or_go_on(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        status: Status,
        property: Option<String>,
        cause: Cause,
    ) -> Result<(), Cause> {
        let on_purpose = cause == Cause::OnPurpose;
        self.fail(stack, id, kind, status, (property, cause.clone()));
        match self.manner.survey && !on_purpose {
            true => Ok(()),
            false => Err(cause),
        }
    }

    /// Who calls, as messages give it.
    pub(super) fn caller_name(&self) -> String {
        match &self.caller {
            Caller::Administrator => "an administrator".to_owned(),
            Caller::Role(arn) => match self.account.find("AWS::IAM::Role", arn) {
                Some(role) if !role.origin.file.is_empty() => role.origin.to_string(),
                _ => arn.clone(),
            },
        }
    }

    /// What makes the calls on a resource of a stack.
    pub(super) fn calls<'a>(&'a self, stack: &'a Stack, id: &'a str) -> Calls<'a> {
        Calls {
            behaviours: self.world.behaviours,
            handlers: self.world.handlers,
            actions: self.world.actions,
            account: self.account,
            stack: &stack.request.name,
            logical_id: id,
            caller: &self.caller,
        }
    }

    /// Evaluates with what the stack has made so far.
    pub(super) fn evaluated<R>(
        &self,
        stack: &Stack,
        work: impl FnOnce(&Evaluation<'_, Known<'_>>) -> R,
    ) -> Result<R, Cause> {
        let known = Known {
            world: &self.world,
            account: self.account,
            pseudo: self.account.pseudo(&stack.request.name),
            made: &stack.resources,
        };
        let request = &stack.request;
        let evaluation = Evaluation::new(&request.template, &request.parameters, &known);
        let evaluation = evaluation.map_err(|missing| Cause::Unknown {
            what: format!("the value of {}", missing.join(", ")),
        })?;
        Ok(work(&evaluation))
    }

    /// The properties of a resource, every function evaluated.
    ///
    /// # Errors
    /// A value that can't be worked out.
    pub(super) fn properties(&self, stack: &Stack, id: &str) -> Result<Map, Cause> {
        let resource = stack.request.template.resources.get(id);
        let resource = resource.ok_or_else(|| Cause::Unknown {
            what: format!("the resource {id}"),
        })?;
        let properties = self.evaluated(stack, |evaluation| evaluation.properties(resource))?;
        match super::stack::left_over(&properties) {
            Some(what) => Err(Cause::Unknown { what }),
            None => Ok(properties),
        }
    }

    /// Works out the outputs, and exports those that are exported.
    pub(super) fn outputs(&mut self, stack: &mut Stack) {
        let worked_out = self.evaluated(stack, |evaluation| {
            let template = &stack.request.template;
            let mut outputs = IndexMap::default();
            let mut exports = Vec::new();
            for (name, output) in &template.outputs {
                let is_there = output
                    .condition
                    .as_ref()
                    .is_none_or(|condition| evaluation.condition(condition) == Some(true));
                let value = evaluation.node(&output.value).value();
                let Some(value) = value.filter(|_| is_there) else {
                    continue;
                };
                let export = output
                    .export
                    .as_ref()
                    .and_then(|export| evaluation.node(export).value()?.scalar_text());
                if let (Some(export), Some(text)) = (export, value.scalar_text()) {
                    exports.push((export, text));
                }
                outputs.insert(name.clone(), value);
            }
            (outputs, exports)
        });
        match worked_out {
            Ok((outputs, exports)) => {
                self.account.exports.extend(exports);
                stack.outputs = outputs;
            }
            Err(cause) => self.fail(stack, "", "Outputs", Status::CreateFailed, (None, cause)),
        }
    }

    /// What a stack has made of a resource.
    pub(super) fn made(stack: &Stack, id: &str) -> Option<Made> {
        stack.resources.get(id).cloned()
    }
}
