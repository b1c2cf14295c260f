//! Time stamps: milliseconds since 1970 inside, the formats of the protocols outside.

use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

const ISO: &[FormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
const HTTP: &[FormatItem<'static>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

/// `2025-01-31T12:00:00.000Z`, for XML.
pub(crate) fn iso(milliseconds: i64) -> String {
    format(milliseconds, ISO)
}

/// `Fri, 31 Jan 2025 12:00:00 GMT`, for HTTP headers.
pub(crate) fn http(milliseconds: i64) -> String {
    format(milliseconds, HTTP)
}

/// Seconds since 1970, for the JSON protocol.
pub(crate) fn epoch(milliseconds: i64) -> Value {
    Value::from(milliseconds as f64 / 1000.0)
}

fn format(milliseconds: i64, format: &[FormatItem<'static>]) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(format)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        assert_eq!(iso(1_738_324_800_123), "2025-01-31T12:00:00.123Z");
        assert_eq!(http(1_738_324_800_123), "Fri, 31 Jan 2025 12:00:00 GMT");
    }
}
