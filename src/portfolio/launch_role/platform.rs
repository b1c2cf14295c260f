//! What Service Catalog and CloudFormation need of a launch role themselves.
//!
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html>

use super::grants::TAKES_NO_RESOURCE;
use super::iam_roles::is_same_everywhere;
use super::input::{RoleErrors, RoleInput};
use super::policy::{Policy, of_product_stacks};
use super::usage::STACKS;
use crate::cfn::{Intrinsic, Sub, Value, import_value};
use crate::iam::{ActionList, Statement};
use crate::portfolio::foundation::FunctionOf;
use std::collections::BTreeSet;

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
pub(super) fn add(input: &RoleInput<'_>, actions: &ActionList, policy: &mut Policy) {
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
    policy.read_templates();
    add_macros(input, policy);
    if !input.service_actions.is_empty() {
        add_service_actions(input, actions, policy);
    }
}

/// Macros rewrite templates in the name of whoever launches. Those of versions from before this catalog
/// run again at every update that stays on such a version.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html>
fn add_macros(input: &RoleInput<'_>, policy: &mut Policy) {
    let legacy = &input.file.legacy_macros;
    let names = input.usage.transforms.iter().map(String::as_str);
    let names: BTreeSet<&str> = names
        .chain(legacy.iter().map(|one| one.name.as_str()))
        .collect();
    if names.is_empty() {
        return;
    }
    let arns = names.iter().map(|name| match name.strip_prefix("AWS::") {
        Some(of_aws) => Sub::new(format!(
            "arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:aws:transform/{of_aws}"
        )),
        None => Sub::new(format!(
            "arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:transform/{name}"
        )),
    });
    policy.push("Macros", |sid| {
        Statement::allow(sid)
            .actions(["cloudformation:CreateChangeSet"])
            .on(arns)
    });
}

/// The actions that people start run as the launch role.
fn add_service_actions(input: &RoleInput<'_>, actions: &ActionList, policy: &mut Policy) {
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
        input
            .service_actions
            .iter()
            .map(|action| {
                Sub::new(format!(
                    "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:*:{kind}/{}{suffix}",
                    action.document.value
                ))
            })
            .collect()
    };
    // AWS's list names all three for the start.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    let executions = || {
        Sub::new(
            "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*",
        )
    };
    let mut start = documents("automation-definition", ":*");
    start.extend(documents("document", ""));
    start.push(executions());
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
            .on([executions()])
    });
    let mut calls: Vec<&String> = input
        .service_actions
        .iter()
        .flat_map(|action| &action.calls)
        .map(|call| &call.value)
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

/// Grants the functions behind custom resources and macros, each by its ARN: CloudFormation calls them
/// in the name of whoever launches, changes or ends the product.
pub(super) fn add_functions(
    input: &RoleInput<'_>,
    policy: &mut Policy,
    errors: &mut RoleErrors<'_>,
) {
    let mut arns: Vec<Value<String>> = Vec::new();
    let mut add = |arn: Value<String>| {
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    };
    let mut grants = input.file.grants.iter();
    let is_granted = grants.any(|grant| grant.value.actions.contains(&INVOKE.to_owned()));
    for token in &input.usage.functions {
        match token.as_intrinsic() {
            Some(Intrinsic::ImportValue(name)) if is_same_everywhere(name) => {
                add(Value::from_node(token.clone()));
            }
            None if token.as_str().is_some() => add(Value::from_node(token.clone())),
            // A function of the same stack.
            Some(Intrinsic::GetAtt { .. }) => add(function(STACKS)),
            // A person has said which.
            _ if is_granted => {}
            _ => errors.add(
                None,
                "a custom resource of the template has a function that isn't known before launch",
                "import the function's ARN under a name that is the same in every account, or grant `lambda:InvokeFunction` on it under `grants`",
            ),
        }
    }
    for legacy in &input.file.legacy_functions {
        match &legacy.function {
            FunctionOf::Import(name) => add(import_value(Sub::new(name.as_str()))),
            FunctionOf::Name(name) => add(function(name)),
            FunctionOf::OwnStack => add(function(STACKS)),
            FunctionOf::Gone(_) => {}
        }
    }
    let macros = input.file.legacy_macros.iter();
    for name in macros.filter_map(|one| one.function.as_ref()) {
        add(function(name));
    }
    if !arns.is_empty() {
        policy.push("CustomResources", |sid| {
            Statement::allow(sid).actions([INVOKE]).on(arns)
        });
    }
}

/// What whoever launches does with the function of a custom resource.
const INVOKE: &str = "lambda:InvokeFunction";

/// The functions of this name in the account.
fn function(name: &str) -> Value<String> {
    let arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:";
    Sub::new(format!("{arn}{name}")).into()
}
