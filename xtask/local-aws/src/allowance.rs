//! How many calls of an operation are carried out in a second.

use std::collections::BTreeMap;
use std::time::Instant;

/// What is left of the calls that each operation may have.
#[derive(Debug, Default)]
pub(crate) struct Allowance(BTreeMap<String, (f64, Instant)>);

impl Allowance {
    /// Whether a call may be carried out now, at so many in a second and no two at once; it is counted
    /// then.
    pub fn takes(&mut self, operation: &str, rate: f64, now: Instant) -> bool {
        let (left, seen) = self.0.get(operation).copied().unwrap_or((1.0, now));
        let since = now.saturating_duration_since(seen).as_secs_f64();
        let left = (left + since * rate).min(1.0);
        let is_allowed = left >= 1.0;
        let left = if is_allowed { left - 1.0 } else { left };
        self.0.insert(operation.to_owned(), (left, now));
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn more_calls_than_the_rate_wait_for_the_next_second() {
        let mut allowance = Allowance::default();
        let begin = Instant::now();
        let at = |ms: u64| begin + Duration::from_millis(ms);
        let mut takes = |ms: u64| allowance.takes("A", 2.0, at(ms));
        assert!(takes(0) && !takes(0) && !takes(400));
        assert!(takes(600) && !takes(700));
        assert!(takes(9_000) && !takes(9_000));
        assert!(allowance.takes("B", 0.5, at(0)));
        assert!(!allowance.takes("B", 0.5, at(1_000)));
        assert!(allowance.takes("B", 0.5, at(2_100)));
    }
}
