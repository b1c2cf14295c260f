//! The commands, thin: what they do stands in the core.
