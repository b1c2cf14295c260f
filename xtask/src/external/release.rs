//! `release` of a product that an engine makes: its files, packed and frozen.

use super::{ExternalEntry, NOT_KNOWN, archive};
use crate::after_release::next_step;
use crate::check;
use crate::cli::{Format, GenerateArgs, ReleaseArgs};
use crate::console;
use crate::diagnostic;
use crate::generate;
use crate::portfolios::portfolios;
use crate::workspace::Workspace;
use compute_catalog::product::{Bump, ProductType};
use compute_catalog::release::{FreezeError, Ledger, freeze};
use std::error::Error;
use std::process::ExitCode;

/// Releases the files as the next version.
///
/// # Errors
/// Files that can't be read or written.
pub fn release(
    workspace: &Workspace,
    entry: &ExternalEntry,
    args: &ReleaseArgs,
) -> Result<ExitCode, Box<dyn Error>> {
    let reads = portfolios(workspace)?.foundation.engine_reads();
    let findings = check::of_external(workspace, entry, &reads);
    if !findings.is_empty() {
        diagnostic::say(&findings);
        console::error(
            &"what an engine can't read is not released\n  hint: mend it; `cargo xtask check` tells it again",
        );
        return Ok(ExitCode::FAILURE);
    }
    let (key, ledger) = (&entry.key, &entry.history.ledger);
    let ledger = Ledger {
        product_type: ProductType::External,
        ..ledger.clone()
    };
    let is_unchanged = entry.unreleased().is_none();
    if let Some(newest) = ledger.newest().filter(|_| is_unchanged) {
        console::error(&FreezeError::Unchanged {
            product: key.clone(),
            newest: newest.name,
            body: ProductType::External.body(),
        });
        return Ok(ExitCode::FAILURE);
    }
    // Whatever can't be known may be the worst.
    let is_first = ledger.living().next().is_none();
    let needed = match is_first {
        true => (Bump::Patch, Vec::new()),
        false => (Bump::Major, vec![NOT_KNOWN.to_owned()]),
    };
    let description = match is_first {
        true => args.note.trim().to_owned(),
        false => format!("{} What an update does is not known.", sentence(&args.note)),
    };
    let body = archive(&entry.files)?;
    let frozen = freeze(
        key,
        &ledger,
        &body,
        args.bump.into(),
        needed,
        &args.note,
        &description,
    );
    let frozen = match frozen {
        Ok(frozen) => frozen,
        Err(error) => {
            console::error(&error);
            return Ok(ExitCode::FAILURE);
        }
    };
    workspace.write_version(key, &frozen)?;
    console::print(&format!(
        "released {key} {}: {} in {} bytes\n  {NOT_KNOWN}\n  not rehearsed: nothing here reads what the engine reads\n",
        frozen.name,
        match entry.files.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        },
        frozen.body.len(),
    ))?;
    let generated = GenerateArgs {
        check: false,
        format: Format::Text,
    };
    let done = generate::run(workspace, &generated)?;
    if done == ExitCode::SUCCESS {
        console::print(&next_step(key, &workspace.environments()?))?;
    }
    Ok(done)
}

/// A note that ends as a sentence does.
fn sentence(note: &str) -> String {
    let note = note.trim();
    match note.ends_with(['.', '!', '?']) {
        true => note.to_owned(),
        false => format!("{note}."),
    }
}
