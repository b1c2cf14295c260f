//! Products: people tell them apart by their names.

use super::found::Found;
use super::{CheckContext, FileRule};
use std::collections::BTreeMap;

pub(super) fn check(known: &CheckContext<'_>, found: &mut Found) {
    let mut before = BTreeMap::new();
    for (key, product) in known.products {
        let Some(named) = &product.named else {
            continue;
        };
        if let Some(other) = before.insert(named.name.trim().to_lowercase(), key) {
            found.in_file(&named.file).add(
                FileRule::Names,
                named.at,
                format!("`{}` is the name of `{other}` too", named.name),
                "give each product a name of its own: people see nothing else of it",
            );
        }
    }
}
