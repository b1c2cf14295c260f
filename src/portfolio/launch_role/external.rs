//! The launch role of a product that an engine makes. Nothing can be compiled from files that only the
//! engine reads: what the product needs of AWS's services, its author grants.

use super::input::{RoleErrors, RoleInput};
use super::policy::{LaunchRole, Policy, RolePolicies};
use crate::cfn::Sub;
use crate::iam::{Condition, Principal, Statement};
use crate::portfolio::foundation::ExternalEngine;
use crate::yaml::InputError;

/// Actions by which the resources of a provisioned product are grouped and tagged: Service Catalog and
/// the engine call them as the launch role.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/getstarted-launchrole-Terraform.html>
const GROUPS: [&str; 4] = [
    "resource-groups:CreateGroup",
    "resource-groups:DeleteGroup",
    "resource-groups:ListGroupResources",
    "resource-groups:Tag",
];
const TAGS: [&str; 5] = [
    "tag:GetResources",
    "tag:GetTagKeys",
    "tag:GetTagValues",
    "tag:TagResources",
    "tag:UntagResources",
];

/// Compiles the role: its policies, and what they grant.
pub(super) fn compile(
    input: &RoleInput<'_>,
    engine: Option<&ExternalEngine>,
) -> Result<(RolePolicies, LaunchRole), Vec<InputError>> {
    let mut errors = RoleErrors::of(input);
    let Some(engine) = engine else {
        errors.add(
            None,
            "no engine is declared that could take it",
            "name the roles of the engine under `externalEngine` of the foundation file",
        );
        return Err(errors.into_errors());
    };
    if input.file.grants.is_empty() {
        errors.add(
            None,
            "it grants nothing: what the files of an EXTERNAL product need can't be read from them",
            "write what they need under `grants`, with `neededBy: EXTERNAL`",
        );
        return Err(errors.into_errors());
    }
    let mut policy = Policy::default();
    policy.read_templates();
    // Groups of Resource Groups are named by Service Catalog, which says of no name what it starts with.
    let groups =
        Sub::new("arn:${AWS::Partition}:resource-groups:${AWS::Region}:${AWS::AccountId}:group/*");
    policy.push("Groups", |sid| {
        Statement::allow(sid).actions(GROUPS).on([groups])
    });
    for action in TAGS {
        policy.note_any(action, "the tagging service takes no resource");
    }
    policy.push("Tags", |sid| Statement::allow(sid).actions(TAGS).on_any());
    policy.give_alone(input);
    let (mut policies, role) = policy.finish(input);
    policies.trust = policies.trust.with(taken_by(engine));
    Ok((policies, role))
}

/// Lets the engine's roles take the launch role. The account is the principal and the roles are a
/// condition, so that the engine can be made again without every launch role.
/// <https://github.com/aws-samples/service-catalog-engine-for-terraform-os#add-a-launch-role>
fn taken_by(engine: &ExternalEngine) -> Statement {
    let account = engine
        .account
        .as_ref()
        .map_or("${AWS::AccountId}", |account| account.as_str());
    let roles = engine.roles.iter().map(|role| {
        Sub::new(format!(
            "arn:${{AWS::Partition}}:iam::{account}:role/{role}"
        ))
    });
    let root = Sub::new(format!("arn:${{AWS::Partition}}:iam::{account}:root"));
    Statement::allow("Engine")
        .principal(Principal::aws(root))
        .actions(["sts:AssumeRole"])
        .when(Condition::string_like("aws:PrincipalArn", roles))
}
