//! Lambda: functions that exist by their ARN. An event for one that the catalog doesn't make is taken;
//! what it does with it is declared in `portfolios/outside.yaml`.
//! <https://docs.aws.amazon.com/lambda/latest/api/>

use crate::api::{lambda as api, operations};
use crate::context::{Context, Reply};
use crate::wire::{ApiError, Request, Response};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The operation that a request names, and its input: all of it is in the path.
pub(crate) fn operation(request: &Request) -> Result<(String, Value), ApiError> {
    if invoked(request).is_some() {
        return Ok((INVOKE.to_owned(), Value::Null));
    }
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

/// The operation whose payload isn't JSON of the model but the function's own.
pub(crate) const INVOKE: &str = "Invoke";

/// The function that a request invokes, by name or ARN.
fn invoked(request: &Request) -> Option<String> {
    let rest = request.path.strip_prefix("/2015-03-31/functions/")?;
    let name = rest.strip_suffix("/invocations")?;
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    (request.method == hyper::Method::POST).then_some(name)
}

/// Only events: nobody waits for what a function answers.
pub(crate) fn invoke(context: &Context<'_>, request: &Request) -> Result<Response, ApiError> {
    let name = invoked(request).unwrap_or_default();
    let is_it = |arn: &String| *arn == name || arn.ends_with(&format!(":function:{name}"));
    if !context.state.functions.iter().any(is_it) {
        return Err(ApiError::new(
            404,
            "ResourceNotFoundException",
            format!("Function not found: {name}"),
        ));
    }
    match request.header("x-amz-invocation-type") {
        Some("Event") => Ok(Response::new(202)),
        other => Err(ApiError::new(
            400,
            "InvalidParameterValueException",
            format!("the local AWS invokes functions by Event, not {other:?}"),
        )),
    }
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
