//! `catalog-external`: a product that an engine makes is offered as Service Catalog takes it.

use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, Launch, Placement};
use crate::yaml::Location;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-external",
    severity: Severity::Error,
    what: "A product of the type EXTERNAL is launched by its launch role, without what only CloudFormation does.",
    why: "Service Catalog takes no launch of it without a launch constraint, and an engine knows neither template rules nor stack sets nor events of stacks.",
    fix: "take out what the engine can't do",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-considerations",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    let is_external = |key| known.products.get(key).is_some_and(|one| one.is_external());
    for file in catalog.portfolios.values() {
        let mut here = report.in_file(&file.path);
        let placed = file.body.products.iter();
        for placement in placed.filter(|one| is_external(&one.product.value)) {
            for (at, what, hint) in refused(placement) {
                let product = &placement.product.value;
                here.add(at, format!("`{product}` is EXTERNAL: {what}"), hint);
            }
        }
    }
    let mut here = report.in_file(&catalog.foundation_path);
    for role in &catalog.foundation.launch_roles {
        if !is_external(&role.product.value) {
            continue;
        }
        for removal in &role.removals {
            here.add(
                removal.at,
                format!(
                    "the launch role of `{}` has nothing to remove {} from: it grants what stands under `grants`",
                    role.product.value, removal.action
                ),
                "take the removal out",
            );
        }
    }
}

/// What Service Catalog or the engine doesn't take of a placement.
fn refused(placement: &Placement) -> Vec<(Location, &'static str, &'static str)> {
    let mut found = Vec::new();
    // <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_constraints_template-constraints.html>
    // says it of Terraform's products; that it holds of every EXTERNAL one is unproved.
    found.extend(placement.rules.iter().map(|rule| {
        (
            rule.at,
            "Service Catalog takes no template constraint for it",
            "take `rules` out, and check the parameter in the product's own files",
        )
    }));
    if let Some(launch) = &placement.launch
        && launch.value == Launch::AsUser
    {
        found.push((
            launch.at,
            "it can't be launched without a launch constraint",
            "take `launch` out, and give it a role under `launchRoles` of the foundation file",
        ));
    }
    if let Some(stack_set) = &placement.stack_set {
        found.push((
            stack_set.at,
            "it has no stack, and a stack set excludes the launch constraint that it needs",
            "take `stackSet` out",
        ));
    }
    // <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisionProduct.html>: the topics get
    // events of stacks.
    if !placement.notify.is_empty() {
        found.push((
            placement.product.at,
            "it has no stack whose events `notify` could tell",
            "take `notify` out",
        ));
    }
    found
}
