//! Lambda: functions that exist by their ARN. Nothing runs.
//! <https://docs.aws.amazon.com/lambda/latest/api/>

use crate::api::{lambda as api, operations};
use crate::context::{Context, Reply};
use crate::wire::{ApiError, Request};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The operation that a request names, and its input: all of it is in the path.
pub(crate) fn operation(request: &Request) -> Result<(String, Value), ApiError> {
    let found = api::MODEL.route(request.method.as_str(), &request.path);
    let (name, members) = found.ok_or_else(|| {
        ApiError::new(
            404,
            "UnknownOperationException",
            format!(
                "the local AWS has no lambda operation at {} {}",
                request.method, request.path
            ),
        )
    })?;
    let members = members.into_iter().map(|(name, text)| {
        let text = percent_decode_str(text).decode_utf8_lossy().into_owned();
        (name.to_owned(), Value::String(text))
    });
    Ok((name.to_owned(), Value::Object(Map::from_iter(members))))
}

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { lambda, context, operation, input;
        GetFunctionConfiguration => configuration,
    }
}

fn configuration(
    context: &mut Context<'_>,
    input: api::GetFunctionConfigurationRequest,
) -> Result<api::FunctionConfiguration, ApiError> {
    let arn = input.function_name;
    if !context.state.functions.contains(&arn) {
        return Err(ApiError::new(
            404,
            "ResourceNotFoundException",
            format!("Function not found: {arn}"),
        ));
    }
    let name = arn.rsplit(':').next().unwrap_or_default();
    Ok(api::FunctionConfiguration {
        function_name: Some(name.to_owned()),
        function_arn: Some(arn),
        ..Default::default()
    })
}
