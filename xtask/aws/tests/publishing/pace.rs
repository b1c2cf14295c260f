//! How long a bad day of AWS lasts: at the pauses that are used for AWS, on a faster clock.

use crate::timing::whole_catalog;
use local_aws::Faults;
use publisher::{Pace, Terminal};
use std::time::{Duration, Instant};

/// What a person waits for a first publish at most.
const MOST: Duration = Duration::from_secs(6 * 60);

/// The time that a first publish of the whole catalog takes at AWS's pauses under faults of this seed,
/// on a clock that goes so many times faster. A run that gives up is begun again, as a person would.
async fn converges(seed: u64, speed: u32, most: Duration) {
    let (world, desired) = whole_catalog().await;
    world.server.set_faults(Faults {
        seed,
        throttling: 0.20,
        server_error: 0.10,
        drop_after: 0.05,
        ..Faults::default()
    });
    let pace = Pace::AWS.sped_up(speed);
    let begun = Instant::now();
    let mut runs = 0;
    loop {
        runs += 1;
        let ended = world.publish_at(pace, &desired, &Terminal::quiet()).await;
        let took = begun.elapsed() * speed;
        match ended {
            Ok(_) => {
                println!("seed {seed}: {runs} runs, {took:?} at AWS's pace, {speed} times faster");
                assert!(took < most, "seed {seed}: {took:?}");
                break;
            }
            Err(failure) => assert!(took < most, "seed {seed}: {took:?}, {failure}"),
        }
    }
    world.server.set_faults(Faults::default());
    let plan = world.plan(&desired).await;
    assert!(plan.is_empty(), "seed {seed}: {plan}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes most of a minute; scripts/nightly.sh runs it"]
async fn a_first_publish_converges_within_minutes_on_a_bad_day() {
    // Other tests run beside it, and on the faster clock what they take counts eightfold: the nightly
    // run has the machine for itself.
    converges(1, 8, 2 * MOST).await;
}

/// The long run: the clock of the wall for one, a faster one for others.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes; scripts/nightly.sh runs it"]
async fn first_publishes_converge_within_six_minutes_on_many_bad_days() {
    for seed in 2..12 {
        converges(seed, 8, MOST).await;
    }
    converges(12, 1, MOST).await;
}
