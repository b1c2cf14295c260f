//! Whether something is there that others make.

use crate::call::{CallError, Named};
use crate::session::Session;

/// Whether a function is there, by ARN.
pub(crate) async fn function(session: &Session, arn: &str) -> Result<bool, CallError> {
    let call = session.functions.get_function_configuration();
    let answer = call.function_name(arn).send().await;
    found(answer.named("lambda GetFunctionConfiguration", arn))
}

/// Whether a role is there, by name.
pub(crate) async fn role(session: &Session, name: &str) -> Result<bool, CallError> {
    let answer = session.iam.get_role().role_name(name).send().await;
    found(answer.named("iam GetRole", name))
}

fn found<T>(answer: Result<T, CallError>) -> Result<bool, CallError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}
