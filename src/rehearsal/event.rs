//! What happens to a stack, line by line, as CloudFormation tells it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>

use super::cause::Cause;
use serde::Serialize;
use std::fmt;

/// The state of a stack or of one of its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is documented by AWS under its own name")]
pub enum Status {
    CreateInProgress,
    CreateComplete,
    CreateFailed,
    UpdateInProgress,
    UpdateComplete,
    UpdateFailed,
    DeleteInProgress,
    DeleteComplete,
    DeleteFailed,
    DeleteSkipped,
    RollbackInProgress,
    RollbackComplete,
    RollbackFailed,
    UpdateRollbackInProgress,
    UpdateRollbackComplete,
    UpdateRollbackFailed,
    UpdateCompleteCleanupInProgress,
}

impl Status {
    /// The name that AWS gives it.
    pub fn name(self) -> String {
        let mut name = String::new();
        for (index, letter) in format!("{self:?}").chars().enumerate() {
            if letter.is_ascii_uppercase() && index > 0 {
                name.push('_');
            }
            name.push(letter.to_ascii_uppercase());
        }
        name
    }

    /// Whether something went wrong.
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Status::CreateFailed
                | Status::UpdateFailed
                | Status::DeleteFailed
                | Status::RollbackFailed
                | Status::UpdateRollbackFailed
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

/// One line of the time line.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The stack.
    pub stack: String,
    /// The resource, by logical id; the stack's name where it is the stack itself.
    pub logical_id: String,
    /// The type.
    pub kind: String,
    /// Its state from here on.
    pub status: Status,
    /// Its physical id, where it has one.
    pub physical_id: Option<String>,
    /// Why, where there is something to say.
    pub cause: Option<Cause>,
}
