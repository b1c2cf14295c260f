//! Identity and Access Management: roles, managed policies and instance profiles
//! that exist by name. Permissions aren't evaluated.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/>

use crate::api::{Time, iam as api, operations};
use crate::context::{Context, Reply};
use crate::state::iam::Iam;
use crate::wire::ApiError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Account and name of a role, from its ARN.
pub(crate) fn role_of_arn(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:aws:iam::")?;
    let (account, resource) = rest.split_once(":role/")?;
    let name = resource.rsplit('/').next()?;
    (account.len() == 12 && !name.is_empty()).then_some((account, name))
}

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { iam, context, operation, input;
        GetAccountSummary => get_account_summary,
        GetRole => get_role,
        ListAccountAliases => list_account_aliases,
    }
}

/// How many roles and policies there are, and how many there may be.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
fn get_account_summary(
    context: &mut Context<'_>,
    (): (),
) -> Result<api::GetAccountSummaryResponse, ApiError> {
    let account = context.state.accounts.get(context.account());
    let count = |count: fn(&Iam) -> usize| {
        let found = account.map_or(0, |account| count(&account.iam));
        i64::try_from(found).unwrap_or(i64::MAX)
    };
    let entries = [
        ("Policies", count(|iam| iam.policies.len())),
        ("PoliciesQuota", 1500),
        ("Roles", count(|iam| iam.roles.len())),
        ("RolesQuota", 1000),
    ];
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Ok(api::GetAccountSummaryResponse {
        summary_map: entries.into(),
    })
}

fn get_role(
    context: &mut Context<'_>,
    input: api::GetRoleRequest,
) -> Result<api::GetRoleResponse, ApiError> {
    let role = context
        .state
        .accounts
        .get(context.account())
        .and_then(|account| account.iam.roles.get(&input.role_name))
        .ok_or_else(|| {
            ApiError::new(
                404,
                "NoSuchEntity",
                format!("The role with name {} cannot be found.", input.role_name),
            )
        })?;
    let trust = utf8_percent_encode(&role.trust.to_string(), NON_ALPHANUMERIC).to_string();
    Ok(api::GetRoleResponse {
        role: api::Role {
            path: role.path.clone(),
            role_name: input.role_name,
            role_id: role.id.clone(),
            arn: role.arn.clone(),
            create_date: Time(role.created),
            assume_role_policy_document: Some(trust),
            description: role.description.clone(),
            max_session_duration: Some(3600),
            ..Default::default()
        },
    })
}

fn list_account_aliases(
    context: &mut Context<'_>,
    _: api::ListAccountAliasesRequest,
) -> Result<api::ListAccountAliasesResponse, ApiError> {
    let alias = context
        .state
        .accounts
        .get(context.account())
        .and_then(|account| account.iam.alias.clone());
    Ok(api::ListAccountAliasesResponse {
        account_aliases: Vec::from_iter(alias),
        is_truncated: Some(false),
        marker: None,
    })
}
