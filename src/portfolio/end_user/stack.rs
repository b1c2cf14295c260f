//! The stack of the end users' roles.

use super::{Ability, EndUsers, ability};
use crate::cfn::{BuildError, Builder, Handle, Output, ParameterDeclaration, Template, Value};
use crate::iam::{PolicyDocument, Principal, Statement};
use crate::portfolio::export_name;
use crate::resource::iam;
use std::collections::BTreeMap;

/// The stack parameter that takes the ARN of the role by which the login application assumes the
/// end users' roles.
pub const LOGIN_ROLE_PARAMETER: &str = "LoginRoleArn";

/// The template of the end users' roles.
///
/// # Errors
/// Everything in the file that keeps the template from holding together.
pub fn end_user_template(users: &EndUsers) -> Result<Template, BuildError> {
    let mut builder =
        Builder::new("Roles that people take to use the catalog, and what they may do");
    // Where people come by roles of the account's own, nobody logs in here.
    let login = (!users.roles.is_empty()).then(|| {
        builder.parameter(
            LOGIN_ROLE_PARAMETER,
            ParameterDeclaration::string()
                .description("Role of the login application, which assumes the roles of end users")
                .allowed_pattern("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", "the ARN of a role"),
        )
    });
    let mut policies: BTreeMap<Ability, Handle<iam::ManagedPolicy>> = BTreeMap::new();
    for policy in &users.policies {
        let document = ability::policy(policy.ability.value, users);
        let id = policy.logical_id.as_str();
        let handle = builder.resource(id, iam::ManagedPolicy::new(document));
        builder.output(
            id,
            Output::new(&handle, "ARN of the policy").export(export_name(&users.stack, id)),
        );
        policies.insert(policy.ability.value, handle);
    }
    for role in &users.roles {
        let trust = login.iter().map(|login| {
            Statement::allow("")
                .principal(Principal::aws(login))
                .actions(["sts:AssumeRole", "sts:TagSession"])
        });
        let trust = PolicyDocument::new(trust);
        let granted: Vec<Value<String>> = role
            .abilities
            .iter()
            .filter_map(|ability| policies.get(&ability.value).map(Value::from))
            .collect();
        let mut resource = iam::Role::new(trust).managed_policy_arns(granted);
        if let Some(name) = &role.role_name {
            resource = resource.role_name(name.as_str());
        }
        let id = role.logical_id.as_str();
        let handle = builder.resource(id, resource);
        for (suffix, value, says) in [
            ("RoleId", handle.role_id(), "Unique id of the role"),
            ("RoleArn", handle.arn(), "ARN of the role"),
            ("RoleName", handle.reference(), "Name of the role"),
        ] {
            builder.output(
                &format!("{id}{suffix}"),
                Output::new(value, says)
                    .export(export_name(&users.stack, &format!("{id}-{suffix}"))),
            );
        }
    }
    builder.build()
}
