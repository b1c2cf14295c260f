//! AWS's regions, by name.

/// One a line, as JSON.
const NAMES: &str = include_str!("../../vendor/region-names.json");

/// The regions in which AWS offers instances, sorted.
pub fn regions() -> impl Iterator<Item = &'static str> + Clone {
    let lines = NAMES.lines();
    lines.filter_map(|line| line.trim_start().strip_prefix('"')?.split('"').next())
}
