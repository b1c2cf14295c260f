//! Who may do what: every kind of way from one role to another is found where it is planted, and
//! none where it isn't.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its premise fails"
)]

mod account;
mod matrix;
mod reasons;
mod ways;
