//! `launch-role-needs`: a launch role grants what every version of its product needs, to be made, changed and ended.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::foundation::LaunchRoleFile;
use crate::portfolio::{CatalogFiles, ProductFacts};

/// The rule.
pub(in crate::check) const RULE: Rule = Rule {
    id: "launch-role-needs",
    severity: Severity::Error,
    what: "A launch role grants what every version of its product needs, to be made, changed and ended.",
    why: "A launch, an update or a termination fails half-way, and so does the rollback.",
    fix: "say in the foundation file, or in handlers.yaml, what the role needs",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html",
    check: Check::Catalog(check),
};

// The roles are compiled from the templates of today and of each version of ours, so these have what
// they need. Left to people are the versions from before this catalog, whose templates it doesn't
// have.
fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    let mut here = report.in_file(&catalog.foundation_path);
    for (role, product) in known.launch_roles(catalog) {
        check_needs(role, product, &mut here);
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
