//! Prices that are old. The core has no clock; pages tell the day on which AWS gave them, and never more.

use compute_catalog::environment::{Prices, prices_path};
use std::time::{SystemTime, UNIX_EPOCH};

/// So many days may prices be old without a word.
const MOST: i64 = 180;

/// What is said of prices that are older, by file.
pub fn told(prices: &Prices) -> Vec<String> {
    let today = today();
    let old = prices.by_region.iter().filter_map(|(region, prices)| {
        let (file, date) = (prices_path(region), &prices.date);
        let what = match prices.age(today) {
            days if days > MOST => format!("old prices: {file} is of {date}, {days} days ago"),
            days if days < 0 => {
                format!("prices of another time: {file} is of {date}, which is still to come")
            }
            _ => return None,
        };
        Some(format!(
            "{what}\n  hint: `cargo xtask vendor prices` asks AWS for those of today"
        ))
    });
    old.collect()
}

/// The days since the first of 1970. Who builds for another day says so, as reproducible builds do.
/// <https://reproducible-builds.org/docs/source-date-epoch/>
fn today() -> i64 {
    let asked = std::env::var("SOURCE_DATE_EPOCH").ok();
    let asked = asked.and_then(|seconds| seconds.parse::<i64>().ok());
    let now = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
    };
    asked.unwrap_or_else(now) / 86_400
}
