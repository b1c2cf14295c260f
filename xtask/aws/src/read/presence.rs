//! Whether something is there that others make.

use crate::call::CallError;
use crate::session::Session;

/// Whether a function is there, by ARN.
pub(crate) async fn function(session: &Session, arn: &str) -> Result<bool, CallError> {
    found(session.functions.function(arn).await)
}

/// Whether a role is there, by name.
pub(crate) async fn role(session: &Session, name: &str) -> Result<bool, CallError> {
    found(session.iam.role(name).await)
}

fn found(answer: Result<(), CallError>) -> Result<bool, CallError> {
    match answer {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}
