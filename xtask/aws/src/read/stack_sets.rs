//! The stack sets that the catalog asks for, and their instances in other accounts.

use super::each;
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_cloudformation::types::{CallAs, PermissionModels, StackSetStatus};
use compute_catalog::portfolio::Administrator;
use compute_catalog::publish::{Desired, LiveInstance, LiveStackSet, StackSet, Targets};
use std::collections::BTreeMap;

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
) -> Result<BTreeMap<String, LiveStackSet>, CallError> {
    let found = each(session, &desired.stack_sets, |set| async move {
        let live = find(session, set).await?;
        Ok(live.map(|live| (set.name.clone(), live)))
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// As whom to call: stack sets of single accounts belong to the account alone.
pub(crate) fn call_as(set: &StackSet) -> CallAs {
    match (&set.targets, set.administrator) {
        (Targets::Units(_), Administrator::Delegated) => CallAs::DelegatedAdmin,
        _ => CallAs::SelfValue,
    }
}

/// A stack set, where it exists.
pub(crate) async fn find(
    session: &Session,
    set: &StackSet,
) -> Result<Option<LiveStackSet>, CallError> {
    let answer = session
        .stacks
        .describe_stack_set()
        .stack_set_name(&set.name)
        .call_as(call_as(set))
        .send()
        .await
        .named("cloudformation DescribeStackSet", &set.name);
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.code.as_deref() == Some("StackSetNotFoundException") => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let Some(live) = answer.stack_set() else {
        return Ok(None);
    };
    if live.status() == Some(&StackSetStatus::Deleted) {
        return Ok(None);
    }
    Ok(Some(LiveStackSet {
        template: live.template_body().unwrap_or_default().to_owned(),
        is_of_units: live.permission_model() == Some(&PermissionModels::ServiceManaged),
        instances: instances(session, set).await?,
    }))
}

async fn instances(
    session: &Session,
    set: &StackSet,
) -> Result<BTreeMap<String, LiveInstance>, CallError> {
    let mut pages = session
        .stacks
        .list_stack_instances()
        .stack_set_name(&set.name)
        .stack_instance_region(&set.region)
        .call_as(call_as(set))
        .into_paginator()
        .send();
    let mut instances = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation ListStackInstances", &set.name)?;
        for instance in page.summaries() {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let live = LiveInstance {
                status: text(instance.status().map(|status| status.as_str())),
                reason: text(instance.status_reason()),
                unit: instance.organizational_unit_id().map(str::to_owned),
            };
            instances.insert(text(instance.account()), live);
        }
    }
    Ok(instances)
}
