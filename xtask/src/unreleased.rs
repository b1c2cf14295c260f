//! Products whose template has changes that no version holds.

use crate::built::BuiltProduct;

/// What to say of a product that has such changes: publishing sends versions, so nobody gets them.
pub fn unreleased(entry: &BuiltProduct) -> Option<String> {
    entry.built.as_ref().ok()?;
    let newest = entry.history.ledger.newest_released();
    let file = newest.map(|newest| format!("{}.yaml", newest.name));
    let body = file.and_then(|file| entry.history.bodies.get(&file));
    if body.is_some_and(|body| *body == entry.text.as_bytes()) {
        return None;
    }
    let what = newest.map_or_else(
        || "no version holds it yet".to_owned(),
        |newest| {
            format!(
                "it has changes that no version holds, {} and before",
                newest.name
            )
        },
    );
    Some(format!(
        "not released: {}: {what}\n  hint: `cargo xtask diff {}` tells what they do, `cargo xtask release {} --bump … --note …` makes a version",
        entry.key, entry.key, entry.key
    ))
}
