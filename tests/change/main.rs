//! What updates do, as AWS's documentation says.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod cost;
mod differences;
mod exports;
mod fleet;
mod kept;
mod pairs;
mod parameter;
mod report;
mod verdict;
mod versions;
