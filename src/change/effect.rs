//! What an update does to one resource.

use super::When;
use serde::Serialize;
use std::fmt;

/// What an update does to a resource, from the least to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// Nothing happens to it.
    NoEffect,
    /// The stack has it from now on.
    Added,
    /// What is running stays as it is; what is started later gets the change.
    NotApplied,
    /// It changes without an interruption.
    InPlace,
    /// It stops or restarts.
    Interrupted,
    /// Whether it is replaced depends on what only the running account knows.
    Unknown,
    /// The stack no longer has it.
    Removed,
    /// A new one takes its place.
    Replaced,
    /// CloudFormation refuses the update.
    Fails,
}

impl Effect {
    /// Every effect, from the least to the worst.
    pub const ALL: [Effect; 9] = [
        Effect::NoEffect,
        Effect::Added,
        Effect::NotApplied,
        Effect::InPlace,
        Effect::Interrupted,
        Effect::Unknown,
        Effect::Removed,
        Effect::Replaced,
        Effect::Fails,
    ];

    /// Whether a running product can lose something or stand still.
    pub fn is_disruptive(self) -> bool {
        self >= Effect::Interrupted
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Effect::NoEffect => "no effect",
            Effect::Added => "added",
            Effect::NotApplied => "not applied to what is running",
            Effect::InPlace => "changed in place",
            Effect::Interrupted => "interrupted",
            Effect::Unknown => "unknown",
            Effect::Removed => "removed",
            Effect::Replaced => "replaced",
            Effect::Fails => "the update fails",
        })
    }
}

/// Why a resource is affected as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What changes, from the resource: `Properties.ImageId`.
    pub path: String,
    /// What this alone does.
    pub effect: Effect,
    /// Why, in a sentence.
    pub why: String,
    /// The page of AWS's documentation that says so.
    pub source: String,
    /// For which parameter values.
    #[serde(skip_serializing_if = "When::is_always")]
    pub when: When,
}

impl Reason {
    /// A reason that speaks of the whole resource.
    pub(super) fn whole(effect: Effect, why: String, source: &str) -> Reason {
        Reason {
            path: String::new(),
            effect,
            why,
            source: source.to_owned(),
            when: When::default(),
        }
    }
}
