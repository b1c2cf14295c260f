//! Security Token Service: who the caller is, and temporary keys for a role.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/>

use crate::config::Identity;
use crate::context::{Context, Reply, run};
use crate::wire::ApiError;
use crate::wire::field;
use crate::{clock, iam};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    const BAD: &str = "ValidationError";
    match operation {
        "GetCallerIdentity" => run(context, input, BAD, get_caller_identity),
        "AssumeRole" => run(context, input, BAD, assume_role),
        _ => Err(ApiError::new(
            400,
            "InvalidAction",
            format!("the local AWS has no sts operation {operation}"),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetCallerIdentity {}

fn get_caller_identity(context: &mut Context<'_>, _: GetCallerIdentity) -> Reply {
    let name = context.caller.arn.rsplit('/').next().unwrap_or_default();
    Ok(json!({
        "UserId": format!("AIDALOCAL:{name}"),
        "Account": context.caller.account,
        "Arn": context.caller.arn,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AssumeRole {
    role_arn: String,
    role_session_name: String,
    #[serde(default, deserialize_with = "field::count")]
    duration_seconds: Option<usize>,
    external_id: Option<String>,
}

/// The role must exist. Its trust policy isn't evaluated.
fn assume_role(context: &mut Context<'_>, input: AssumeRole) -> Reply {
    let denied = || {
        ApiError::new(
            403,
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
                context.caller.arn, input.role_arn
            ),
        )
    };
    if input.external_id.is_some() {
        return Err(ApiError::new(
            400,
            "ValidationError",
            "the local AWS doesn't evaluate ExternalId",
        ));
    }
    let (account, name) = iam::role_of_arn(&input.role_arn).ok_or_else(denied)?;
    let role = context
        .state
        .accounts
        .get(account)
        .and_then(|account| account.iam.roles.get(name))
        .filter(|role| role.arn == input.role_arn)
        .ok_or_else(denied)?;
    let arn = format!(
        "arn:aws:sts::{account}:assumed-role/{name}/{}",
        input.role_session_name
    );
    let role_id = format!("{}:{}", role.id, input.role_session_name);
    let identity = Identity {
        account: account.to_owned(),
        arn: arn.clone(),
    };
    let seconds = i64::try_from(input.duration_seconds.unwrap_or(3600)).unwrap_or(3600);
    let expiration = clock::iso(context.now + seconds * 1000);
    let state = context.change();
    let key = state.mint("ASIA").to_uppercase();
    state.sessions.insert(key.clone(), identity);
    Ok(json!({
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": "local",
            "SessionToken": "local",
            "Expiration": expiration,
        },
        "AssumedRoleUser": { "AssumedRoleId": role_id, "Arn": arn },
    }))
}
