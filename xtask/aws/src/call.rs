//! Answers of AWS that aren't successes, told apart by code and status, never by their prose.

use crate::command_error::{CommandError, Exit};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// A call that didn't succeed.
#[derive(Debug, Clone)]
pub struct CallError {
    /// What was called, such as `servicecatalog CreateProduct`.
    pub operation: &'static str,
    /// On what.
    pub on: String,
    /// What it means.
    pub kind: CallErrorKind,
    /// The service's error code.
    pub code: Option<String>,
    causes: Vec<String>,
}

/// What a call that didn't succeed means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The thing isn't there, or can't be seen yet.
    NotFound,
    /// A condition of the call wasn't met: somebody else was first.
    Precondition,
    /// Whether it took effect can't be known, or it may succeed when repeated.
    Unclear,
    /// Whether it took effect can't be known: what came back, if anything, is no answer of AWS's.
    Unanswered,
    /// The identity is refused.
    Identity,
    /// No connection to AWS.
    Unreachable,
    /// AWS says no.
    Refused,
}

/// Names a call in its errors.
pub trait Named<T> {
    /// The answer, or what was called on what and why it failed.
    ///
    /// # Errors
    /// The call didn't succeed.
    fn named(self, operation: &'static str, on: &str) -> Result<T, CallError>;
}

impl<T, E> Named<T> for Result<T, SdkError<E, HttpResponse>>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    fn named(self, operation: &'static str, on: &str) -> Result<T, CallError> {
        self.map_err(|error| {
            let status = error.raw_response().map(|raw| raw.status().as_u16());
            // The answer to a HEAD has no body that could hold a code.
            let bare = match status {
                Some(301) => Some("PermanentRedirect"),
                Some(403) => Some("Forbidden"),
                _ => None,
            };
            let code = error.code().or(bare).map(str::to_owned);
            let kind = kind(&error, code.as_deref(), status);
            let mut causes = Vec::new();
            match (&code, error.message()) {
                (Some(code), Some(message)) => causes.push(format!("{code}: {message}")),
                (Some(code), None) => causes.push(code.clone()),
                (None, _) => causes.extend(in_words(&error, status)),
            }
            CallError {
                operation,
                on: on.to_owned(),
                kind,
                code,
                causes,
            }
        })
    }
}

fn kind<E>(
    error: &SdkError<E, HttpResponse>,
    code: Option<&str>,
    status: Option<u16>,
) -> CallErrorKind {
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => {
            return CallErrorKind::Unanswered;
        }
        SdkError::DispatchFailure(failure) => {
            let error = failure.as_connector_error();
            return if has_source::<CredentialsError>(error, |_| true) {
                CallErrorKind::Identity
            } else if has_source::<std::io::Error>(error, is_no_connection) {
                CallErrorKind::Unreachable
            } else {
                CallErrorKind::Unanswered
            };
        }
        _ => {}
    }
    let code = code.unwrap_or_default();
    match (code, status) {
        (
            "ExpiredToken"
            | "ExpiredTokenException"
            | "RequestExpired"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "InvalidAccessKeyId"
            | "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "AuthFailure"
            | "InvalidToken",
            _,
        ) => CallErrorKind::Identity,
        (
            "ThrottlingException"
            | "Throttling"
            | "TooManyRequestsException"
            | "SlowDown"
            | "RequestLimitExceeded",
            _,
        ) => CallErrorKind::Unclear,
        ("ResourceNotFoundException" | "NoSuchKey" | "NoSuchBucket" | "NotFound", _) => {
            CallErrorKind::NotFound
        }
        ("PreconditionFailed" | "ConditionalRequestConflict", _) | (_, Some(412)) => {
            CallErrorKind::Precondition
        }
        (_, Some(404)) => CallErrorKind::NotFound,
        // An answer without a code, though it says that all is well, is none of AWS's.
        ("", Some(200..=299 | 500..)) => CallErrorKind::Unanswered,
        (_, Some(status)) if status >= 500 => CallErrorKind::Unclear,
        _ => CallErrorKind::Refused,
    }
}

