//! Launch roles against the versions of their products: what a role lacks, and what it has that no
//! version needs.
//!
//! The roles are compiled from the templates of today and of each version of ours, so these have what
//! they need. Left to people are the versions from before this catalog, whose templates it doesn't
//! have, and what the organisation adds.

use super::found::{Found, InFile};
use super::{CheckContext, FileRule};
use crate::portfolio::foundation::{FunctionOf, LaunchRoleFile};
use crate::portfolio::{CatalogFiles, ProductFacts};

/// A type whose stacks hold types that nobody outside can see.
const NESTED: &str = "AWS::CloudFormation::Stack";

pub(super) fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, found: &mut Found) {
    let mut here = found.in_file(&catalog.foundation_path);
    for role in &catalog.foundation.launch_roles {
        if let Some(product) = known.products.get(&role.product.value) {
            check_imports(role, known, &mut here);
            check_needs(role, product, &mut here);
            check_surplus(role, product, &mut here);
        }
    }
}

fn check_imports(role: &LaunchRoleFile, known: &CheckContext<'_>, here: &mut InFile<'_>) {
    for legacy in &role.legacy_functions {
        if let FunctionOf::Import(name) = &legacy.function
            && !known.exports.contains(&name.as_str())
        {
            let (at, exports) = (legacy.name.at, known.exports.iter().copied());
            here.unknown(FileRule::Exports, at, "declared export", name, exports);
        }
    }
}

fn check_needs(role: &LaunchRoleFile, product: &ProductFacts, here: &mut InFile<'_>) {
    let used = &product.types;
    for name in &product.legacy_types {
        let (missing, hint) = match name.starts_with("Custom::") {
            // The function behind the same type may be another now.
            true => {
                let mut functions = role.legacy_functions.iter();
                let is_known = functions.any(|legacy| legacy.name.value == *name);
                (
                    !is_known,
                    "add the type and its function under `legacyFunctions`",
                )
            }
            false => {
                let mut legacy = role.legacy_types.iter();
                let is_legacy = legacy.any(|legacy| legacy.name.value == *name);
                let hint = "add the type under `legacyTypes`";
                (!used.contains(name) && !is_legacy, hint)
            }
        };
        if missing {
            here.add(
                FileRule::LaunchRoleNeeds,
                role.product.at,
                format!(
                    "the launch role of `{}` can't end {name}, which versions from before this catalog made",
                    role.product.value
                ),
                hint,
            );
        }
    }
}

fn check_surplus(role: &LaunchRoleFile, product: &ProductFacts, here: &mut InFile<'_>) {
    let used = &product.types;
    let mut surplus = |at, what: String| {
        here.add(
            FileRule::LaunchRoleSurplus,
            at,
            format!("the launch role of `{}` {what}", role.product.value),
            "delete the line",
        );
    };
    let hides_types = product.legacy_types.contains(NESTED);
    let is_of_macro = |name: &str| {
        let mut macros = role.legacy_macros.iter();
        macros.any(|legacy| legacy.name.value == name)
    };
    for grant in &role.grants {
        let name = grant.needed_by.as_str();
        if !used.contains(name) && !product.legacy_types.contains(name) && !is_of_macro(name) {
            surplus(
                grant.needed_by.at,
                format!(
                    "has {} for {}, which no active version uses",
                    grant.sid, grant.needed_by.value
                ),
            );
        }
    }
    for name in &role.macro_types {
        if !used.contains(name.as_str()) {
            let what = format!(
                "knows the macro type {}, which no active version uses",
                name.value
            );
            surplus(name.at, what);
        }
    }
    let legacy = role.legacy_types.iter().map(|legacy| &legacy.name);
    let functions = role.legacy_functions.iter().map(|legacy| &legacy.name);
    for name in legacy.chain(functions) {
        if !hides_types && !product.legacy_types.contains(name.as_str()) {
            let what = format!(
                "ends {}, which no version from before this catalog made",
                name.value
            );
            surplus(name.at, what);
        }
    }
}
