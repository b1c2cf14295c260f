//! Security Token Service: who the caller is, and temporary keys for a role.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/>

use crate::api::{Time, operations, sts as api};
use crate::config::Identity;
use crate::context::{Context, Reply};
use crate::iam;
use crate::wire::ApiError;
use serde_json::Value;

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { sts, context, operation, input;
        GetCallerIdentity => get_caller_identity,
        AssumeRole => assume_role,
    }
}

fn get_caller_identity(
    context: &mut Context<'_>,
    _: api::GetCallerIdentityRequest,
) -> Result<api::GetCallerIdentityResponse, ApiError> {
    let name = context.caller.arn.rsplit('/').next().unwrap_or_default();
    Ok(api::GetCallerIdentityResponse {
        user_id: Some(format!("AIDALOCAL:{name}")),
        account: Some(context.caller.account.clone()),
        arn: Some(context.caller.arn.clone()),
    })
}

/// The role must exist. Its trust policy isn't evaluated.
fn assume_role(
    context: &mut Context<'_>,
    input: api::AssumeRoleRequest,
) -> Result<api::AssumeRoleResponse, ApiError> {
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
    let seconds = input.duration_seconds.unwrap_or(3600);
    let expiration = Time(context.now + seconds * 1000);
    let state = context.change();
    let key = state.mint("ASIA").to_uppercase();
    state.sessions.insert(key.clone(), identity);
    Ok(api::AssumeRoleResponse {
        credentials: Some(api::Credentials {
            access_key_id: key,
            secret_access_key: "local".to_owned(),
            session_token: "local".to_owned(),
            expiration,
        }),
        assumed_role_user: Some(api::AssumedRoleUser {
            assumed_role_id: role_id,
            arn,
        }),
        ..Default::default()
    })
}
