//! Drift: what was changed behind a stack's back, found by looking at each resource.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

use super::{here, here_mut, invalid, resource, stack};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::cloudformation::{Detection, Stack, StackResource};
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};

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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DetectStackDrift {
    stack_name: String,
}

pub(super) fn detect(context: &mut Context<'_>, input: DetectStackDrift) -> Reply {
    let stack = stack::find(context, &input.stack_name)?.clone();
    if stack.deleted.is_some() || stack.status == "REVIEW_IN_PROGRESS" {
        return Err(invalid(format!(
            "Drift detection cannot be performed on a stack in {} state.",
            stack.status
        )));
    }
    let drifted = drifted(context, &stack);
    let id = context.change().mint("drift-");
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
    Ok(json!({ "StackDriftDetectionId": id }))
}

fn drifted(context: &Context<'_>, stack: &Stack) -> usize {
    let resources = stack.resources.values();
    resources
        .filter(|resource| compare(context, resource).status != "IN_SYNC")
        .count()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackDriftDetectionStatus {
    stack_drift_detection_id: String,
}

pub(super) fn status(context: &mut Context<'_>, input: DescribeStackDriftDetectionStatus) -> Reply {
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
    Ok(json!({
        "StackId": detection.stack,
        "StackDriftDetectionId": id,
        "StackDriftStatus": done.then_some(status),
        "DetectionStatus": if done { "DETECTION_COMPLETE" } else { "DETECTION_IN_PROGRESS" },
        "DriftedStackResourceCount": done.then_some(detection.drifted),
        "Timestamp": clock::iso(detection.when),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeStackResourceDrifts {
    stack_name: String,
    #[serde(default, deserialize_with = "field::list")]
    stack_resource_drift_status_filters: Vec<String>,
}

/// What a look finds now; CloudFormation answers what the last detection found.
pub(super) fn list(context: &mut Context<'_>, input: DescribeStackResourceDrifts) -> Reply {
    let stack = stack::find(context, &input.stack_name)?;
    let Some((_, when)) = stack.drift else {
        return Ok(json!({ "StackResourceDrifts": [] }));
    };
    let filters = &input.stack_resource_drift_status_filters;
    let mut drifts = Vec::new();
    for (logical, resource) in &stack.resources {
        let compared = compare(context, resource);
        if !filters.is_empty() && !filters.iter().any(|wanted| wanted == compared.status) {
            continue;
        }
        let differences: Vec<Value> = compared
            .differences
            .iter()
            .map(|(path, expected, actual, kind)| {
                json!({
                    "PropertyPath": path,
                    "ExpectedValue": expected,
                    "ActualValue": actual,
                    "DifferenceType": kind,
                })
            })
            .collect();
        drifts.push(json!({
            "StackId": stack.id,
            "LogicalResourceId": logical,
            "PhysicalResourceId": resource.physical,
            "ResourceType": resource.kind,
            "ExpectedProperties": resource.properties.to_string(),
            "ActualProperties": compared.actual.map(|actual| actual.to_string()),
            "PropertyDifferences": differences,
            "StackResourceDriftStatus": compared.status,
            "Timestamp": clock::iso(when),
        }));
    }
    Ok(json!({ "StackResourceDrifts": drifts }))
}
