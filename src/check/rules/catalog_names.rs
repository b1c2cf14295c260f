//! `catalog-names`: every name in the catalog's files is that of something that exists.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::cfn::Transform;
use crate::environment::{ORGANIZATION, environment_path};
use crate::iam::{actions, service_fault};
use crate::portfolio::end_user::EndUserRole;
use crate::portfolio::foundation::{BoundaryStatement, LaunchRoleFile, ServiceAction};
use crate::portfolio::{CatalogFiles, Portfolio, Principal, ProductFacts};
use crate::product::{Key, regions};
use crate::yaml::{Located, nearest};
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
    check_recorded(catalog, known, report);
    check_code_owners(known, &mut report.in_file(ORGANIZATION));
    check_portfolio_names(catalog, report);
    check_stack_names(catalog, report);
    check_product_names(known, report);
    check_roles(catalog, &mut report.in_file(&catalog.end_users_path));
    let foundation = &catalog.foundation;
    let mut here = report.in_file(&catalog.foundation_path);
    for role in &foundation.launch_roles {
        known.require_product(&role.product, &mut here);
    }
    for (role, product) in known.launch_roles(catalog) {
        check_macros(role, product, &mut here);
    }
    let statements = foundation.boundary.iter();
    for product in statements.flat_map(|statement| &statement.roles_of) {
        known.require_product(product, &mut here);
    }
    check_services(&foundation.boundary, &mut here);
    for (index, action) in foundation.service_actions.iter().enumerate() {
        let is_same = |other: &&ServiceAction| other.name.value == action.name.value;
        if let Some(other) = foundation.service_actions.iter().take(index).find(is_same) {
            here.add(
                action.name.at,
                format!(
                    "`{}` is the name of {} too",
                    action.name.value, other.logical_id
                ),
                "give each action a name of its own: people see nothing else of it",
            );
        }
        check_document(action, &mut here);
        for product in &action.products {
            known.require_product(product, &mut here);
            check_target(action, product, known, &mut here);
        }
    }
}

/// Macros of earlier versions: AWS's are those that there are. Of others, what is nearly the name of one in
/// the newest of these versions is a misspelling of it; the template of each older one isn't kept.
fn check_macros(role: &LaunchRoleFile, product: &ProductFacts, here: &mut InFile<'_>) {
    for legacy in &role.legacy_macros {
        let name = legacy.name.as_str();
        let known = || product.legacy_macros.iter().map(String::as_str);
        let is_of_aws = name.starts_with("AWS::");
        let is_misspelt = match is_of_aws {
            true => !Transform::OF_AWS.contains(&name),
            false => !known().any(|known| known == name) && nearest(name, known()).is_some(),
        };
        match (is_misspelt, is_of_aws) {
            (false, _) => {}
            (true, true) => here.unknown(legacy.name.at, "macro of AWS", name, Transform::OF_AWS),
            (true, false) => {
                let what = format!("macro of versions of `{}`", role.product.value);
                here.unknown(legacy.name.at, &what, name, known());
            }
        }
    }
}

