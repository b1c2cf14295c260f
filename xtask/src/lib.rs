//! The commands, thin: what they do stands in the core.

pub mod codegen;
pub mod vendor;
