//! Lambda: functions that exist by their ARN. Nothing runs.
//! <https://docs.aws.amazon.com/lambda/latest/api/>

use crate::context::{Context, Reply};
use crate::wire::{ApiError, Request};
use hyper::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

const FUNCTIONS: &str = "/2015-03-31/functions/";
const CONFIGURATION: &str = "/configuration";

/// The operation that a request names, and its input.
pub(crate) fn operation(request: &Request) -> Result<(String, Value), ApiError> {
    let name = request
        .path
        .strip_prefix(FUNCTIONS)
        .and_then(|rest| rest.strip_suffix(CONFIGURATION))
        .filter(|_| request.method == Method::GET);
    let Some(name) = name else {
        return Err(ApiError::new(
            404,
            "UnknownOperationException",
            format!(
                "the local AWS has no lambda operation at {} {}",
                request.method, request.path
            ),
        ));
    };
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    Ok((
        "GetFunctionConfiguration".to_owned(),
        json!({ "FunctionName": name }),
    ))
}

pub(crate) fn call(context: &Context<'_>, input: &Value) -> Reply {
    let arn = input["FunctionName"].as_str().unwrap_or_default();
    if !context.state.functions.contains(arn) {
        return Err(ApiError::new(
            404,
            "ResourceNotFoundException",
            format!("Function not found: {arn}"),
        ));
    }
    let name = arn.rsplit(':').next().unwrap_or_default();
    Ok(json!({ "FunctionName": name, "FunctionArn": arn }))
}
