//! The stacks that the catalog asks for.

use super::each;
use super::fixed::{StackParts, StackState};
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_cloudformation::types::{Stack, StackDriftStatus, StackStatus, TemplateStage};
use compute_catalog::publish::{Desired, LiveStack, lost_exports};
use std::collections::BTreeMap;

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
) -> Result<BTreeMap<String, LiveStack>, CallError> {
    if desired.stacks.is_empty() {
        return Ok(BTreeMap::new());
    }
    // By their names: an account has thousands of stacks, one for each provisioned product, and those
    // that are deleted stay listed for 90 days.
    let found = each(session, &desired.stacks, |stack| async move {
        let Some(mut live) = find(session, &stack.name).await? else {
            return Ok(None);
        };
        let known = [
            ("AWS::Region", session.region.as_str()),
            ("AWS::AccountId", session.account.as_str()),
            ("AWS::StackName", stack.name.as_str()),
        ];
        for output in lost_exports(&live.template, &stack.template, &known) {
            if let Some(export) = live.exports.get(&output) {
                let importers = importers(session, export).await?;
                if !importers.is_empty() {
                    live.importers.insert(export.clone(), importers);
                }
            }
        }
        Ok(Some((stack.name.clone(), live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// The stacks that import an export, by their names, sorted.
async fn importers(session: &Session, export: &str) -> Result<Vec<String>, CallError> {
    let pages = session.stacks.list_imports().export_name(export);
    let mut pages = pages.into_paginator().send();
    let mut names = Vec::new();
    while let Some(page) = pages.next().await {
        match page.named("cloudformation ListImports", export) {
            Ok(page) => names.extend(page.imports().iter().cloned()),
            // The answer where nobody imports it: the name is that of an export, and there is no
            // other parameter.
            Err(error) if error.code.as_deref() == Some("ValidationError") => break,
            Err(error) => return Err(error),
        }
    }
    names.sort();
    Ok(names)
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

/// A stack's word for how it stands, where it exists.
pub(crate) async fn status(session: &Session, name: &str) -> Result<Option<String>, CallError> {
    let stack = describe(session, name).await?;
    Ok(stack.map(|stack| word(&stack)))
}

fn word(stack: &Stack) -> String {
    let status = stack.stack_status().map(StackStatus::as_str);
    status.unwrap_or_default().to_owned()
}

async fn describe(session: &Session, name: &str) -> Result<Option<Stack>, CallError> {
    let answer = session
        .stacks
        .describe_stacks()
        .stack_name(name)
        .send()
        .await
        .named("cloudformation DescribeStacks", name);
    match answer {
        Ok(answer) => Ok(answer.stacks().first().cloned()),
        // The answer for a stack that doesn't exist; a name of ours is valid, and there is no other
        // parameter.
        Err(error) if error.code.as_deref() == Some("ValidationError") => Ok(None),
        Err(error) => Err(error),
    }
}

/// A stack with its template, where it exists.
pub(crate) async fn find(session: &Session, name: &str) -> Result<Option<LiveStack>, CallError> {
    let Some(stack) = describe(session, name).await? else {
        return Ok(None);
    };
    let status = word(&stack);
    let parts = parts(session, name, &stack, &status).await?;
    let pair = |key: Option<&str>, value: Option<&str>| {
        Some((key?.to_owned(), value.unwrap_or_default().to_owned()))
    };
    Ok(Some(LiveStack {
        resources: parts.resources,
        kinds: parts.kinds,
        importers: BTreeMap::new(),
        exports: stack
            .outputs()
            .iter()
            .filter_map(|one| Some((one.output_key()?.to_owned(), one.export_name()?.to_owned())))
            .collect(),
        role: stack.role_arn().map(str::to_owned),
        is_protected: stack.enable_termination_protection() == Some(true),
        has_drifted: stack
            .drift_information()
            .and_then(|one| one.stack_drift_status())
            .is_some_and(|status| *status == StackDriftStatus::Drifted),
        status,
        template: parts.template.into(),
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

/// The template of a stack and what it has made. Asked for once for each state of the stack.
async fn parts(
    session: &Session,
    name: &str,
    stack: &Stack,
    status: &str,
) -> Result<StackParts, CallError> {
    if status == StackStatus::ReviewInProgress.as_str() {
        return Ok(StackParts::default());
    }
    let at = stack.last_updated_time().or(stack.creation_time());
    let state = StackState {
        id: stack.stack_id().unwrap_or_default().to_owned(),
        at: at.map(|at| format!("{at:?}")).unwrap_or_default(),
        change_set: stack.change_set_id().unwrap_or_default().to_owned(),
        status: status.to_owned(),
    };
    // While something is going on, what it has made comes and goes.
    let is_fixed = !status.ends_with("_IN_PROGRESS");
    if is_fixed && let Some(parts) = session.fixed.stack(&state) {
        return Ok(parts);
    }
    let template = session
        .stacks
        .get_template()
        .stack_name(name)
        .template_stage(TemplateStage::Original)
        .send()
        .await
        .named("cloudformation GetTemplate", name)?
        .template_body()
        .unwrap_or_default()
        .to_owned();
    let (resources, kinds) = match template.contains("AWS::ServiceCatalog::") {
        true => resources(session, name).await?,
        false => Default::default(),
    };
    let parts = StackParts {
        template,
        resources,
        kinds,
    };
    if is_fixed {
        session.fixed.keep_stack(state, &parts);
    }
    Ok(parts)
}

/// What a stack has made: the id of each thing and its type, by logical id.
async fn resources(
    session: &Session,
    name: &str,
) -> Result<(BTreeMap<String, String>, BTreeMap<String, String>), CallError> {
    let mut pages = session
        .stacks
        .list_stack_resources()
        .stack_name(name)
        .into_paginator()
        .send();
    let (mut ids, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation ListStackResources", name)?;
        for resource in page.stack_resource_summaries() {
            let logical_id = resource.logical_resource_id().unwrap_or_default();
            if let Some(id) = resource.physical_resource_id() {
                ids.insert(logical_id.to_owned(), id.to_owned());
            }
            let kind = resource.resource_type().unwrap_or_default();
            kinds.insert(logical_id.to_owned(), kind.to_owned());
        }
    }
    Ok((ids, kinds))
}
