//! Secrets Manager: the secrets that stacks of products have made.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/>

use crate::api::{operations, secretsmanager as api};
use crate::context::{Context, Reply};
use crate::wire::ApiError;
use crate::wire::checksum::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { secretsmanager, context, operation, input;
        GetSecretValue => get_value,
    }
}

/// What the template gives; of a generated value the same text each time.
fn get_value(
    context: &mut Context<'_>,
    input: api::GetSecretValueRequest,
) -> Result<api::GetSecretValueResponse, ApiError> {
    let things = context.here().map(|here| &here.things);
    let secret = things.into_iter().flatten().find(|one| {
        let id = &input.secret_id;
        one.kind == "AWS::SecretsManager::Secret" && (one.id == *id || one.name == *id)
    });
    let secret = secret.ok_or_else(|| {
        ApiError::new(
            400,
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
        )
    })?;
    let given = secret.properties["SecretString"]
        .as_str()
        .map(str::to_owned);
    let generated = || hex(&Sha256::digest(&secret.arn));
    Ok(api::GetSecretValueResponse {
        arn: Some(secret.arn.clone()),
        name: Some(secret.name.clone()),
        secret_string: Some(given.unwrap_or_else(generated)),
        ..Default::default()
    })
}
