//! What AWS's services take and answer, by AWS's own models in `vendor/api`: a type for each shape,
//! made at build time, and the models themselves, which requests and answers are read, checked and
//! written by. A member that a model doesn't have can't be named in the code, and is refused in a
//! request.

mod answer;
mod check;
mod model;
mod request;
mod shape;

pub(crate) use answer::{json, xml};
pub(crate) use model::Model;
pub(crate) use shape::{Operation, Shape, Time};

use crate::context::{Context, Reply};
use crate::wire::ApiError;
use serde_json::Value;
use shape::{operation, shape};

include!(concat!(env!("OUT_DIR"), "/api.rs"));

/// How a request spells its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Values have their types, times are seconds.
    Json,
    /// Every leaf is a text; lists and maps are numbered.
    Form,
    /// The same as EC2 has it: lists without an element around them, names with a capital letter.
    /// <https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html>
    Ec2,
}

/// The input of an operation, checked against its model. The code is the one that the service
/// gives to an input that doesn't fit.
pub(crate) fn read(
    model: &Model,
    operation: &str,
    input: Value,
    spelling: Spelling,
    code: &str,
) -> Result<Value, ApiError> {
    let refuse = |message: String| ApiError::new(400, code, message);
    let Some(shape) = model.input(operation) else {
        return match input {
            Value::Object(fields) if fields.is_empty() => Ok(Value::Object(fields)),
            _ => Err(refuse(format!("{operation} takes no parameters"))),
        };
    };
    let input = request::fit(model, shape, input, spelling).map_err(refuse)?;
    check::check(model, shape, &input).map_err(refuse)?;
    Ok(input)
}

/// Carries an operation out: its input into the type, the answer out of it.
pub(crate) fn run<O: Operation>(
    context: &mut Context<'_>,
    input: Value,
    carry_out: impl FnOnce(&mut Context<'_>, O::Input) -> Result<O::Output, ApiError>,
) -> Reply {
    let input = O::Input::take(input)
        .ok_or_else(|| ApiError::internal(format!("the input of {} has another type", O::NAME)))?;
    Ok(carry_out(context, input)?.give())
}

/// An answer as its model has it, or the fault in it: of the server, not of the caller.
pub(crate) fn checked(model: &Model, operation: &str, answer: Value) -> Result<Value, ApiError> {
    if let Some(shape) = model.output(operation) {
        check::check_answer(model, shape, &answer)
            .map_err(|fault| ApiError::internal(format!("the answer of {operation}: {fault}")))?;
    }
    Ok(answer)
}

/// Finds the function of an operation of a service, each by its name in the model.
macro_rules! operations {
    ($service:ident, $context:expr, $operation:expr, $input:expr; $($name:ident => $function:path,)+) => {
        match $operation {
            $(stringify!($name) => crate::api::run::<crate::api::$service::op::$name>($context, $input, $function),)+
            other => Err(crate::wire::ApiError::new(
                400,
                "UnknownOperationException",
                format!("the local AWS has no {} operation {other}", stringify!($service)),
            )),
        }
    };
}
pub(crate) use operations;
