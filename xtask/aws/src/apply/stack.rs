//! Stacks, by change sets.

use super::wait::Look;
use super::{Apply, StepError};
use crate::call::{CallErrorKind, Named};
use crate::command_error::CommandError;
use crate::read::stacks;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Capability, ChangeAction, ChangeSetStatus, ChangeSetType, ExecutionStatus, Parameter,
    Replacement, ResourceStatus,
};
use compute_catalog::digest::Digest;
use compute_catalog::publish::{LiveStack, Reference, Stack, Superseded};
use std::collections::BTreeMap;

/// What begins the names of our change sets.
const CHANGE_SET: &str = "publish-";

/// CloudFormation's word for a stack that so far is only a change set.
const NOT_YET: &str = "REVIEW_IN_PROGRESS";

/// CloudFormation's word for a stack whose creation was put back: it holds nothing, and can't be
/// updated.
const PUT_BACK: &str = "ROLLBACK_COMPLETE";

/// The largest template that a call can hold, in bytes.
const INLINE: usize = 51_200;

/// Types whose replacement takes with it what hangs on them.
const PILLARS: [&str; 3] = [
    "AWS::ServiceCatalog::Portfolio",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
];

impl Apply<'_> {
    pub(super) async fn deploy_stack(
        &self,
        stack: &Stack,
        removed: &[String],
        superseded: &[Superseded],
        bucket: &Reference,
    ) -> Result<(), StepError> {
        let name = stack.name.as_str();
        let mut values = BTreeMap::new();
        for (parameter, reference) in &stack.parameters {
            values.insert(parameter.clone(), self.known.value(reference)?);
        }
        // An earlier attempt may be under way, or over.
        let mut live = self.settled(name).await?;
        if live.as_ref().is_some_and(|live| live.status == PUT_BACK) {
            self.delete_empty(name).await?;
            live = None;
        }
        let live_exists = live.is_some();
        let exists = live.as_ref().is_some_and(|live| live.status != NOT_YET);
        if let Some(live) = live.filter(|live| live.is_settled() && is_same(stack, &values, live)) {
            self.known.learn_outputs(name, live.outputs);
            return Ok(());
        }
        let change_set = format!(
            "{CHANGE_SET}{}",
            self.token(&[name, &stack.template, &format!("{values:?}")])
        );
        let url = self.url_where_needed(name, &stack.template, bucket).await?;
        if live_exists {
            self.clear_change_sets(name, &change_set).await?;
        }
        self.create_change_set(stack, url, &values, &change_set, exists)
            .await?;
        let described = self.change_set_is_there(name, &change_set).await?;
        refuse_surprises(name, &described, removed)?;
        let taken_off = self.take_off(superseded).await?;
        let answer = self
            .session
            .stacks
            .execute_change_set()
            .stack_name(name)
            .change_set_name(&change_set)
            .client_request_token(self.token(&["execute", &change_set]))
            .send()
            .await
            .named("cloudformation ExecuteChangeSet", name);
        match answer {
            // It is being executed already: an earlier answer was lost.
            Err(error) if error.code.as_deref() == Some("InvalidChangeSetStatus") => {}
            // Certainly not executed.
            Err(error) if error.kind == CallErrorKind::Refused => {
                self.put_back(&taken_off).await?;
                return Err(error.into());
            }
            answer => {
                answer?;
            }
        }
        match self.settled(name).await? {
            Some(live) if live.is_settled() && is_same(stack, &values, &live) => {
                self.known.learn_outputs(name, live.outputs);
                Ok(())
            }
            live => {
                let why = self.why_not(name, live.map(|live| live.status)).await;
                self.put_back(&taken_off).await?;
                Err(why)
            }
        }
    }

    /// The stack once CloudFormation is done with it; `None` when there is none.
    async fn settled(&self, name: &str) -> Result<Option<LiveStack>, StepError> {
        self.wait_for(&format!("the stack {name}"), || async {
            match stacks::status(self.session, name).await? {
                Some(status) if status.ends_with("_IN_PROGRESS") && status != NOT_YET => {
                    Ok(Look::NotYet(status))
                }
                Some(_) => Ok(Look::There(stacks::find(self.session, name).await?)),
                None => Ok(Look::There(None)),
            }
        })
        .await
    }

    /// Deletes a stack that holds nothing.
    async fn delete_empty(&self, name: &str) -> Result<(), StepError> {
        self.session
            .stacks
            .delete_stack()
            .stack_name(name)
            .client_request_token(self.token(&["delete", name]))
            .send()
            .await
            .named("cloudformation DeleteStack", name)?;
        self.wait_for(&format!("the end of the stack {name}"), || async {
            Ok(match stacks::status(self.session, name).await? {
                Some(status) if status == "DELETE_FAILED" => Look::Never(
                    CommandError::new(format!("CloudFormation can't delete the stack {name}"))
                        .because("it is DELETE_FAILED")
                        .hint(format!(
                            "`aws cloudformation describe-stack-events --stack-name {name}` names what holds it; mend that, then publish again"
                        )),
                ),
                Some(status) => Look::NotYet(status),
                None => Look::There(()),
            })
        })
        .await
    }

    /// Deletes the change sets that earlier attempts have left, and this attempt's own where it can't
    /// be executed any more: after an update that failed, or one by hand.
    async fn clear_change_sets(&self, name: &str, own: &str) -> Result<(), StepError> {
        let stacks = &self.session.stacks;
        let mut pages = stacks
            .list_change_sets()
            .stack_name(name)
            .into_paginator()
            .send();
        let mut left = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.named("cloudformation ListChangeSets", name)?;
            for summary in page.summaries() {
                let change_set = summary.change_set_name().unwrap_or_default();
                let is_of_use = matches!(
                    summary.execution_status(),
                    Some(ExecutionStatus::Available | ExecutionStatus::ExecuteInProgress)
                ) || matches!(
                    summary.status(),
                    Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress)
                );
                let is_ours = change_set.starts_with(CHANGE_SET);
                if is_ours && !(change_set == own && is_of_use) {
                    left.push(change_set.to_owned());
                }
            }
        }
        for change_set in left {
            stacks
                .delete_change_set()
                .stack_name(name)
                .change_set_name(&change_set)
                .send()
                .await
                .named("cloudformation DeleteChangeSet", name)?;
        }
        Ok(())
    }

    async fn create_change_set(
        &self,
        stack: &Stack,
        url: Option<String>,
        values: &BTreeMap<String, String>,
        change_set: &str,
        exists: bool,
    ) -> Result<(), StepError> {
        let parameters = values.iter().map(|(key, value)| {
            Parameter::builder()
                .parameter_key(key)
                .parameter_value(value)
                .build()
        });
        let call = self.session.stacks.create_change_set();
        let call = match url {
            Some(url) => call.template_url(url),
            None => call.template_body(&*stack.template),
        };
        let answer = call
            .stack_name(&stack.name)
            .change_set_name(change_set)
            .change_set_type(if exists {
                ChangeSetType::Update
            } else {
                ChangeSetType::Create
            })
            .client_token(change_set)
            .set_parameters(Some(parameters.collect()))
            .capabilities(Capability::CapabilityNamedIam)
            .send()
            .await
            .named("cloudformation CreateChangeSet", &stack.name);
        match answer {
            // An earlier attempt made it: the name holds the digest of what it is made of.
            Err(error) if error.code.as_deref() == Some("AlreadyExistsException") => Ok(()),
            answer => answer.map(drop).map_err(Into::into),
        }
    }

    /// Puts a template that no call can hold into the bucket, under its digest.
    pub(super) async fn url_where_needed(
        &self,
        name: &str,
        template: &str,
        bucket: &Reference,
    ) -> Result<Option<String>, StepError> {
        if template.len() <= INLINE {
            return Ok(None);
        }
        let bucket = self.known.value(bucket)?;
        let digest = Digest::of(template.as_bytes());
        let object = format!("stacks/{name}-{}.yaml", digest.hex());
        let body = (template.as_bytes(), "application/yaml");
        self.put_once(&bucket, &object, body, &digest).await?;
        Ok(Some(self.session.object_url(&bucket, &object)))
    }

    async fn change_set_is_there(
        &self,
        stack: &str,
        change_set: &str,
    ) -> Result<DescribeChangeSetOutput, StepError> {
        let result = self
            .wait_for(&format!("the change set of the stack {stack}"), || async {
                let answer = self
                    .session
                    .stacks
                    .describe_change_set()
                    .stack_name(stack)
                    .change_set_name(change_set)
                    .send()
                    .await
                    .named("cloudformation DescribeChangeSet", stack);
                let described = match answer {
                    Ok(described) => described,
                    Err(error) if error.code.as_deref() == Some("ChangeSetNotFound") => {
                        return Ok(Look::NotYet("not found".to_owned()));
                    }
                    Err(error) => return Err(error),
                };
                Ok(match described.status() {
                    Some(ChangeSetStatus::CreateComplete) => Look::There(described),
                    Some(ChangeSetStatus::Failed) => Look::Never(
                        CommandError::new(format!("CloudFormation can't make the change set of the stack {stack}"))
                            .because(described.status_reason().unwrap_or("it gives no reason"))
                            .hint("mend the template or what it meets in the account; the stack is as it was"),
                    ),
                    other => Look::NotYet(other.map_or("unknown", ChangeSetStatus::as_str).to_owned()),
                })
            })
            .await;
        if matches!(result, Err(StepError::CommandError(_))) {
            // The next attempt makes a new one under this name.
            self.session
                .stacks
                .delete_change_set()
                .stack_name(stack)
                .change_set_name(change_set)
                .send()
                .await
                .named("cloudformation DeleteChangeSet", stack)?;
        }
        result
    }

    /// Why a stack isn't as it should be, with the first resources that failed.
    async fn why_not(&self, name: &str, status: Option<String>) -> StepError {
        let status = status.unwrap_or_else(|| "gone".to_owned());
        let mut failure = CommandError::new(format!("the stack {name} is {status}"))
            .hint("mend what failed, then publish again; CloudFormation has put the stack back");
        let events = self
            .session
            .stacks
            .describe_stack_events()
            .stack_name(name)
            .send()
            .await
            .named("cloudformation DescribeStackEvents", name);
        match events {
            Ok(events) => {
                let failed = events.stack_events().iter().filter(|event| {
                    let status = event.resource_status().map_or("", ResourceStatus::as_str);
                    event.resource_status_reason().is_some()
                        && (status.ends_with("_FAILED") || status.ends_with("ROLLBACK_IN_PROGRESS"))
                });
                for event in failed.take(3) {
                    failure = failure.because(format!(
                        "{}: {}",
                        event.logical_resource_id().unwrap_or_default(),
                        event.resource_status_reason().unwrap_or("no reason given")
                    ));
                }
            }
            Err(error) => failure = failure.because(CommandError::from(error)),
        }
        failure.into()
    }
}

