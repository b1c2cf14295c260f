//! CloudFormation as values: what a template's author and its reader can rely on.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod evaluate;
mod integrity;
mod json;
mod layout;
mod pattern;
mod reads;
mod yaml;
