//! `launch-role-surplus`: a launch role grants nothing that no version of its product needs.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::foundation::LaunchRoleFile;
use crate::portfolio::{CatalogFiles, ProductFacts};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "launch-role-surplus",
    severity: Severity::Warning,
    what: "A launch role grants nothing that no version of its product needs.",
    why: "What nobody needs is only of use to an attacker.",
    fix: "delete the line",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    check: Check::Catalog(check),
};

/// A type whose stacks hold types that nobody outside can see.
const NESTED: &str = "AWS::CloudFormation::Stack";

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    let mut here = report.in_file(&catalog.foundation_path);
    for (role, product) in known.launch_roles(catalog) {
        check_surplus(role, product, &mut here);
    }
}

fn check_surplus(role: &LaunchRoleFile, product: &ProductFacts, here: &mut InFile<'_>) {
    let used = &product.types;
    let mut surplus = |at, what: String| {
        here.add(
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
