//! What a run has done so far: written after each step, read by the run that resumes it.

use super::Goal;
use crate::digest::Digest;
use crate::environment::AccountId;
use crate::product::Key;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the file's form.
pub const RECEIPT_SCHEMA: u32 = 2;

/// `target/publish/<env>/receipt.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Receipt {
    /// [`RECEIPT_SCHEMA`].
    pub schema: u32,
    /// The environment.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// The run: also what the lock is held by.
    pub run: String,
    /// What sets the idempotency tokens of this attempt apart. A run that was cut off is resumed with
    /// the same; after a step that failed another attempt has another.
    pub nonce: String,
    /// What the run is to reach.
    #[serde(default)]
    pub goal: Goal,
    /// The digest of the plan file that is applied.
    pub plan: Digest,
    /// When it began, seconds since 1970.
    pub started: u64,
    /// When it ended with everything verified; absent for a run that was cut off or failed.
    pub verified: Option<u64>,
    /// The ids of the steps that were planned.
    pub planned: Vec<String>,
    /// The steps that were begun, in the order of their ends.
    pub steps: Vec<StepRecord>,
    /// What was created: product key, or product key and version, to its id.
    #[serde(default)]
    pub ids: BTreeMap<String, String>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StepRecord {
    /// Its id.
    pub id: String,
    /// What came of it.
    pub outcome: Outcome,
    /// When, seconds since 1970.
    pub at: u64,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is done.
    Done,
    /// It failed, and why.
    Failed(String),
}

impl Receipt {
    /// Whether the run has to be finished.
    pub fn is_unfinished(&self) -> bool {
        self.verified.is_none()
    }

    /// Whether a step was answered by a failure, rather than cut off.
    pub fn has_failed(&self) -> bool {
        let is_failure = |step: &StepRecord| matches!(step.outcome, Outcome::Failed(_));
        self.steps.iter().any(is_failure)
    }

    /// The steps that were planned and aren't done.
    pub fn left(&self) -> Vec<&str> {
        self.planned
            .iter()
            .filter(|id| {
                !self
                    .steps
                    .iter()
                    .any(|step| step.id == **id && step.outcome == Outcome::Done)
            })
            .map(String::as_str)
            .collect()
    }
}
