//! The commands, thin: what they do stands in the core.

pub mod catalog;
pub mod check;
pub mod cli;
pub mod codegen;
pub mod diff;
pub mod generate;
pub mod pages;
pub mod preview;
pub mod publisher;
pub mod release;
pub mod surroundings;
pub mod vendor;
pub mod workspace;
