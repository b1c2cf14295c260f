//! Rehearsals: what they find in the templates and roles that once kept products from launching,
//! and that nothing is left of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its premise fails"
)]

mod harness;
mod now;
mod sabotage;
mod signs;
mod then;
mod unasked;
mod unreviewed;
