//! `catalog-names`: every name in the catalog's files is that of something that exists.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::iam::actions;
use crate::portfolio::foundation::ServiceAction;
use crate::portfolio::{CatalogFiles, Portfolio, Principal};
use crate::product::regions;
use std::collections::BTreeMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-names",
    severity: Severity::Error,
    what: "Every name in the catalog's files is that of something that exists.",
    why: "A typing error would leave somebody without a product, and nobody would be told.",
    fix: "correct the name",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        check_portfolio(catalog, known, &file.body, &mut report.in_file(&file.path));
    }
    check_portfolio_names(catalog, report);
    check_product_names(known, report);
    check_roles(catalog, &mut report.in_file(&catalog.end_users_path));
    let foundation = &catalog.foundation;
    let mut here = report.in_file(&catalog.foundation_path);
    for role in &foundation.launch_roles {
        known.require_product(&role.product, &mut here);
    }
    let statements = foundation.boundary.iter();
    for product in statements.flat_map(|statement| &statement.roles_of) {
        known.require_product(product, &mut here);
    }
    for action in &foundation.service_actions {
        check_document(action, &mut here);
        for product in &action.products {
            known.require_product(product, &mut here);
        }
    }
}

fn check_portfolio(
    catalog: &CatalogFiles,
    known: &CheckContext<'_>,
    portfolio: &Portfolio,
    here: &mut InFile<'_>,
) {
    let roles = &catalog.end_users.roles;
    for principal in &portfolio.principals {
        if let Principal::EndUserRole(key) = &principal.value
            && !roles.iter().any(|role| role.key.value == *key)
        {
            let keys = roles.iter().map(|role| role.key.as_str());
            here.unknown(principal.at, "end-user role", key.as_str(), keys);
        }
    }
    for placement in &portfolio.products {
        known.require_product(&placement.product, here);
        if let Some(set) = &placement.stack_set {
            let unknown = |region: &&String| !regions().any(|known| known == region.as_str());
            for region in set.regions.iter().filter(unknown) {
                here.unknown(set.at, "region of AWS", region, regions());
            }
        }
    }
    let lists = catalog.tag_option_lists();
    for key in &portfolio.tag_options {
        if !lists.iter().any(|list| list.key.value == key.value) {
            let keys = lists.iter().map(|list| list.key.as_str());
            here.unknown(key.at, "key of tag options", key, keys);
        }
    }
}

/// People choose a portfolio by its name, and CloudFormation a stack by its own.
fn check_portfolio_names(catalog: &CatalogFiles, report: &mut CatalogReport) {
    let mut names = BTreeMap::new();
    let mut stacks = BTreeMap::new();
    for file in catalog.portfolios.values() {
        let (name, stack) = (&file.body.name, &file.body.stack);
        if let Some(other) = names.insert(name.value.trim().to_lowercase(), &file.path) {
            report.in_file(&file.path).add(
                name.at,
                format!(
                    "`{}` is the name of the portfolio in {other} too",
                    name.value
                ),
                "give each portfolio a name of its own",
            );
        }
        if let Some(other) = stacks.insert(stack.value.to_string(), &file.path) {
            report.in_file(&file.path).add(
                stack.at,
                format!("the stack `{}` is that of {other} too", stack.value),
                "give each portfolio a stack of its own",
            );
        }
    }
}

/// People tell products apart by their names.
fn check_product_names(known: &CheckContext<'_>, report: &mut CatalogReport) {
    let mut before = BTreeMap::new();
    for (key, product) in known.products {
        let Some(named) = &product.named else {
            continue;
        };
        if let Some(other) = before.insert(named.name.trim().to_lowercase(), key) {
            report.in_file(&named.file).add(
                named.at,
                format!("`{}` is the name of `{other}` too", named.name),
                "give each product a name of its own: people see nothing else of it",
            );
        }
    }
}

fn check_roles(catalog: &CatalogFiles, here: &mut InFile<'_>) {
    let roles = &catalog.end_users.roles;
    for (index, role) in roles.iter().enumerate() {
        if roles[..index].iter().any(|other| other.key == role.key) {
            let message = format!("the role `{}` stands a second time", role.key.value);
            here.add(role.key.at, message, "one role a key");
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
        here.add(
            action.document.at,
            format!("there is no document `{name}`"),
            &hint,
        );
    }
    for call in &action.calls {
        if let Some(unknown) = actions().check(call) {
            let unknown = unknown.to_string();
            let unknown = unknown.lines().next().unwrap_or_default();
            here.add(
                call.at,
                format!("the document can't call it: {unknown}"),
                "the document's page lists what it calls",
            );
        }
    }
}
