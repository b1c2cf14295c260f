//! Service actions: the automation document's step on the instance, decided by IAM as the launch
//! role. Of AWS's documents those are known that start, stop and restart instances.
//! <https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-stopec2instance.html>

use super::{Job, Prepared, end};
use crate::dispatch::Dispatch;
use crate::wire::ApiError;
use compute_catalog::iam::{Request, Verdict};
use compute_catalog::rehearsal::World;
use std::collections::BTreeMap;

/// A document, what it calls on each instance, and what the instance does afterwards.
const DOCUMENTS: [(&str, &[&str], &str); 3] = [
    ("AWS-StopEC2Instance", &["ec2:StopInstances"], "stopped"),
    ("AWS-StartEC2Instance", &["ec2:StartInstances"], "running"),
    (
        "AWS-RestartEC2Instance",
        &["ec2:StopInstances", "ec2:StartInstances"],
        "running",
    ),
];

const INSTANCE: &str = "AWS::EC2::Instance";

pub(super) fn perform(
    dispatch: &Dispatch,
    job: &Job,
    prepared: &Prepared,
    world: World<'_>,
    action: &str,
    parameters: &BTreeMap<String, Vec<String>>,
) -> Result<(), ApiError> {
    let invalid = |message: String| ApiError::new(400, "InvalidParametersException", message);
    let document = dispatch.aside(&job.account, &job.region, |context| {
        let here = context.here()?;
        here.catalog
            .actions
            .get(action)?
            .definition
            .get("Name")
            .cloned()
    });
    let document = document.ok_or_else(|| invalid(format!("service action {action} is gone")))?;
    // The name of a document, or its ARN.
    let name = document.rsplit('/').next().unwrap_or_default();
    let known = DOCUMENTS.iter().find(|(known, _, _)| *known == name);
    let (_, calls, power) = known.ok_or_else(|| {
        invalid(format!(
            "the local AWS doesn't know what the document {document} does"
        ))
    })?;
    let of_stack = |id: &String| {
        let instance = prepared.account.find(INSTANCE, id)?;
        (instance.stack.as_deref() == Some(&prepared.stack_name)).then_some(instance)
    };
    let wanted: Vec<String> = match parameters.get("InstanceId") {
        Some(ids) => ids.clone(),
        None => {
            let mine = prepared.account.things.iter().filter(|one| {
                one.kind == INSTANCE && one.stack.as_deref() == Some(&prepared.stack_name)
            });
            mine.map(|one| one.id.clone()).collect()
        }
    };
    if wanted.is_empty() {
        return Err(invalid(
            "the provisioned product has no instance".to_owned(),
        ));
    }
    for id in &wanted {
        let instance = of_stack(id)
            .ok_or_else(|| invalid(format!("{id} is no instance of the provisioned product")))?;
        for call in *calls {
            let tags = instance.tags.iter();
            let request = tags.fold(
                Request::new(call, &instance.arn),
                |request, (key, value)| {
                    request
                        .with(&format!("aws:ResourceTag/{key}"), value)
                        .with(&format!("ec2:ResourceTag/{key}"), value)
                },
            );
            let decided = world.decide(&prepared.account, &prepared.caller, &request);
            let denied = |why: String| {
                ApiError::new(
                    400,
                    "AccessDeniedException",
                    format!("{call} on {}: {why}", instance.arn),
                )
            };
            match decided {
                Ok(Verdict::Allowed) => {}
                Ok(Verdict::Refused(refusal)) => return Err(denied(refusal.to_string())),
                Err(undecidable) => {
                    return Err(denied(format!("{}: {}", undecidable.what, undecidable.why)));
                }
            }
        }
    }
    dispatch.aside(&job.account, &job.region, |context| {
        for one in &mut context.here_mut().things {
            if one.kind == INSTANCE && wanted.contains(&one.id) {
                one.power = Some((*power).to_owned());
            }
        }
        end(context, &job.record, None, Vec::new());
    });
    Ok(())
}