/// Whether nothing was ever connected to: refused, no route, no such name. A connection that broke
/// may have carried the call.
fn is_no_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    !matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::TimedOut
            | ErrorKind::Interrupted
    )
}

/// Why there is no answer of AWS's, in words for a person.
fn in_words<E>(error: &SdkError<E, HttpResponse>, status: Option<u16>) -> Option<String>
where
    E: Error + 'static,
{
    Some(match (error, status) {
        (SdkError::TimeoutError(_), _) => "no answer in time".to_owned(),
        (_, Some(status)) => {
            let raw = error.raw_response()?;
            let kind = raw
                .headers()
                .get("content-type")
                .unwrap_or("of no named type");
            format!("the answer is not one of AWS's: status {status}, {kind}")
        }
        // The last of them is the system's own.
        _ => chain(error).pop()?,
    })
}

/// Whether an error of a type, with a property, is behind another.
fn has_source<E: Error + 'static>(
    error: Option<&ConnectorError>,
    is_meant: impl Fn(&E) -> bool,
) -> bool {
    let mut next = error.map(|error| error as &(dyn Error + 'static));
    while let Some(error) = next {
        if error.downcast_ref::<E>().is_some_and(&is_meant) {
            return true;
        }
        next = error.source();
    }
    false
}

/// What is behind an error, each cause once, the deepest last.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !causes.contains(&text) {
            causes.push(text);
        }
        next = error.source();
    }
    causes
}

impl CallError {
    /// An answer that broke off.
    pub(crate) fn unclear(
        operation: &'static str,
        on: &str,
        error: &(dyn Error + 'static),
    ) -> Self {
        Self {
            operation,
            on: on.to_owned(),
            kind: CallErrorKind::Unanswered,
            code: None,
            causes: chain(error),
        }
    }

    /// Whether the thing isn't there.
    pub fn is_not_found(&self) -> bool {
        self.kind == CallErrorKind::NotFound
    }

    /// Whether nobody can say if it took effect: the same call, or another look, may tell.
    pub fn is_unclear(&self) -> bool {
        matches!(
            self.kind,
            CallErrorKind::Unclear | CallErrorKind::Unanswered
        )
    }

    /// Why, as AWS says.
    pub fn why(&self) -> String {
        self.causes.join("; ")
    }

    /// The same error with one more cause.
    pub fn because(mut self, cause: &str) -> CallError {
        self.causes.push(cause.to_owned());
        self
    }

    /// Whether this identity lacks a permission.
    pub fn is_refused(&self) -> bool {
        matches!(
            self.code.as_deref(),
            Some("AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "Forbidden")
        )
    }
}

impl From<CallError> for CommandError {
    fn from(error: CallError) -> Self {
        let (exit, hint) = match error.kind {
            CallErrorKind::Identity => (
                Exit::Unreachable,
                Some("log in again (`aws sso login`), or choose another profile with AWS_PROFILE"),
            ),
            CallErrorKind::Unreachable => (
                Exit::Unreachable,
                Some("look at the network, the proxy and AWS_ENDPOINT_URL"),
            ),
            CallErrorKind::Unanswered => (
                Exit::Unreachable,
                Some(
                    "look at the network, the proxy and AWS_ENDPOINT_URL; then run the command again: it looks first and goes on from there",
                ),
            ),
            CallErrorKind::Unclear => (
                Exit::Refused,
                Some("run the command again: it looks first and goes on from there"),
            ),
            _ if error.is_refused() => (
                Exit::Refused,
                Some("give this identity the permission that the message names"),
            ),
            _ => (Exit::Refused, None),
        };
        CommandError {
            what: format!("{} failed on {}", error.operation, error.on),
            causes: error.causes,
            hint: hint.map(str::to_owned),
            exit,
            parts: Vec::new(),
        }
    }
}
