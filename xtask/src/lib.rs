//! The commands, thin: what they do stands in the core.

pub mod access;
mod after_release;
pub mod built;
pub mod check;
pub mod cli;
mod command;
pub mod completion;
pub mod console;
pub mod description;
pub mod diagnostic;
pub mod diff;
pub mod difference;
pub mod doctor;
pub mod document;
pub mod examples;
pub mod external;
pub mod generate;
pub mod generated;
pub mod github;
pub mod history;
pub mod import;
pub mod manual;
mod named_file;
pub mod pages;
pub mod portfolios;
pub mod preview;
mod price_age;
pub mod publisher;
pub mod rehearse;
pub mod release;
pub mod running;
pub mod staged;
pub mod start;
pub mod unreleased;
pub mod vendor;
pub mod workflow;
pub mod workspace;

pub use command::{exit, main};

/// A run is short and makes many small values on every core. In a development build the system's
/// allocator is the faster one: this one is compiled without optimization there.
#[cfg(not(debug_assertions))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