/// A document for instances does nothing on a product without one.
fn check_target(
    action: &ServiceAction,
    product: &Located<Key>,
    known: &CheckContext<'_>,
    here: &mut InFile<'_>,
) {
    let is_of_instances = action.document.contains("EC2Instance");
    let facts = known.products.get(&product.value);
    if is_of_instances && facts.is_some_and(|facts| !facts.types.contains("AWS::EC2::Instance")) {
        here.add(
            product.at,
            format!(
                "`{}` works on an instance, and `{}` has none",
                action.document.value, product.value
            ),
            "leave the product out",
        );
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
    let named = || portfolio.principals.iter().map(|one| one.value.text());
    for name in portfolio.principal_ids.keys() {
        if !named().any(|known| known == name.value) {
            here.unknown(name.at, "principal of this portfolio", name, named());
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

/// What is recorded of an account is recorded of a product or a portfolio: another would be made beside
/// what is there.
fn check_recorded(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for (key, environment) in &known.environments.by_key {
        let path = environment_path(key);
        let mut here = report.in_file(&path);
        for product in environment.products.keys() {
            known.require_product(product, &mut here);
        }
        for portfolio in environment.portfolios.keys() {
            if !catalog.portfolios.contains_key(&portfolio.value) {
                let keys = catalog.portfolios.keys().map(Key::as_str);
                here.unknown(portfolio.at, "portfolio", portfolio.as_str(), keys);
            }
        }
    }
}

/// A pattern that starts at the root goes through folders that there are: of what it misses, nobody is
/// asked for a review. What stands behind a wildcard may come.
/// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax>
fn check_code_owners(known: &CheckContext<'_>, here: &mut InFile<'_>) {
    for pattern in known.environments.organization.code_owners.keys() {
        // Without a slash but at its end, it is of whatever has that name anywhere.
        if !pattern.trim_end_matches('/').contains('/') {
            continue;
        }
        let mut folder = String::new();
        for name in pattern.split('/').filter(|name| !name.is_empty()) {
            if name.contains(['*', '?', '\\']) {
                break;
            }
            let names = (known.names_in)(&folder);
            if !names.iter().any(|known| known == name) {
                let kind = match folder.is_empty() {
                    true => "file or folder of the repository".to_owned(),
                    false => format!("file or folder of {folder}"),
                };
                let names = names.iter().map(String::as_str);
                here.unknown(pattern.at, &kind, name, names);
                break;
            }
            if !folder.is_empty() {
                folder.push('/');
            }
            folder.push_str(name);
        }
    }
}

/// A role is passed to a service: to another than was meant, no program can pass it.
fn check_services(boundary: &[BoundaryStatement], here: &mut InFile<'_>) {
    for service in boundary.iter().flat_map(|statement| &statement.passed_to) {
        if let Some(fault) = service_fault(service) {
            let message = format!("there is no service `{}`", service.value);
            here.add(service.at, message, &fault);
        }
    }
}

/// People choose a portfolio by its name, and CloudFormation a stack by its own.
fn check_portfolio_names(catalog: &CatalogFiles, report: &mut CatalogReport) {
    let mut names = BTreeMap::new();
    for file in catalog.portfolios.values() {
        let name = &file.body.name;
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
    }
}

/// An account has a stack of a name once, whatever it is for; and a StackSet.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
fn check_stack_names(catalog: &CatalogFiles, report: &mut CatalogReport) {
    let foundation = (&catalog.foundation_path, &catalog.foundation.stack);
    let users = (&catalog.end_users_path, &catalog.end_users.stack);
    let options = catalog.tag_options.iter();
    let options = options.map(|(path, options)| (path, &options.stack));
    let roles = catalog.foundation.launch_roles.iter();
    let roles = roles.map(|role| (&catalog.foundation_path, &role.stack));
    let portfolios = || catalog.portfolios.values();
    let stacks = [foundation, users]
        .into_iter()
        .chain(options)
        .chain(roles)
        .chain(portfolios().map(|file| (&file.path, &file.body.stack)));
    let sets = portfolios().filter_map(|file| {
        let recipients = file.body.recipients.as_ref()?;
        Some((&file.path, &recipients.stack_set))
    });
    let mut before: BTreeMap<(&str, String), (&String, usize)> = BTreeMap::new();
    let stacks = stacks.map(|(path, name)| ("stack", path, name));
    for (kind, path, name) in stacks.chain(sets.map(|(path, name)| ("StackSet", path, name))) {
        let place = (path, name.at.line);
        if let Some((other, line)) = before.insert((kind, name.value.to_string()), place) {
            report.in_file(path).add(
                name.at,
                format!("the {kind} `{}` is that of {other}:{line} too", name.value),
                &format!("give each a {kind} of its own"),
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
        let named = role.role_name.as_ref();
        let is_same = |other: &&EndUserRole| named.is_some() && other.role_name.as_ref() == named;
        if let (Some(name), Some(other)) = (named, roles[..index].iter().find(is_same)) {
            here.add(
                name.at,
                format!("`{}` is the name of `{}` too", name.value, other.key.value),
                "give each role a name of its own: an account has it once",
            );
        }
    }
    for document in &catalog.end_users.sessions.documents {
        check_document_name(document, here);
    }
}

/// Documents of AWS that restart, stop, resize and the like, and those of sessions, one a line.
const DOCUMENTS: &str = include_str!("../../../vendor/documents.txt");

/// The document is one that there is, and calls what there is.
fn check_document(action: &ServiceAction, here: &mut InFile<'_>) {
    check_document_name(&action.document, here);
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

/// AWS has more documents than stand in the list: what nearly is one of it was meant to be that.
fn check_document_name(document: &Located<String>, here: &mut InFile<'_>) {
    let name = document.as_str();
    let known = || {
        DOCUMENTS
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
    };
    if (name.starts_with("AWS-") || name.starts_with("SSM-"))
        && !known().any(|document| document == name)
        && let Some(near) =
            known().find(|document| strsim::damerau_levenshtein(document, name) <= 2)
    {
        let hint = format!("did you mean `{near}`?");
        here.add(document.at, format!("there is no document `{name}`"), &hint);
    }
}
