//! Drift: what was changed behind a stack's back, found by looking at each resource.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

use super::{here, here_mut, invalid, resource, stack};
use crate::api::Time;
use crate::api::cloudformation as api;
use crate::context::{Age, Context};
use crate::state::cloudformation::{Detection, Stack, StackResource};
use crate::wire::ApiError;
use serde_json::Value;

/// A resource compared with its declaration.
struct Compared {
    status: &'static str,
    actual: Option<Value>,
    /// Path, expected, actual, kind of difference.
    differences: Vec<(String, String, String, &'static str)>,
}

/// Only declared properties are compared, as CloudFormation does.
fn compare(context: &Context<'_>, resource: &StackResource) -> Compared {
    let properties = &resource.properties;
    let actual = resource::actual(context, &resource.kind, &resource.physical, properties);
    let Some(actual) = actual else {
        return Compared {
            status: "DELETED",
            actual: None,
            differences: Vec::new(),
        };
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut differences = Vec::new();
    for (name, expected) in properties.as_object().into_iter().flatten() {
        let Some(found) = actual.get(name) else {
            continue;
        };
        if found.is_null() {
            differences.push((
                format!("/{name}"),
                text(expected),
                "null".to_owned(),
                "REMOVE",
            ));
        } else if text(found) != text(expected) {
            differences.push((format!("/{name}"), text(expected), text(found), "NOT_EQUAL"));
        }
    }
    Compared {
        status: if differences.is_empty() {
            "IN_SYNC"
        } else {
            "MODIFIED"
        },
        actual: Some(actual),
        differences,
    }
}

pub(super) fn detect(
    context: &mut Context<'_>,
    input: api::DetectStackDriftInput,
) -> Result<api::DetectStackDriftOutput, ApiError> {
    let stack = stack::find(context, &input.stack_name)?.clone();
    if stack.deleted.is_some() || stack.status == "REVIEW_IN_PROGRESS" {
        return Err(invalid(format!(
            "Drift detection cannot be performed on a stack in {} state.",
            stack.status
        )));
    }
    let drifted = drifted(context, &stack);
    // A look, and no change of the account: an id that isn't minted leaves nothing to write to the disk.
    let id = format!("drift-{}", context.number);
    let detection = Detection {
        stack: stack.id.clone(),
        drifted,
        when: context.now,
    };
    let now = context.now;
    let status = if drifted == 0 { "IN_SYNC" } else { "DRIFTED" };
    stack::find_mut(context, &stack.id)?.drift = Some((status.to_owned(), now));
    here_mut(context).detections.insert(id.clone(), detection);
    context.settle_seen(&id);
    Ok(api::DetectStackDriftOutput {
        stack_drift_detection_id: id,
    })
}

fn drifted(context: &Context<'_>, stack: &Stack) -> usize {
    let resources = stack.resources.values();
    resources
        .filter(|resource| compare(context, resource).status != "IN_SYNC")
        .count()
}

pub(super) fn status(
    context: &mut Context<'_>,
    input: api::DescribeStackDriftDetectionStatusInput,
) -> Result<api::DescribeStackDriftDetectionStatusOutput, ApiError> {
    let id = input.stack_drift_detection_id;
    let detection = here(context)
        .and_then(|here| here.detections.get(&id))
        .cloned()
        .ok_or_else(|| invalid(format!("Drift detection {id} does not exist")))?;
    let done = context.look(&id) == Age::Settled;
    let status = if detection.drifted == 0 {
        "IN_SYNC"
    } else {
        "DRIFTED"
    };
    let progress = if done {
        "DETECTION_COMPLETE"
    } else {
        "DETECTION_IN_PROGRESS"
    };
    let drifted = i64::try_from(detection.drifted).ok();
    Ok(api::DescribeStackDriftDetectionStatusOutput {
        stack_id: detection.stack,
        stack_drift_detection_id: id,
        stack_drift_status: done.then(|| status.to_owned()),
        detection_status: progress.to_owned(),
        drifted_stack_resource_count: drifted.filter(|_| done),
        timestamp: Time(detection.when),
        ..Default::default()
    })
}

/// What a look finds now; CloudFormation answers what the last detection found.
pub(super) fn list(
    context: &mut Context<'_>,
    input: api::DescribeStackResourceDriftsInput,
) -> Result<api::DescribeStackResourceDriftsOutput, ApiError> {
    let stack = stack::find(context, &input.stack_name)?;
    let Some((_, when)) = stack.drift else {
        return Ok(api::DescribeStackResourceDriftsOutput::default());
    };
    let filters = &input.stack_resource_drift_status_filters;
    let mut drifts = Vec::new();
    for (logical, resource) in &stack.resources {
        let compared = compare(context, resource);
        if !filters.is_empty() && !filters.iter().any(|wanted| wanted == compared.status) {
            continue;
        }
        let differences = compared
            .differences
            .into_iter()
            .map(|(path, expected, actual, kind)| api::PropertyDifference {
                property_path: path,
                expected_value: expected,
                actual_value: actual,
                difference_type: kind.to_owned(),
            })
            .collect();
        drifts.push(api::StackResourceDrift {
            stack_id: stack.id.clone(),
            logical_resource_id: logical.clone(),
            physical_resource_id: Some(resource.physical.clone()),
            resource_type: resource.kind.clone(),
            expected_properties: Some(resource.properties.to_string()),
            actual_properties: compared.actual.map(|actual| actual.to_string()),
            property_differences: differences,
            stack_resource_drift_status: compared.status.to_owned(),
            timestamp: Time(when),
            ..Default::default()
        });
    }
    Ok(api::DescribeStackResourceDriftsOutput {
        stack_resource_drifts: drifts,
        next_token: None,
    })
}
