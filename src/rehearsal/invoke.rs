//! Custom resources of a stack: their functions are called as whoever works on the stack.

use super::alter::{Done, differences};
use super::cause::Cause;
use super::custom::{CustomRequest, UNMADE, invocation};
use super::engine::Engine;
use super::event::Status;
use super::outside::RequestKind;
use super::stack::{Made, Stack};
use crate::cfn::{IndexMap, Map, Node};

impl Engine<'_> {
    /// The type and token of a custom resource, also of one that a macro makes.
    pub(super) fn custom(
        &self,
        stack: &Stack,
        kind: &str,
        properties: &Map,
    ) -> Option<(String, String)> {
        if kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" {
            let token = properties.get("ServiceToken").and_then(Node::scalar_text);
            return Some((kind.to_owned(), token.unwrap_or_default()));
        }
        let macros = &self.world.outside.file.macros;
        let mut named = stack.request.template.transform.iter();
        let made = named.find_map(|name| macros.get(name.name.as_str())?.makes.get(kind))?;
        let account = &*self.account;
        let token = format!(
            "arn:{}:lambda:{}:{}:function:{}",
            account.partition, account.region, account.id, made.function
        );
        Some((made.becomes.clone(), token))
    }

    /// Has a custom resource made.
    pub(super) fn make_custom(
        &mut self,
        stack: &mut Stack,
        id: &str,
        kind: &str,
        token: &str,
        properties: Map,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::CreateFailed;
        // What was begun is there to be deleted, also where its creation fails.
        let made = Made {
            kind: kind.to_owned(),
            id: UNMADE.to_owned(),
            properties,
            attributes: IndexMap::default(),
            nested: None,
        };
        let properties = made.properties.clone();
        self.invoke(stack, id, kind, token, FAILED)?;
        stack.resources.insert(id.to_owned(), made);
        let answer = self.functions.answer(
            &self.world,
            self.account,
            &CustomRequest {
                kind: RequestKind::Create,
                stack,
                logical_id: id,
                resource_type: kind,
                physical_id: None,
                properties: &properties,
                old_properties: None,
                token,
            },
        );
        if let Some(made) = stack.resources.get_mut(id) {
            made.id = answer.physical_id;
            made.attributes = answer.data;
        }
        match answer.failed {
            Some(cause) => self.or_go_on(stack, id, kind, FAILED, None, cause),
            None => Ok(()),
        }
    }

    /// Whether the caller may call the function behind a custom resource.
    pub(super) fn invoke(
        &mut self,
        stack: &Stack,
        id: &str,
        kind: &str,
        token: &str,
        status: Status,
    ) -> Result<(), Cause> {
        let request = invocation(self.account, &self.caller, token);
        let property = Some("ServiceToken".to_owned());
        let call = super::call::Call { request, property };
        self.decide(stack, id, kind, status, vec![call])
    }

    /// Has a custom resource changed.
    #[expect(
        clippy::too_many_arguments,
        reason = "each says one thing of the update"
    )]
    pub(super) fn alter_custom(
        &mut self,
        stack: &mut Stack,
        id: &str,
        kind: &str,
        token: &str,
        old: &Made,
        properties: Map,
        done: &mut Done,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::UpdateFailed;
        if kind != old.kind {
            let cause = Cause::Immutable {
                property: format!("its type, which was {},", old.kind),
            };
            return self.or_go_on(stack, id, kind, FAILED, None, cause);
        }
        let old_token = old
            .properties
            .get("ServiceToken")
            .and_then(Node::scalar_text);
        if old_token.is_some_and(|old| old != token) {
            let property = Some("ServiceToken".to_owned());
            return self.or_go_on(stack, id, kind, FAILED, property, Cause::TokenChanged);
        }
        if differences(&old.properties, &properties).is_empty() {
            return Ok(());
        }
        self.tell(stack, id, kind, Status::UpdateInProgress, None);
        self.invoke(stack, id, kind, token, FAILED)?;
        let answer = self.functions.answer(
            &self.world,
            self.account,
            &CustomRequest {
                kind: RequestKind::Update,
                stack,
                logical_id: id,
                resource_type: kind,
                physical_id: Some(&old.id),
                properties: &properties,
                old_properties: Some(&old.properties),
                token,
            },
        );
        if let Some(cause) = answer.failed {
            self.tell(stack, id, kind, FAILED, Some(cause.clone()));
            return self.or_go_on(stack, id, kind, FAILED, None, cause);
        }
        let is_new = answer.physical_id != old.id;
        let made = Made {
            kind: kind.to_owned(),
            id: answer.physical_id,
            properties,
            attributes: answer.data,
            nested: None,
        };
        stack.resources.insert(id.to_owned(), made);
        match is_new {
            true => done.replaced.push((id.to_owned(), old.clone())),
            false => done.changed.push((id.to_owned(), old.clone())),
        }
        self.tell(stack, id, kind, Status::UpdateComplete, None);
        match self.manner.fail_at.as_deref() == Some(id) {
            true => Err(Cause::OnPurpose),
            false => Ok(()),
        }
    }

    /// Tells the function behind a custom resource that the properties are as they were.
    pub(super) fn tell_old(
        &mut self,
        stack: &mut Stack,
        id: &str,
        now: &Made,
        old: &Made,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::UpdateFailed;
        let token = old
            .properties
            .get("ServiceToken")
            .and_then(Node::scalar_text);
        let token = token.unwrap_or_default();
        self.invoke(stack, id, &old.kind, &token, FAILED)?;
        let answer = self.functions.answer(
            &self.world,
            self.account,
            &CustomRequest {
                kind: RequestKind::Update,
                stack,
                logical_id: id,
                resource_type: &old.kind,
                physical_id: Some(&now.id),
                properties: &old.properties,
                old_properties: Some(&now.properties),
                token: &token,
            },
        );
        if let Some(cause) = answer.failed {
            return self.or_go_on(stack, id, &old.kind, FAILED, None, cause);
        }
        stack.resources.insert(id.to_owned(), old.clone());
        Ok(())
    }

    /// Has a custom resource deleted.
    pub(super) fn unmake_custom(
        &mut self,
        stack: &mut Stack,
        id: &str,
        made: &Made,
        token: &str,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::DeleteFailed;
        self.invoke(stack, id, &made.kind, token, FAILED)?;
        let answer = self.functions.answer(
            &self.world,
            self.account,
            &CustomRequest {
                kind: RequestKind::Delete,
                stack,
                logical_id: id,
                resource_type: &made.kind,
                physical_id: Some(&made.id),
                properties: &made.properties,
                old_properties: None,
                token,
            },
        );
        match answer.failed {
            Some(cause) => self.or_go_on(stack, id, &made.kind, FAILED, None, cause),
            None => Ok(()),
        }
    }
}
