//! Tag options: values that are told apart, and tags that templates leave to them.

use super::found::{Found, InFile};
use super::{CheckContext, FileRule};
use crate::portfolio::{CatalogFiles, LogicalId, MOST_PER_PORTFOLIO, TagOptionList};
use std::collections::BTreeMap;

pub(super) fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, found: &mut Found) {
    let Some((path, options)) = &catalog.tag_options else {
        return;
    };
    let mut here = found.in_file(path);
    let mut ids = BTreeMap::new();
    for (index, list) in options.tag_options.iter().enumerate() {
        let mut before = options.tag_options.iter().take(index);
        if before.any(|other| other.key == list.key) {
            here.add(
                FileRule::TagOptions,
                list.key.at,
                format!("the key `{}` stands a second time", list.key.value),
                "one list a key",
            );
        }
        check_values(list, &mut ids, &mut here);
        for (product, known) in known.products {
            if known.tags.contains(list.key.as_str()) {
                here.add(
                    FileRule::TagOptions,
                    list.key.at,
                    format!(
                        "the template of `{product}` sets the tag `{}` itself",
                        list.key.value
                    ),
                    "the launch's tag would conflict: take the tag out of the template",
                );
            }
        }
    }
}

fn check_values<'a>(
    list: &'a TagOptionList,
    ids: &mut BTreeMap<LogicalId, &'a str>,
    here: &mut InFile<'_>,
) {
    here.at_most(
        list.key.at,
        list.all_values().count(),
        MOST_PER_PORTFOLIO,
        "values for one resource",
        "drop values: people choose the one for others, and write the code in a tag",
    );
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for value in list.all_values() {
        if let Some(other) = codes.insert(value.code(), value.as_str()) {
            here.add(
                FileRule::TagOptions,
                value.at,
                format!("`{}` has the code of `{other}`", value.value),
                "a code stands once",
            );
        }
        if let Some(other) = ids.insert(list.logical_id(value), value.as_str()) {
            here.add(
                FileRule::TagOptions,
                value.at,
                format!("`{}` has the logical id of `{other}`", value.value),
                "tell the names apart by more than blanks and punctuation",
            );
        }
    }
}
