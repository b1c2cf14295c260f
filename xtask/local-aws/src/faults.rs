//! What goes wrong, decided by a seed and the number of the call, so that a run
//! with the same calls in the same order meets the same faults.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The faults that a server injects. Rates are from 0 (never) to 1 (always).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Another seed, other calls that fail.
    pub seed: u64,
    /// `ThrottlingException`, or 503 `SlowDown` from S3; the call has no effect.
    pub throttling: f64,
    /// By operation: so many calls a second, and no two at once; more are throttled.
    /// AWS publishes no such rates for Service Catalog and CloudFormation.
    pub rates: BTreeMap<String, f64>,
    /// An internal error of the service; the call has no effect.
    pub server_error: f64,
    /// The connection closes without an answer; the call has no effect.
    pub drop_before: f64,
    /// The connection closes without an answer; the call took effect.
    pub drop_after: f64,
    /// By operation: the next so many calls of it take effect and get no answer.
    pub unanswered: BTreeMap<String, u32>,
    /// An idempotency token is known for so many repeats, then it has expired.
    pub token_repeats: Option<u32>,
    /// Milliseconds that each call takes at least.
    pub latency_ms: u64,
    /// A read answers from the state before the last change.
    pub stale_reads: f64,
    /// An item of a batch call fails although the call answers 200.
    pub item_failures: f64,
    /// From this call number on (the first is 1) the credentials have expired.
    pub expire_from_call: Option<u64>,
    /// By operation: refused, as to an identity without the permission, where the path of the
    /// request holds this text. The empty text is in every path.
    pub denied: BTreeMap<String, String>,
    /// Names of versions whose creation ends as `FAILED`.
    pub failed_versions: BTreeSet<String>,
    /// Names of stacks whose change sets end as `FAILED`.
    pub failed_change_sets: BTreeSet<String>,
    /// Names of stacks that roll back when a change set is executed.
    pub rolled_back_stacks: BTreeSet<String>,
    /// After this many changing calls took effect, the last of them gets no
    /// answer and neither does any later call, until [`crate::Server::resume`] cuts them off:
    /// time to kill the client there.
    pub stop_after_change: Option<u64>,
    /// The same, when the changing call of this number arrives: it has no effect.
    pub stop_before_change: Option<u64>,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallOutcome {
    Fine,
    Throttled,
    ServerError,
    DroppedBefore,
    DroppedAfter,
}

impl Faults {
    /// The outcome of call `number`. At most one fault of this kind meets a call.
    pub(crate) fn outcome(&self, number: u64) -> CallOutcome {
        let mut chance = self.chance(number, "outcome");
        for (rate, outcome) in [
            (self.throttling, CallOutcome::Throttled),
            (self.server_error, CallOutcome::ServerError),
            (self.drop_before, CallOutcome::DroppedBefore),
            (self.drop_after, CallOutcome::DroppedAfter),
        ] {
            if chance < rate {
                return outcome;
            }
            chance -= rate;
        }
        CallOutcome::Fine
    }

    /// Whether a call of this operation, carried out, gets no answer.
    pub(crate) fn takes_answer(&mut self, operation: &str) -> bool {
        match self.unanswered.get_mut(operation) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Whether a call of this operation is refused for want of permission.
    pub(crate) fn denies(&self, operation: &str, path: &str) -> bool {
        self.denied
            .get(operation)
            .is_some_and(|part| path.contains(part.as_str()))
    }

    pub(crate) fn is_stale(&self, number: u64) -> bool {
        self.chance(number, "stale") < self.stale_reads
    }

    pub(crate) fn item_fails(&self, number: u64, item: usize) -> bool {
        self.chance(number, &format!("item {item}")) < self.item_failures
    }

    /// A number from 0 up to 1, always the same for the same seed, call and purpose.
    fn chance(&self, number: u64, purpose: &str) -> f64 {
        let digest = Sha256::digest(format!("{} {number} {purpose}", self.seed));
        let bits = digest
            .iter()
            .take(6)
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        bits as f64 / (1_u64 << 48) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_met_and_repeat() {
        let faults = Faults {
            seed: 7,
            throttling: 0.2,
            drop_after: 0.1,
            ..Faults::default()
        };
        let fates: Vec<CallOutcome> = (0..10_000).map(|call| faults.outcome(call)).collect();
        let share = |outcome| fates.iter().filter(|other| **other == outcome).count();
        assert!((1_800..2_200).contains(&share(CallOutcome::Throttled)));
        assert!((850..1_150).contains(&share(CallOutcome::DroppedAfter)));
        assert_eq!(share(CallOutcome::ServerError), 0);
        assert!(
            fates
                == (0..10_000)
                    .map(|call| faults.outcome(call))
                    .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_misspelt_fault_is_refused() {
        let error = serde_json::from_str::<Faults>(r#"{"throtling": 1}"#).unwrap_err();
        assert!(error.to_string().contains("throtling"));
    }
}
