//! `release`: a product's template frozen as its next version.

use crate::catalog::Catalog;
use crate::cli::ReleaseArgs;
use crate::generate;
use crate::workspace::Workspace;
use compute_catalog::product::Bump;
use compute_catalog::release::freeze;
use std::process::ExitCode;

/// Releases a product. The body is the file under `generated/`, to the byte: what was reviewed.
///
/// # Errors
/// Files that can't be read or written, products that can't be built.
pub fn run(
    workspace: &Workspace,
    args: &ReleaseArgs,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, std::slice::from_ref(&args.key))?;
    let Some((entry, built)) = catalog.built()?.into_iter().next() else {
        return Err(format!("there is no product `{}`", args.key).into());
    };
    let faults = entry
        .history
        .ledger
        .faults(&entry.key, &entry.history.bodies);
    if !faults.is_empty() {
        for fault in &faults {
            eprintln!("error: {fault}");
        }
        return Ok(ExitCode::FAILURE);
    }
    let body = generate::template(&entry.key, &built.template)?;
    let path = generate::template_path(&entry.key);
    if workspace.read(&path).ok().as_deref() != Some(body.as_str()) {
        eprintln!(
            "error: {path} is not what the model makes\n  hint: run `{}` and review it",
            generate::COMMAND
        );
        return Ok(ExitCode::FAILURE);
    }
    let needed = match entry.history.ledger.newest() {
        Some(_) => (
            Bump::Major,
            vec!["the impact on running products is not known".to_owned()],
        ),
        None => (Bump::Patch, Vec::new()),
    };
    let frozen = match freeze(
        &entry.key,
        &entry.history.ledger,
        &body,
        args.bump.into(),
        needed,
        &args.note,
        &args.note,
    ) {
        Ok(frozen) => frozen,
        Err(error) => {
            eprintln!("error: {error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    // The body first: a body without a line is found and explained by `check`; a line without a
    // body would promise bytes that aren't there.
    let folder = format!("products/{}/history", entry.key);
    workspace.write(&format!("{folder}/{}.yaml", frozen.name), &frozen.body)?;
    workspace.write(
        &format!("{folder}/versions.yaml"),
        frozen.ledger.write()?.as_bytes(),
    )?;
    println!("released {} {}", entry.key, frozen.name);
    Ok(ExitCode::SUCCESS)
}
