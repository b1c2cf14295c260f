//! What was called, in order, and what came of it.

use serde::{Deserialize, Serialize};

/// One call that reached the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Counted from 1 over the life of the server; [`crate::Faults`] go by it.
    pub number: u64,
    /// `s3`, `sts`, `iam`, `cloudformation` or `servicecatalog`.
    pub service: String,
    /// The operation as the service's API reference names it.
    pub operation: String,
    /// Whether the operation changes anything, by its kind.
    pub changing: bool,
    /// Whether another server answered it: [`crate::Config::upstream`].
    #[serde(default)]
    pub handed_on: bool,
    /// The account of the caller; empty when the caller is unknown.
    pub account: String,
    /// The region of the call.
    pub region: String,
    /// The count of changing calls that were carried out, this one included.
    pub change: Option<u64>,
    /// When it arrived, in microseconds since the server started.
    pub began: u64,
    /// When it was answered, in microseconds since the server started.
    pub ended: u64,
    /// `ok`, the error code that was answered (the HTTP status, where another server did),
    /// `dropped before`, `dropped after`, or `halted`.
    pub outcome: String,
}
