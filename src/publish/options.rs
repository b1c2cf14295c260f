//! What whoever publishes may insist on.

/// What a person insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Hide retired versions although products run on them.
    pub force: bool,
    /// Publish versions that the environment before hasn't verified.
    pub insist: bool,
}
