//! The lock that keeps two publishers of one account apart: an object that only one can create.

use crate::call::{CallErrorKind, Named};
use crate::command_error::CommandError;
use crate::read::body;
use crate::session::Session;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};

/// The lock's key in the bucket for templates.
const KEY: &str = "locks/publish.json";

/// Who publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Holder {
    /// The run; a run that was cut off takes its own lock up again.
    pub run: String,
    /// The ARN of the identity.
    pub who: String,
    /// Since when, seconds since 1970.
    pub since: u64,
}

/// The lock, held.
pub(crate) struct Lock<'a> {
    session: &'a Session,
    bucket: String,
    run: String,
}

impl<'a> Lock<'a> {
    /// Takes the lock, or says who has it. `insist` takes it from whoever has it now.
    pub(crate) async fn take(
        session: &'a Session,
        bucket: &str,
        holder: &Holder,
        insist: bool,
    ) -> Result<Lock<'a>, CommandError> {
        let lock = Lock {
            session,
            bucket: bucket.to_owned(),
            run: holder.run.clone(),
        };
        for _ in 0..session.pace.attempts {
            if lock.create(holder).await? {
                return Ok(lock);
            }
            let Some(bytes) = body::object(session, bucket, KEY).await? else {
                // Released between the two calls.
                continue;
            };
            let other: Holder = serde_json::from_slice(&bytes).unwrap_or_else(|_| Holder {
                run: String::new(),
                who: "somebody".to_owned(),
                since: 0,
            });
            if other.run == holder.run {
                return Ok(lock);
            }
            if !insist {
                return Err(CommandError::new(format!(
                    "{} publishes to this account since {}",
                    other.who,
                    time(other.since)
                ))
                .because(format!("the lock {bucket}/{KEY} is theirs"))
                .hint("wait until they are done; when that run is dead for certain, use `--break-lock`"));
            }
            lock.delete().await?;
        }
        Err(
            CommandError::new(format!("the lock {bucket}/{KEY} can't be taken"))
                .because("others take it each time")
                .hint("ask who publishes to this account"),
        )
    }

    async fn create(&self, holder: &Holder) -> Result<bool, CommandError> {
        let text = serde_json::to_vec(holder)
            .map_err(|error| CommandError::new("the lock can't be written").because(error))?;
        let answer = self
            .session
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(KEY)
            .if_none_match("*")
            .content_type("application/json")
            .body(ByteStream::from(text))
            .send()
            .await
            .named("s3 PutObject", &format!("{}/{KEY}", self.bucket));
        match answer {
            Ok(_) => Ok(true),
            Err(error) if error.kind == CallErrorKind::Precondition => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete(&self) -> Result<(), CommandError> {
        self.session
            .s3
            .delete_object()
            .bucket(&self.bucket)
            .key(KEY)
            .send()
            .await
            .named("s3 DeleteObject", &format!("{}/{KEY}", self.bucket))?;
        Ok(())
    }

    /// Gives the lock back, unless it was broken meanwhile.
    pub(crate) async fn release(self) -> Result<(), CommandError> {
        let held = body::object(self.session, &self.bucket, KEY).await?;
        let holder = held.and_then(|bytes| serde_json::from_slice::<Holder>(&bytes).ok());
        if holder.is_some_and(|holder| holder.run == self.run) {
            self.delete().await?;
        }
        Ok(())
    }
}

/// Seconds since 1970.
pub(crate) fn now_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// `2026-01-31T12:00:00Z`
pub(crate) fn time(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_secs(seconds)
        .fmt(Format::DateTime)
        .unwrap_or_else(|_| "an unknown time".to_owned())
}
