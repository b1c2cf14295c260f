//! The foundation: launch roles and service actions of products that exist, and a boundary that
//! covers what the products' roles grant.

use super::found::{Found, InFile};
use super::{CheckContext, FileRule};
use crate::iam::actions;
use crate::portfolio::CatalogFiles;
use crate::portfolio::foundation::{Foundation, ServiceAction};
use crate::portfolio::role_calls::beyond;
use crate::product::Key;
use std::collections::{BTreeMap, BTreeSet};

const ACTIONS_OF_A_REGION: usize = 200;
const ACTIONS_OF_A_VERSION: usize = 25;

pub(super) fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, found: &mut Found) {
    let mut here = found.in_file(&catalog.foundation_path);
    check_launch_roles(&catalog.foundation, known, &mut here);
    check_boundary(&catalog.foundation, known, &mut here);
    check_service_actions(&catalog.foundation, known, &mut here);
}

fn check_launch_roles(foundation: &Foundation, known: &CheckContext<'_>, here: &mut InFile<'_>) {
    let mut before = BTreeSet::new();
    for product in foundation.launch_roles.iter().map(|role| &role.product) {
        if !before.insert(&product.value) {
            here.add(
                FileRule::OneLaunch,
                product.at,
                format!("`{}` has a second launch role", product.value),
                "one role a product",
            );
        }
        if !known.products.contains_key(&product.value) {
            let products = known.products.keys().map(Key::as_str);
            let key = product.as_str();
            here.unknown(FileRule::Names, product.at, "product", key, products);
        }
    }
}

fn check_boundary(foundation: &Foundation, known: &CheckContext<'_>, here: &mut InFile<'_>) {
    for statement in &foundation.boundary {
        for import in &statement.imports {
            if !known.exports.contains(&import.as_str()) {
                let exports = known.exports.iter().copied();
                here.unknown(
                    FileRule::Exports,
                    import.at,
                    "declared export",
                    import,
                    exports,
                );
            }
        }
        for product in &statement.roles_of {
            if !known.products.contains_key(&product.value) {
                let products = known.products.keys().map(Key::as_str);
                let key = product.as_str();
                here.unknown(FileRule::Names, product.at, "product", key, products);
            }
        }
    }
    for role in &foundation.launch_roles {
        let Some(product) = known.products.get(&role.product.value) else {
            continue;
        };
        let key = &role.product.value;
        match beyond(&foundation.boundary, &product.role_calls) {
            Ok(calls) => {
                for call in calls {
                    let (id, action, told) = (&call.role, &call.action, &call.told);
                    here.add(
                        FileRule::Boundary,
                        role.product.at,
                        format!("the role {id} of `{key}` may {action} on {told}, which the boundary keeps from it"),
                        "add what it needs under `boundary`, or take it from the role",
                    );
                }
            }
            Err(error) => here.add(
                FileRule::Boundary,
                foundation.stack.at,
                format!("the boundary can't be decided by: {error}"),
                "write what IAM reads",
            ),
        }
    }
}

/// Documents of AWS that restart, stop, resize and the like, one a line.
const DOCUMENTS: &str = include_str!("../../../vendor/documents.txt");

/// The document is one that there is, and calls what there is.
fn check_document(action: &ServiceAction, here: &mut InFile<'_>) {
    let name = action.document.as_str();
    let known = || {
        DOCUMENTS
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
    };
    // AWS has more than stand in the list: what nearly is one of it was meant to be that.
    if name.starts_with("AWS-")
        && !known().any(|document| document == name)
        && let Some(near) =
            known().find(|document| strsim::damerau_levenshtein(document, name) <= 2)
    {
        let hint = format!("did you mean `{near}`?");
        let message = format!("there is no document `{name}`");
        here.add(FileRule::Names, action.document.at, message, &hint);
    }
    for call in &action.calls {
        if let Some(unknown) = actions().check(call) {
            let unknown = unknown.to_string();
            let unknown = unknown.lines().next().unwrap_or_default();
            let message = format!("the document can't call it: {unknown}");
            let hint = "the document's page lists what it calls";
            here.add(FileRule::Names, call.at, message, hint);
        }
    }
}

fn check_service_actions(foundation: &Foundation, known: &CheckContext<'_>, here: &mut InFile<'_>) {
    const FEWER: &str = "offer fewer actions";
    here.at_most(
        foundation.stack.at,
        foundation.service_actions.len(),
        ACTIONS_OF_A_REGION,
        "service actions",
        FEWER,
    );
    let mut counts: BTreeMap<&Key, usize> = BTreeMap::new();
    for action in &foundation.service_actions {
        check_document(action, here);
        for product in &action.products {
            if !known.products.contains_key(&product.value) {
                let products = known.products.keys().map(Key::as_str);
                let key = product.as_str();
                here.unknown(FileRule::Names, product.at, "product", key, products);
            }
            let count = counts.entry(&product.value).or_default();
            *count += 1;
            let what = "service actions of a version";
            here.at_most(product.at, *count, ACTIONS_OF_A_VERSION, what, FEWER);
        }
    }
}
