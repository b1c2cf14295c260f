//! Drift of stacks, by CloudFormation's own detection.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

use super::each;
use crate::call::{CallError, CallErrorKind, Named};
use crate::session::Session;
use aws_sdk_cloudformation::types::{StackDriftDetectionStatus, StackResourceDriftStatus};
use compute_catalog::publish::LiveStack;
use std::collections::BTreeMap;

/// The changed resources of each stack. A stack whose detection fails or takes too long says so.
pub(crate) async fn read(
    session: &Session,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<BTreeMap<String, Vec<String>>, CallError> {
    let names = stacks
        .iter()
        .filter(|(_, live)| live.is_settled())
        .map(|(name, _)| name.clone());
    let found = each(session, names, |name| async move {
        match of_stack(session, &name).await {
            // Somebody else has it look just now, or this identity may not: the other stacks can be told.
            Err(error) if error.kind == CallErrorKind::Refused => {
                Ok((name, vec![unknown(&error.why())]))
            }
            answer => Ok((name, answer?)),
        }
    })
    .await?;
    Ok(found
        .into_iter()
        .filter(|(_, drifted)| !drifted.is_empty())
        .collect())
}

fn unknown(why: &str) -> String {
    format!("CloudFormation can't tell its drift: {why}")
}

async fn of_stack(session: &Session, name: &str) -> Result<Vec<String>, CallError> {
    let detection = session
        .stacks
        .detect_stack_drift()
        .stack_name(name)
        .send()
        .await
        .named("cloudformation DetectStackDrift", name)?;
    let id = detection.stack_drift_detection_id().unwrap_or_default();
    for _ in 0..session.pace.looks {
        let status = session
            .stacks
            .describe_stack_drift_detection_status()
            .stack_drift_detection_id(id)
            .send()
            .await
            .named("cloudformation DescribeStackDriftDetectionStatus", name)?;
        match status.detection_status() {
            Some(StackDriftDetectionStatus::DetectionInProgress) => session.pace.wait().await,
            Some(StackDriftDetectionStatus::DetectionFailed) => {
                let why = status
                    .detection_status_reason()
                    .unwrap_or("it gives no reason");
                return Ok(vec![unknown(why)]);
            }
            _ => return list(session, name).await,
        }
    }
    Ok(vec!["CloudFormation still looks for its drift".to_owned()])
}

async fn list(session: &Session, name: &str) -> Result<Vec<String>, CallError> {
    let mut pages = session
        .stacks
        .describe_stack_resource_drifts()
        .stack_name(name)
        .stack_resource_drift_status_filters(StackResourceDriftStatus::Modified)
        .stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted)
        .into_paginator()
        .send();
    let mut drifted = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation DescribeStackResourceDrifts", name)?;
        for drift in page.stack_resource_drifts() {
            let id = drift.logical_resource_id().unwrap_or_default();
            let status = drift
                .stack_resource_drift_status()
                .map_or("changed", |status| status.as_str());
            let paths: Vec<&str> = drift
                .property_differences()
                .iter()
                .filter_map(|difference| difference.property_path())
                .collect();
            drifted.push(
                format!("{id} is {status} {}", paths.join(", "))
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    drifted.sort();
    Ok(drifted)
}
