//! Identity and Access Management: roles, managed policies and instance profiles
//! that exist by name. Permissions aren't evaluated.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/>

use crate::clock;
use crate::context::{Context, Reply, run};
use crate::state::iam::Iam;
use crate::wire::ApiError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

/// Account and name of a role, from its ARN.
pub(crate) fn role_of_arn(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:aws:iam::")?;
    let (account, resource) = rest.split_once(":role/")?;
    let name = resource.rsplit('/').next()?;
    (account.len() == 12 && !name.is_empty()).then_some((account, name))
}

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    const BAD: &str = "ValidationError";
    match operation {
        "GetAccountSummary" => run(context, input, BAD, get_account_summary),
        "GetRole" => run(context, input, BAD, get_role),
        "ListAccountAliases" => run(context, input, BAD, list_account_aliases),
        _ => Err(ApiError::new(
            400,
            "InvalidAction",
            format!("the local AWS has no iam operation {operation}"),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetAccountSummary {}

/// How many roles and policies there are, and how many there may be.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
fn get_account_summary(context: &mut Context<'_>, _: GetAccountSummary) -> Reply {
    let account = context.state.accounts.get(context.account());
    let count = |count: fn(&Iam) -> usize| account.map_or(0, |account| count(&account.iam));
    let entries = [
        ("Policies", count(|iam| iam.policies.len())),
        ("PoliciesQuota", 1500),
        ("Roles", count(|iam| iam.roles.len())),
        ("RolesQuota", 1000),
    ];
    let entry = entries.map(|(key, value)| json!({ "key": key, "value": value }));
    Ok(json!({ "SummaryMap": { "entry": entry } }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetRole {
    role_name: String,
}

fn get_role(context: &mut Context<'_>, input: GetRole) -> Reply {
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
    Ok(json!({ "Role": {
        "Path": role.path,
        "RoleName": input.role_name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": clock::iso(role.created),
        "AssumeRolePolicyDocument": trust,
        "Description": role.description,
        "MaxSessionDuration": 3600,
    }}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListAccountAliases {}

fn list_account_aliases(context: &mut Context<'_>, _: ListAccountAliases) -> Reply {
    let alias = context
        .state
        .accounts
        .get(context.account())
        .and_then(|account| account.iam.alias.clone());
    Ok(json!({
        "AccountAliases": Vec::from_iter(alias),
        "IsTruncated": false,
    }))
}
