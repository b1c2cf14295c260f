//! The launch roles in accounts with which a portfolio is shared.

use super::Recipients;
use crate::cfn::{Builder, Template};
use crate::iam::ActionList;
use crate::portfolio::launch_role::{Handlers, Usage, declare_role, launch_role};
use crate::portfolio::{CatalogFiles, Launch, LogicalId, PortfolioFile, ProductFacts};
use crate::product::Key;
use crate::yaml::{InputError, Location};
use indexmap::IndexMap;

/// The template of the launch roles that a portfolio's constraints call by name.
///
/// # Errors
/// A portfolio that is shared with nobody or calls no role by name, a product without a launch role,
/// everything that keeps a role from being compiled.
pub(in crate::portfolio) fn recipient_template(
    catalog: &CatalogFiles,
    file: &PortfolioFile,
    recipients: &Recipients,
    products: &IndexMap<Key, ProductFacts>,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<Template, Vec<InputError>> {
    let fault = |at: Location, message: String, hint: &str| InputError {
        file: file.path.clone(),
        at,
        message,
        hint: Some(hint.to_owned()),
    };
    let at = recipients.stack_set.at;
    let mut errors = Vec::new();
    if file.body.shares.is_empty() {
        let hint = "add `shares`, or take `recipients` out";
        errors.push(fault(
            at,
            "the portfolio is shared with nobody".to_owned(),
            hint,
        ));
    }
    let mut builder = Builder::new(format!(
        "As whom products of the portfolio {} are launched in this account",
        *file.body.name
    ));
    let nothing = Usage::default();
    let mut count = 0;
    for placement in &file.body.products {
        let Some(Launch::LocalRoleName(name)) =
            placement.launch.as_ref().map(|launch| &launch.value)
        else {
            continue;
        };
        count += 1;
        let product = &placement.product.value;
        let Some(role_file) = catalog.launch_role(product) else {
            errors.push(fault(
                placement.product.at,
                format!("`{name}` can't be made: `{product}` has no launch role"),
                "add the product to `launchRoles` in portfolios/foundation.yaml",
            ));
            continue;
        };
        let known = products.get(product);
        let engine = catalog.foundation.external_engine.as_ref();
        let is_elsewhere = engine.is_some_and(|engine| engine.account.is_some());
        if known.is_some_and(ProductFacts::is_external) && !is_elsewhere {
            errors.push(fault(
                placement.product.at,
                format!("`{product}` is EXTERNAL: its engine runs in the account that shares it, and nothing says which that is"),
                "name the engine's `account` under `externalEngine` of portfolios/foundation.yaml",
            ));
            continue;
        }
        let usage = known.map_or(&nothing, |known| &known.usage);
        match launch_role(catalog, role_file, usage, handlers, actions) {
            Ok((policies, _)) => {
                let platform = LogicalId::of_key(product, "PlatformPolicy");
                let id = LogicalId::of_key(product, "LaunchRole");
                let ids = (platform.as_str(), id.as_str());
                declare_role(&mut builder, product, policies, ids, Some(name));
            }
            Err(found) => errors.extend(found),
        }
    }
    if count == 0 {
        let hint = "launch a product by `localRoleName`, or take `recipients` out";
        errors.push(fault(
            at,
            "no product is launched by a role's name".to_owned(),
            hint,
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    builder.build().map_err(|error| {
        let hint = "give each product a role name of its own";
        let found = error.0.iter();
        found
            .map(|defect| fault(at, format!("{}: {}", defect.at, defect.message), hint))
            .collect()
    })
}
