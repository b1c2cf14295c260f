//! What Service Catalog and CloudFormation need of a launch role themselves.
//!
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html>

use super::gather::TAKES_NO_RESOURCE;
use super::need::{Faults, Needs};
use super::policy::{Policy, of_product_stacks};
use super::roles::is_same_everywhere;
use super::usage::{STACKS, Usage};
use crate::cfn::{Intrinsic, Sub, Value};
use crate::iam::{ActionList, Condition, Statement};

/// Actions on the stacks of products.
const ON_STACKS: [&str; 19] = [
    "cloudformation:CancelUpdateStack",
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetStackPolicy",
    "cloudformation:GetTemplate",
    "cloudformation:ListChangeSets",
    "cloudformation:ListStackResources",
    "cloudformation:SetStackPolicy",
    "cloudformation:TagResource",
    "cloudformation:UntagResource",
    "cloudformation:UpdateStack",
];

/// Grants what every launch needs, and what the product's service actions need.
pub(super) fn add(needs: &Needs<'_>, usage: &Usage, actions: &ActionList, policy: &mut Policy) {
    let stacks = format!(
        "arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:stack/{STACKS}/*"
    );
    policy.push("ProductStacks", |sid| {
        Statement::allow(sid)
            .actions(ON_STACKS)
            .on([Sub::new(stacks)])
    });
    let on_any = [
        (
            "cloudformation:GetTemplateSummary",
            "it reads the parameters of a template that no stack has yet",
        ),
        ("cloudformation:ValidateTemplate", TAKES_NO_RESOURCE),
    ];
    for (action, reason) in on_any {
        policy.note_any(action, reason);
    }
    policy.push("Templates", |sid| {
        Statement::allow(sid)
            .actions(on_any.map(|(action, _)| action))
            .on_any()
    });
    policy.note_any(
        "s3:GetObject",
        "Service Catalog keeps the templates of versions in buckets of its own; its tag on them is the condition",
    );
    policy.push("ReadTemplates", |sid| {
        Statement::allow(sid)
            .actions(["s3:GetObject"])
            .on_any()
            .when(Condition::string_equals(
                "s3:ExistingObjectTag/servicecatalog:provisioning",
                ["true"],
            ))
    });
    if !usage.transforms.is_empty() {
        let arns: Vec<Sub> = usage
            .transforms
            .iter()
            .map(|name| {
                Sub::new(format!(
                    "arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:transform/{name}"
                ))
            })
            .collect();
        policy.push("Macros", |sid| {
            Statement::allow(sid)
                .actions(["cloudformation:CreateChangeSet"])
                .on(arns)
        });
    }
    if !needs.service_actions.is_empty() {
        add_service_actions(needs, actions, policy);
    }
}

/// The actions that people start run as the launch role.
fn add_service_actions(needs: &Needs<'_>, actions: &ActionList, policy: &mut Policy) {
    policy.any_resource(
        "servicecatalog:ExecuteProvisionedProductServiceAction",
        TAKES_NO_RESOURCE,
    );
    policy.push("ActionsOfProducts", |sid| {
        Statement::allow(sid)
            .actions(["servicecatalog:ListServiceActionsForProvisioningArtifact"])
            .on([Sub::new(
                "arn:${AWS::Partition}:catalog:${AWS::Region}:*:product/*",
            )])
    });
    let documents = |kind: &str, suffix: &str| -> Vec<Sub> {
        needs
            .service_actions
            .iter()
            .map(|action| {
                Sub::new(format!(
                    "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:*:{kind}/{}{suffix}",
                    action.document
                ))
            })
            .collect()
    };
    let mut start = documents("automation-definition", ":*");
    start.extend(documents("document", ""));
    policy.push("StartActions", |sid| {
        Statement::allow(sid)
            .actions([
                "ssm:DescribeDocument",
                "ssm:GetDocument",
                "ssm:StartAutomationExecution",
            ])
            .on(start)
    });
    policy.push("FollowActions", |sid| {
        Statement::allow(sid)
            .actions(["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"])
            .on([Sub::new(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*",
            )])
    });
    let mut calls: Vec<&String> = needs
        .service_actions
        .iter()
        .flat_map(|action| &action.calls)
        .collect();
    calls.sort();
    calls.dedup();
    let (free, bound): (Vec<&String>, Vec<&String>) = calls.into_iter().partition(|action| {
        actions
            .resource_types(action)
            .is_none_or(|types| types.is_empty())
    });
    for action in free {
        policy.any_resource(action, TAKES_NO_RESOURCE);
    }
    if !bound.is_empty() {
        policy.push("ActionsOnInstances", |sid| {
            Statement::allow(sid)
                .actions(bound.into_iter().cloned())
                .on([Sub::new(
                    "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*",
                )])
                .when(of_product_stacks())
        });
    }
}

/// Grants the functions behind custom resources, each by its ARN.
pub(super) fn add_functions(usage: &Usage, policy: &mut Policy, faults: &mut Faults<'_>) {
    let mut arns: Vec<Value<String>> = Vec::new();
    for token in &usage.functions {
        let arn = match token.as_intrinsic() {
            Some(Intrinsic::ImportValue(name)) if is_same_everywhere(name) => {
                Value::from_node(token.clone())
            }
            None if token.as_str().is_some() => Value::from_node(token.clone()),
            // A function of the same stack.
            Some(Intrinsic::GetAtt { .. }) => Sub::new(format!(
                "arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{STACKS}"
            ))
            .into(),
            _ => {
                faults.add(
                    None,
                    "a custom resource of the template has a function that isn't known before launch",
                    "import the function's ARN under a name that is the same in every account",
                );
                continue;
            }
        };
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    }
    if !arns.is_empty() {
        policy.push("CustomResources", |sid| {
            Statement::allow(sid)
                .actions(["lambda:InvokeFunction"])
                .on(arns)
        });
    }
}
