//! AWS's services, by the names that principals and actions have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../vendor/service-principals.json"))
        .unwrap_or_else(|error| panic!("vendor/service-principals.json: {error}"))
});

/// The services that AWS's managed policies and its list of actions name: what stands before
/// `.amazonaws.com`, or before the colon of an action.
pub fn services() -> &'static BTreeSet<&'static str> {
    &NAMES
}
