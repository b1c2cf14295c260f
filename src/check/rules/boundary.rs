//! `boundary`: no role of a product grants what the permissions boundary keeps from it.

use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::{CatalogFiles, beyond};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "boundary",
    severity: Severity::Error,
    what: "No role of a product grants what the permissions boundary keeps from it.",
    why: "What lies beyond the boundary is refused without a word in the template.",
    fix: "widen the boundary, with the reason, or take the action from the role",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    let foundation = &catalog.foundation;
    let mut here = report.in_file(&catalog.foundation_path);
    for (role, product) in known.launch_roles(catalog) {
        let key = &role.product.value;
        match beyond(&foundation.boundary, &product.role_calls) {
            Ok(calls) => {
                for call in calls {
                    let (id, action, told) = (&call.role, &call.action, &call.told);
                    here.add(
                        role.product.at,
                        format!("the role {id} of `{key}` may {action} on {told}, which the boundary keeps from it"),
                        "add what it needs under `boundary`, or take it from the role",
                    );
                }
            }
            Err(error) => here.add(
                foundation.stack.at,
                format!("the boundary can't be decided by: {error}"),
                "write what IAM reads",
            ),
        }
    }
}
