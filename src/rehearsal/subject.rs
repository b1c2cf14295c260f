//! The product that is rehearsed.

use super::running::Running;
use crate::cfn::Template;
use std::sync::Arc;

/// A product to rehearse.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its key.
    pub product: String,
    /// What is launched now.
    pub template: Arc<Template>,
    /// Its file, from the root of the repository.
    pub file: String,
    /// Versions of which stacks may be running.
    pub running: Vec<Running>,
    /// The documents of the actions that people start on it, with the actions each calls on the
    /// instance.
    pub service_actions: Vec<(String, Vec<String>)>,
}
