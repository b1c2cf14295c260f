//! What updates do, as AWS's documentation says.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod differences;
mod pairs;
mod parameter;
mod parameter_whole;
mod report;
mod verdict;
