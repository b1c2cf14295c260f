//! Resource types and their facts: what a model and a check can rely on.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod facts;
mod mistakes;
mod types;
