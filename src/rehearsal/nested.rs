//! Stacks within stacks.

use super::alter::Done;
use super::call::Phase;
use super::cause::Cause;
use super::engine::Engine;
use super::event::Status;
use super::fill::at;
use super::stack::{Made, Stack, StackRequest};
use crate::cfn::{Map, Node};
use std::sync::Arc;

impl Engine<'_> {
    /// Makes a stack within a stack.
    pub(super) fn make_nested(
        &mut self,
        stack: &mut Stack,
        id: &str,
        properties: Map,
    ) -> Result<(), Cause> {
        const KIND: &str = "AWS::CloudFormation::Stack";
        const FAILED: Status = Status::CreateFailed;
        let (thing, attributes) = match self.identify(stack, id, KIND, &properties) {
            Ok(identified) => identified,
            Err(cause) => return self.or_go_on(stack, id, KIND, FAILED, None, cause),
        };
        let Some(request) = self.nested_request(stack, &thing.name, &properties) else {
            let what = format!(
                "the nested template {}",
                at(&properties, "TemplateURL").join("")
            );
            return self.or_go_on(stack, id, KIND, FAILED, None, Cause::Unknown { what });
        };
        if let Some(known) = self.world.behaviours.of(KIND) {
            let calls = self.calls(stack, id).of(Phase::Create, &thing, known);
            self.decide(stack, id, KIND, FAILED, calls)?;
        }
        self.account.add(thing.clone());
        let nested = self.create(request);
        let status = nested.status;
        let made = Made {
            kind: KIND.to_owned(),
            id: thing.id.clone(),
            properties,
            attributes,
            nested: Some(Box::new(nested)),
        };
        stack.resources.insert(id.to_owned(), made);
        match status {
            Status::CreateComplete => Ok(()),
            _ => Err(Cause::InUse {
                by: format!("the nested stack {}, whose launch failed", thing.name),
            }),
        }
    }

    /// What is asked for a nested stack, where its template is known.
    pub(super) fn nested_request(
        &self,
        stack: &Stack,
        name: &str,
        properties: &Map,
    ) -> Option<StackRequest> {
        let url = at(properties, "TemplateURL").into_iter().next()?;
        let template = self.world.nested_at(&url)?;
        let parameters = properties.get("Parameters").and_then(Node::as_map);
        let parameters = parameters.into_iter().flatten();
        let text = |(name, node): (&String, &Node)| Some((name.clone(), node.scalar_text()?));
        Some(StackRequest {
            name: name.to_owned(),
            template: Arc::clone(template),
            file: url.rsplit('/').next()?.to_owned(),
            parameters: parameters.filter_map(text).collect(),
            tags: stack.request.tags.clone(),
        })
    }

    /// Updates a stack within a stack.
    pub(super) fn alter_nested(
        &mut self,
        stack: &mut Stack,
        id: &str,
        old: &Made,
        properties: Map,
        done: &mut Done,
    ) -> Result<(), Cause> {
        let kind = old.kind.as_str();
        const FAILED: Status = Status::UpdateFailed;
        let thing = self.account.find(kind, &old.id).cloned();
        let (Some(thing), Some(mut nested)) = (thing, old.nested.clone()) else {
            return Ok(());
        };
        let Some(request) = self.nested_request(stack, &thing.name, &properties) else {
            let what = "the template of the nested stack".to_owned();
            return self.or_go_on(stack, id, kind, FAILED, None, Cause::Unknown { what });
        };
        if let Some(known) = self.world.behaviours.of(kind) {
            let calls = self.calls(stack, id).of(Phase::Update, &thing, known);
            self.decide(stack, id, kind, FAILED, calls)?;
        }
        self.tell(stack, id, kind, Status::UpdateInProgress, None);
        self.update(&mut nested, request);
        let well = nested.status == Status::UpdateComplete;
        done.changed.push((id.to_owned(), old.clone()));
        if let Some(made) = stack.resources.get_mut(id) {
            made.properties = properties;
            made.nested = Some(nested);
        }
        match well {
            true => {
                self.tell(stack, id, kind, Status::UpdateComplete, None);
                Ok(())
            }
            false => Err(Cause::InUse {
                by: "its nested stack, whose update failed".to_owned(),
            }),
        }
    }

    /// Deletes a stack within a stack.
    pub(super) fn unmake_nested(
        &mut self,
        stack: &mut Stack,
        id: &str,
        made: &Made,
    ) -> Result<(), Cause> {
        let Some(mut nested) = made.nested.clone() else {
            return Ok(());
        };
        self.delete(&mut nested);
        if nested.status == Status::DeleteComplete {
            return Ok(());
        }
        if let Some(made) = stack.resources.get_mut(id) {
            made.nested = Some(nested);
        }
        Err(Cause::InUse {
            by: "its nested stack, which can't be deleted".to_owned(),
        })
    }
}
