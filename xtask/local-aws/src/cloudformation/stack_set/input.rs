//! What every request may say, whatever it does.

use serde::Deserialize;

/// As whom the caller acts on the organisation. Which accounts may isn't asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum CallAs {
    #[default]
    #[serde(rename = "SELF")]
    Caller,
    DelegatedAdmin,
}

/// How an operation goes about it: accepted, since all is done at once here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Preferences {
    #[serde(rename = "RegionConcurrencyType")]
    _region_concurrency_type: Option<String>,
    #[serde(rename = "RegionOrder")]
    _region_order: Option<Vec<String>>,
    #[serde(rename = "FailureToleranceCount")]
    _failure_tolerance_count: Option<String>,
    #[serde(rename = "FailureTolerancePercentage")]
    _failure_tolerance_percentage: Option<String>,
    #[serde(rename = "MaxConcurrentCount")]
    _max_concurrent_count: Option<String>,
    #[serde(rename = "MaxConcurrentPercentage")]
    _max_concurrent_percentage: Option<String>,
}
