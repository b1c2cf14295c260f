//! `catalog-abilities`: what an end-user role may do has a policy.

use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::CatalogFiles;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-abilities",
    severity: Severity::Error,
    what: "What an end-user role may do has a policy.",
    why: "The role would be made without it, and people would be refused.",
    fix: "add the ability under `policies`",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/permissions-end-users.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, _: &CheckContext<'_>, report: &mut CatalogReport) {
    let mut here = report.in_file(&catalog.end_users_path);
    let users = &catalog.end_users;
    for ability in users.roles.iter().flat_map(|role| &role.abilities) {
        let mut policies = users.policies.iter();
        if !policies.any(|policy| policy.ability == *ability) {
            here.add(
                ability.at,
                "no policy allows this",
                "add the ability under `policies`, with the logical id of its policy",
            );
        }
    }
}
