//! Exports: unique in an account and region; one in use can be neither changed nor deleted.

use super::{here, invalid, page};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::wire::ApiError;

/// An export of a stack that exists.
pub(super) struct Export<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub stack: &'a str,
}

pub(super) fn all<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Export<'a>> {
    here(context)
        .into_iter()
        .flat_map(|here| here.stacks.values())
        .filter(|stack| stack.deleted.is_none())
        .flat_map(|stack| {
            stack.outputs.iter().filter_map(|output| {
                Some(Export {
                    name: output.export.as_deref()?,
                    value: &output.value,
                    stack: &stack.id,
                })
            })
        })
}

/// Names of the stacks that import an export.
fn importers<'a>(context: &'a Context<'_>, name: &str) -> Vec<&'a str> {
    here(context)
        .into_iter()
        .flat_map(|here| here.stacks.values())
        .filter(|stack| stack.deleted.is_none() && stack.imports.contains(name))
        .map(|stack| stack.name.as_str())
        .collect()
}

/// Refuses to take an export away from other stacks.
pub(super) fn check_unused(
    context: &Context<'_>,
    name: &str,
    exporter: &str,
    verb: &str,
) -> Result<(), ApiError> {
    let users = importers(context, name);
    if users.is_empty() {
        return Ok(());
    }
    let exporter = exporter.split('/').nth(1).unwrap_or(exporter);
    Err(invalid(format!(
        "Export {name} cannot be {verb} as it is in use by {}. Exported by {exporter}.",
        users.join(" and ")
    )))
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListExportsInput,
) -> Result<api::ListExportsOutput, ApiError> {
    let mut exports: Vec<Export<'_>> = all(context).collect();
    exports.sort_by_key(|export| export.name);
    let exports = exports
        .iter()
        .map(|export| api::Export {
            exporting_stack_id: Some(export.stack.to_owned()),
            name: Some(export.name.to_owned()),
            value: Some(export.value.to_owned()),
        })
        .collect();
    let (some, next) = page::page(exports, input.next_token.as_deref())?;
    Ok(api::ListExportsOutput {
        exports: some,
        next_token: next,
    })
}

pub(super) fn list_imports(
    context: &mut Context<'_>,
    input: api::ListImportsInput,
) -> Result<api::ListImportsOutput, ApiError> {
    let users = importers(context, &input.export_name);
    if users.is_empty() {
        return Err(invalid(format!(
            "Export '{}' is not imported by any stack.",
            input.export_name
        )));
    }
    Ok(api::ListImportsOutput {
        imports: users.into_iter().map(str::to_owned).collect(),
        next_token: None,
    })
}
