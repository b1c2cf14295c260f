//! AWS's services, by the names that principals and actions have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One a line, as JSON.
const NAMES: &str = include_str!("../../vendor/service-principals.json");

/// The services that AWS's managed policies and its list of actions name: what stands before
/// `.amazonaws.com`, or before the colon of an action.
pub fn services() -> &'static BTreeSet<&'static str> {
    static ALL: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let lines = NAMES.lines();
        lines
            .filter_map(|line| line.trim_start().strip_prefix('"')?.split('"').next())
            .collect()
    });
    &ALL
}
