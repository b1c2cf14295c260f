//! AWS's regions, by name.

use std::sync::LazyLock;

static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../vendor/region-names.json"))
        .unwrap_or_else(|error| panic!("vendor/region-names.json: {error}"))
});

/// What there is to do where a region is none of them, and no name is near.
pub const UNKNOWN_REGION: &str =
    "vendor/region-names.json lists AWS's; `cargo xtask vendor refresh` renews it";

/// The regions in which AWS offers instances, sorted.
pub fn regions() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.iter().copied()
}
