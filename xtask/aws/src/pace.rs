//! How fast the publisher asks, waits and gives up.

use crate::clock::Clock;
use aws_config::retry::RetryConfig;
use aws_sdk_s3::config::retry::{RetryPartition, TokenBucket};
use std::time::Duration;

/// How fast the publisher asks, waits and gives up.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two looks at something that isn't there yet.
    pub gap: Duration,
    /// Looks before it is given up.
    pub looks: u32,
    /// Steps that run side by side.
    pub steps: usize,
    /// Reads that run side by side.
    pub reads: usize,
    /// How often a step is begun again after an unclear answer.
    pub attempts: u32,
    is_local: bool,
    speed: u32,
}

impl Pace {
    /// For AWS: Service Catalog publishes no rates, and new things take seconds to be seen.
    pub const AWS: Pace = Pace {
        gap: Duration::from_secs(2),
        looks: 150,
        steps: 8,
        reads: 16,
        attempts: 3,
        is_local: false,
        speed: 1,
    };

    /// For a server on this machine.
    pub const LOCAL: Pace = Pace {
        gap: Duration::from_millis(10),
        looks: 300,
        steps: 8,
        reads: 16,
        attempts: 5,
        is_local: true,
        speed: 1,
    };

    /// The same pace on a clock that goes so many times faster than that on the wall: minutes of AWS's
    /// pauses in seconds. A call takes as long as it takes, and so counts as so many times longer.
    #[must_use]
    pub fn sped_up(self, speed: u32) -> Pace {
        Pace {
            speed: speed.max(1),
            ..self
        }
    }

    /// The clock for all pauses, where it isn't that on the wall.
    pub(crate) fn clock(self) -> Option<Clock> {
        (self.speed > 1).then(|| Clock::new(self.speed))
    }

    /// How the SDK repeats calls: with longer and longer pauses. Its adaptive mode was measured too: where
    /// a fifth of all calls is throttled whatever one does, it slows down to a call in two seconds, and a
    /// first publish took 17 minutes.
    pub(crate) fn retries(self) -> RetryConfig {
        if self.is_local {
            RetryConfig::standard()
                .with_max_attempts(12)
                .with_initial_backoff(Duration::from_millis(2))
                .with_max_backoff(Duration::from_millis(50))
        } else {
            RetryConfig::standard().with_max_attempts(10)
        }
    }

    /// How many repeats a run may spend on each service. The SDK's own allowance is made for fleets of
    /// servers; here one person waits, and a bad day is to be sat out.
    pub(crate) fn allowance(self) -> RetryPartition {
        let bucket = TokenBucket::builder()
            .capacity(5_000)
            .refill_rate(10.0)
            .build();
        RetryPartition::custom("publisher")
            .token_bucket(bucket)
            .build()
    }

    /// Waits between two pages of a listing; a server on this machine isn't spared.
    pub(crate) async fn between_pages(self) {
        /// AWS publishes no rate for these calls, and throttles long before it is hurt.
        const PAGES: Duration = Duration::from_millis(200);
        if !self.is_local {
            tokio::time::sleep(PAGES / self.speed).await;
        }
    }

    /// Waits one gap.
    pub(crate) async fn wait(self) {
        tokio::time::sleep(self.gap / self.speed).await;
    }
}
