//! What the products guarantee: templates, launch forms, boot scripts and functions, as they stand
//! on disk and with other settings.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its premise fails"
)]

mod boot;
mod calls;
mod catalog;
mod contract;
mod defects;
mod functions;
mod launch;
mod stack;
mod templates;
