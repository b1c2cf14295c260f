//! Launch roles against the versions of their products: what a role lacks, and what it has that no
//! version needs.
//!
//! The roles are compiled from the templates of today and of each version of ours, so these have what
//! they need. Left to people are the versions from before this catalog, whose templates it doesn't
//! have, and what the organisation adds.

use super::found::{Found, InFile};
use super::{CheckContext, FileRule};
use crate::portfolio::foundation::LaunchRoleFile;
use crate::portfolio::{CatalogFiles, ProductFacts};

/// A type whose stacks hold types that nobody outside can see.
const NESTED: &str = "AWS::CloudFormation::Stack";

pub(super) fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, found: &mut Found) {
    let mut here = found.in_file(&catalog.foundation_path);
    for role in &catalog.foundation.launch_roles {
        if let Some(product) = known.products.get(&role.product.value) {
            check_needs(role, product, &mut here);
            check_surplus(role, product, &mut here);
        }
    }
}

fn check_needs(role: &LaunchRoleFile, product: &ProductFacts, here: &mut InFile<'_>) {
    let used = &product.types;
    for name in &product.legacy_types {
        let is_adopted = role
            .legacy_types
            .iter()
            .any(|legacy_types| legacy_types.value == *name);
        if !name.starts_with("Custom::") && !used.contains(name) && !is_adopted {
            here.add(
                FileRule::LaunchRoleNeeds,
                role.product.at,
                format!(
                    "the launch role of `{}` can't end {name}, which versions from before this catalog made",
                    role.product.value
                ),
                "add the type under `legacy_types`",
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
    for grant in &role.grants {
        if !used.contains(grant.needed_by.as_str()) {
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
    let hides_types = product.legacy_types.contains(NESTED);
    for name in &role.legacy_types {
        if !hides_types && !product.legacy_types.contains(name.as_str()) {
            let what = format!(
                "ends {}, which no version from before this catalog made",
                name.value
            );
            surplus(name.at, what);
        }
    }
}
