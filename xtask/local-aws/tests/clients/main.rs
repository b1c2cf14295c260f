//! The local AWS as AWS's own clients see it, unmodified.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where its set-up fails"
)]

mod catalog;
mod faults;
mod identity;
mod launch;
mod local;
mod portfolio;
mod s3;
mod share;
mod stack;
mod upstream;
