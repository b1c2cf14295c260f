//! Exports: unique in an account and region; one in use can be neither changed nor deleted.

use super::{here, invalid, page};
use crate::context::{Context, Reply};
use crate::wire::ApiError;
use serde::Deserialize;
use serde_json::{Value, json};

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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListExports {
    next_token: Option<String>,
}

pub(super) fn list(context: &mut Context<'_>, input: ListExports) -> Reply {
    let mut exports: Vec<Export<'_>> = all(context).collect();
    exports.sort_by_key(|export| export.name);
    let exports: Vec<Value> = exports
        .iter()
        .map(|export| {
            json!({
                "ExportingStackId": export.stack,
                "Name": export.name,
                "Value": export.value,
            })
        })
        .collect();
    let (some, next) = page::page(exports, input.next_token.as_deref())?;
    Ok(json!({ "Exports": some, "NextToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListImports {
    export_name: String,
}

pub(super) fn list_imports(context: &mut Context<'_>, input: ListImports) -> Reply {
    let users = importers(context, &input.export_name);
    if users.is_empty() {
        return Err(invalid(format!(
            "Export '{}' is not imported by any stack.",
            input.export_name
        )));
    }
    Ok(json!({ "Imports": users }))
}
