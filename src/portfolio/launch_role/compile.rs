//! From templates to the policy of a launch role.

use super::gather::gather;
use super::handlers::Handlers;
use super::need::{Faults, Needs};
use super::policy::{LaunchRole, Policy, RolePolicies};
use super::{platform, roles};
use crate::iam::ActionList;
use crate::yaml::InputError;

/// Compiles the role of a product: its policies, and what they grant.
///
/// # Errors
/// Types that nobody has reviewed, roles outside the product's path or without boundary, policies
/// and functions that aren't known before launch, removals that remove nothing.
pub fn compile(
    needs: &Needs<'_>,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<(RolePolicies, LaunchRole), Vec<InputError>> {
    let usage = needs.usage;
    let mut faults = Faults::of(needs);
    let grants = gather(needs, usage, handlers, actions, &mut faults);
    let mut policy = Policy::default();
    for (action, reason) in &grants.any {
        policy.any_resource(action, reason);
    }
    platform::add(needs, usage, actions, &mut policy);
    platform::add_functions(usage, &mut policy, &mut faults);
    roles::add(needs, usage, &grants, &mut policy, &mut faults);
    policy.add_scoped(needs, &grants);
    policy.add_given(needs);
    let role = policy.finish(needs);
    let errors = faults.into_errors();
    if errors.is_empty() {
        Ok(role)
    } else {
        Err(errors)
    }
}
