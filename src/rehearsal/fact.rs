//! Beliefs about AWS, each with its source, and what would prove it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A belief about AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fact {
    /// Its name in this file.
    pub id: String,
    /// What is believed.
    pub says: String,
    /// The page that says so, or nearly so.
    #[schemars(url)]
    pub source: String,
    /// What would show it in the events of a stack, all of it; none: no event can.
    #[serde(default)]
    pub shown_by: Vec<Sign>,
    /// Where and when a real launch has proved it; none: nowhere yet.
    #[serde(default)]
    pub proved: Option<Proof>,
}

/// What a stack's events say where a fact is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sign {
    /// The type of a resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// The state that it comes to, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Why it wouldn't come to it if the fact weren't true.
    pub because: String,
    /// What has to hold of every launch role, for that to follow.
    #[serde(default)]
    pub only_with: Option<Premise>,
}

/// Launch roles may call an action under a condition key alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Premise {
    /// The action.
    pub action: String,
    /// The key.
    pub key: String,
}

/// A real launch that proved a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Proof {
    /// The environment.
    pub environment: String,
    /// The day, such as `2026-11-28`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub on: String,
}

impl Fact {
    /// Whether a type and a state for each event of a stack show it.
    pub fn is_shown(&self, events: &[(String, String)]) -> bool {
        let is_seen = |sign: &Sign| {
            let mut events = events.iter();
            events.any(|(kind, status)| *kind == sign.kind && *status == sign.status)
        };
        !self.shown_by.is_empty() && self.shown_by.iter().all(is_seen)
    }
}
