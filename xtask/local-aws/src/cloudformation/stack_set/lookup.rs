//! How a stack set is found.

use super::super::{here, here_mut};
use crate::context::Context;
use crate::state::cloudformation::StackSet;
use crate::wire::ApiError;

fn missing(name: &str) -> ApiError {
    ApiError::new(
        404,
        "StackSetNotFoundException",
        format!("StackSet {name} not found"),
    )
}

/// A stack set by its name or id.
pub(super) fn find<'a>(context: &'a Context<'_>, name: &str) -> Result<&'a StackSet, ApiError> {
    here(context)
        .and_then(|here| {
            let by_id = || here.stack_sets.values().find(|one| one.id == name);
            here.stack_sets.get(name).or_else(by_id)
        })
        .ok_or_else(|| missing(name))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    name: &str,
) -> Result<&'a mut StackSet, ApiError> {
    let name = find(context, name)?.name.clone();
    let found = here_mut(context).stack_sets.get_mut(&name);
    found.ok_or_else(|| missing(&name))
}
