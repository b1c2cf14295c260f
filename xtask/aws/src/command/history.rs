//! What happened to the stack of a provisioned product.

use crate::call::Named;
use crate::command_error::CommandError;
use crate::session::Session;
use aws_sdk_cloudformation::types::StackEvent;

/// The name of the stack of a provisioned product.
pub(super) fn stack_of(session: &Session, provisioned: &str) -> String {
    format!("SC-{}-{provisioned}", session.account)
}

/// The id of a stack, which it keeps when it is deleted; none where there is no stack of this name.
pub(super) async fn stack_id(
    session: &Session,
    name: &str,
) -> Result<Option<String>, CommandError> {
    let mut pages = session.stacks.describe_stacks().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation DescribeStacks", name)?;
        let mut stacks = page.stacks.unwrap_or_default().into_iter();
        if let Some(found) = stacks.find(|one| one.stack_name() == Some(name)) {
            return Ok(found.stack_id);
        }
    }
    Ok(None)
}

/// The events of a stack, oldest first.
///
/// # Errors
/// What CloudFormation answers where there is no such stack.
pub(super) async fn events(
    session: &Session,
    stack: &str,
) -> Result<Vec<StackEvent>, CommandError> {
    let mut events = Vec::new();
    let mut token = None;
    loop {
        let page = session
            .stacks
            .describe_stack_events()
            .stack_name(stack)
            .set_next_token(token)
            .send()
            .await
            .named("cloudformation DescribeStackEvents", stack)?;
        events.extend(page.stack_events.unwrap_or_default());
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    events.reverse();
    Ok(events)
}