fn is_same(stack: &Stack, values: &BTreeMap<String, String>, live: &LiveStack) -> bool {
    stack.is_template(&live.template)
        && values
            .iter()
            .all(|(name, value)| live.parameters.get(name) == Some(value))
}

/// Refuses a change set that removes or replaces what the plan didn't say.
fn refuse_surprises(
    stack: &str,
    described: &DescribeChangeSetOutput,
    removed: &[String],
) -> Result<(), CommandError> {
    let mut refused = Vec::new();
    for change in described
        .changes()
        .iter()
        .filter_map(|change| change.resource_change())
    {
        let id = change.logical_resource_id().unwrap_or_default();
        let is_pillar = change
            .resource_type()
            .is_some_and(|resource| PILLARS.contains(&resource));
        if change.action() == Some(&ChangeAction::Remove) && !removed.iter().any(|one| one == id) {
            refused.push(format!("{id} would be removed"));
        }
        if is_pillar && change.replacement() == Some(&Replacement::True) {
            refused.push(format!("{id} would be replaced"));
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    refused.sort();
    Err(refused.into_iter().fold(
        CommandError::new(format!(
            "the change set of the stack {stack} does more than was planned"
        ))
        .hint("look at it in the CloudFormation console; nothing was changed"),
        CommandError::because,
    ))
}
