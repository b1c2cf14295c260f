//! The rules: what they find, and how that is told.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod accepted;
mod fixtures;
mod hostile;
mod mutations;
mod output;
mod patterns;
mod released_mutations;
mod schemas;
mod scripts;
mod services;
mod shell;
mod single;
