//! The stacks that the catalog asks for.

use super::each;
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_cloudformation::types::{StackDriftStatus, StackStatus, TemplateStage};
use compute_catalog::publish::{Desired, LiveStack};
use std::collections::BTreeMap;

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
) -> Result<BTreeMap<String, LiveStack>, CallError> {
    if desired.stacks.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Describing a stack that doesn't exist is answered by a ValidationError like any other; the
    // list says it plainly.
    let names: Vec<String> = list(session)
        .await?
        .into_iter()
        .filter(|name| desired.stack(name).is_some())
        .collect();
    let found = each(session, names, |name| async move {
        let live = describe(session, &name).await?;
        Ok(live.map(|live| (name, live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// The names of all stacks.
pub(crate) async fn list(session: &Session) -> Result<Vec<String>, CallError> {
    let mut pages = session.stacks.list_stacks().into_paginator().send();
    let mut names = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation ListStacks", "the account")?;
        for summary in page.stack_summaries() {
            if summary.stack_status() != Some(&StackStatus::DeleteComplete) {
                names.extend(summary.stack_name().map(str::to_owned));
            }
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// A stack, where it exists.
pub(crate) async fn find(session: &Session, name: &str) -> Result<Option<LiveStack>, CallError> {
    if list(session).await?.iter().any(|listed| listed == name) {
        describe(session, name).await
    } else {
        Ok(None)
    }
}

/// A stack with its template.
async fn describe(session: &Session, name: &str) -> Result<Option<LiveStack>, CallError> {
    let answer = session
        .stacks
        .describe_stacks()
        .stack_name(name)
        .send()
        .await
        .named("cloudformation DescribeStacks", name);
    let answer = match answer {
        Ok(answer) => answer,
        // The answer for a stack that was deleted since it was listed; a name can't be invalid
        // in any other way here.
        Err(error) if error.code.as_deref() == Some("ValidationError") => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(stack) = answer.stacks().first() else {
        return Ok(None);
    };
    let status = stack
        .stack_status()
        .map(|status| status.as_str().to_owned())
        .unwrap_or_default();
    let template = if status == StackStatus::ReviewInProgress.as_str() {
        String::new()
    } else {
        session
            .stacks
            .get_template()
            .stack_name(name)
            .template_stage(TemplateStage::Original)
            .send()
            .await
            .named("cloudformation GetTemplate", name)?
            .template_body()
            .unwrap_or_default()
            .to_owned()
    };
    let pair = |key: Option<&str>, value: Option<&str>| {
        Some((key?.to_owned(), value.unwrap_or_default().to_owned()))
    };
    Ok(Some(LiveStack {
        has_drifted: stack
            .drift_information()
            .and_then(|one| one.stack_drift_status())
            .is_some_and(|status| *status == StackDriftStatus::Drifted),
        status,
        template,
        parameters: stack
            .parameters()
            .iter()
            .filter_map(|one| pair(one.parameter_key(), one.parameter_value()))
            .collect(),
        outputs: stack
            .outputs()
            .iter()
            .filter_map(|one| pair(one.output_key(), one.output_value()))
            .collect(),
    }))
}
