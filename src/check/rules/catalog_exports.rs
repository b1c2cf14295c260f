//! `catalog-exports`: every import of a portfolio is of an export that the organisation declares.

use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::foundation::FunctionOf;
use crate::portfolio::{CatalogFiles, Launch, Principal};
use crate::yaml::Location;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-exports",
    severity: Severity::Error,
    what: "Every import of a portfolio is of an export that the organisation declares.",
    why: "CloudFormation refuses the stack in every account that lacks the export.",
    fix: "declare the export under `exports` of the organisation file, or correct the name",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        let launches = file.body.products.iter().filter_map(|placement| {
            let launch = placement.launch.as_ref()?;
            match &launch.value {
                Launch::Import(name) => Some((launch.at, name.as_str())),
                _ => None,
            }
        });
        let principals = file.body.principals.iter();
        let principals = principals.filter_map(|principal| match &principal.value {
            Principal::Import(name) => Some((principal.at, name.as_str())),
            _ => None,
        });
        undeclared(&file.path, launches.chain(principals), known, report);
    }
    let foundation = &catalog.foundation;
    let statements = foundation.boundary.iter();
    let boundary = statements.flat_map(|statement| {
        let imports = statement.imports.iter();
        imports.map(|import| (import.at, import.as_str()))
    });
    let roles = foundation.launch_roles.iter();
    let functions = roles.flat_map(|role| &role.legacy_functions);
    let functions = functions.filter_map(|legacy| match &legacy.function {
        FunctionOf::Import(name) => Some((legacy.name.at, name.as_str())),
        _ => None,
    });
    undeclared(
        &catalog.foundation_path,
        boundary.chain(functions),
        known,
        report,
    );
}

fn undeclared<'a>(
    path: &str,
    imports: impl Iterator<Item = (Location, &'a str)>,
    known: &CheckContext<'_>,
    report: &mut CatalogReport,
) {
    let mut here = report.in_file(path);
    for (at, name) in imports {
        if !known.exports().any(|export| export == name) {
            here.unknown(at, "declared export", name, known.exports());
        }
    }
}
