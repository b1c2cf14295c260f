//! Whether something is there.

use crate::call::CallError;
use crate::session::Session;
use std::future::Future;

/// What a look shows, where it shows nothing repeated a few times: a thing that a stack has just made may
/// be answered as not found for a while, and what is taken for gone is told of and left out of a plan. For
/// how long, AWS doesn't say; a provider of its own waits for minutes:
/// <https://github.com/hashicorp/terraform-provider-aws/issues/29889>
pub(crate) async fn looked_for<T, F>(
    session: &Session,
    look: impl Fn() -> F,
) -> Result<Option<T>, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    for attempt in 1.. {
        match look().await {
            Ok(found) => return Ok(Some(found)),
            Err(error) if !error.is_not_found() => return Err(error),
            Err(_) if attempt >= session.pace.attempts => break,
            Err(_) => session.pace.wait().await,
        }
    }
    Ok(None)
}

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
