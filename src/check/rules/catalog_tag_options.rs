//! `catalog-tag-options`: tag options don't conflict, with each other or with what templates tag.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, LogicalId, TagOptionList};
use std::collections::BTreeMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-tag-options",
    severity: Severity::Error,
    what: "Tag options don't conflict, with each other or with what templates tag.",
    why: "The launch form comes back empty, or the launch fails.",
    fix: "leave one of them",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        let mut here = report.in_file(&file.path);
        let keys = &file.body.tag_options;
        for (index, key) in keys.iter().enumerate() {
            if keys[..index].iter().any(|other| other.value == key.value) {
                here.add(
                    key.at,
                    format!("the tag options of `{}` stand a second time", key.value),
                    "name each key once: launches would ask for it twice",
                );
            }
        }
    }
    let Some((path, options)) = &catalog.tag_options else {
        return;
    };
    let mut here = report.in_file(path);
    let lists = &options.tag_options;
    let mut ids = BTreeMap::new();
    for (index, list) in lists.iter().enumerate() {
        if lists[..index].iter().any(|other| other.key == list.key) {
            let message = format!("the key `{}` stands a second time", list.key.value);
            here.add(list.key.at, message, "one list a key");
        }
        check_values(list, &mut ids, &mut here);
        for (product, known) in known.products {
            if known.tags.contains(list.key.as_str()) {
                here.add(
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
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for value in list.all_values() {
        if list.is_coded() && value.code().is_none() {
            here.add(
                value.at,
                format!("`{}` is no name with its code", value.value),
                "write a name of letters, digits, blanks and `.:+=@_-`, then ` / ` and six digits; or leave out `none` and `other`",
            );
        }
        let coded = value.code().filter(|_| list.is_coded());
        if let Some(other) = coded.and_then(|code| codes.insert(code, value.as_str())) {
            here.add(
                value.at,
                format!("`{}` has the code of `{other}`", value.value),
                "a code stands once",
            );
        }
        if let Some(other) = ids.insert(list.logical_id(value), value.as_str()) {
            here.add(
                value.at,
                format!("`{}` has the logical id of `{other}`", value.value),
                "tell the names apart by more than blanks and punctuation",
            );
        }
    }
}
