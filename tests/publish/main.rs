//! Plans from values: no account, no clock, no mock.

#![allow(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

mod barred;
mod order;
mod ownership;
mod plan_file;
mod values;
