//! `release`: a product's template frozen as its next version.

use crate::after_release::next_step;
use crate::built::BuiltProducts;
use crate::cli::{Format, GenerateArgs, ReleaseArgs};
use crate::console;
use crate::description::describe;
use crate::external;
use crate::generate;
use crate::generated;
use crate::rehearse;
use crate::running::RunningVersions;
use crate::workspace::Workspace;
use compute_catalog::change::Accounts;
use compute_catalog::product::{Bump, ProductType};
use compute_catalog::release::{Ledger, freeze};
use std::process::ExitCode;

/// Releases a product. The body is the file under `generated/`, to the byte: what was reviewed.
///
/// # Errors
/// Files that can't be read or written, products that can't be built.
pub fn run(
    workspace: &Workspace,
    args: &ReleaseArgs,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = BuiltProducts::load(workspace, std::slice::from_ref(&args.key))?;
    if let Some(entry) = catalog.external.first() {
        return external::release(workspace, entry, args);
    }
    let Some((entry, built)) = catalog.built()?.into_iter().next() else {
        return Err(format!("there is no product `{}`", args.key).into());
    };
    let ledger = &entry.history.ledger;
    let mut faults = ledger.faults(&entry.key, &entry.history.bodies);
    faults.extend(ledger.type_fault(&entry.key, ProductType::CloudFormationTemplate));
    if !faults.is_empty() {
        for fault in &faults {
            console::error(fault);
        }
        return Ok(ExitCode::FAILURE);
    }
    let body = generated::template(&entry.key, &built.template)?;
    let path = generated::template_path(&entry.key);
    if workspace.read(&path).ok().as_deref() != Some(body.as_str()) {
        console::error(&format!(
            "{path} is not what the model makes\n  hint: run `{}` and review it",
            generated::COMMAND
        ));
        return Ok(ExitCode::FAILURE);
    }
    let facts = workspace.legacy_versions(&entry.key)?;
    let versions = match RunningVersions::read(&entry.key, &entry.history, facts) {
        Ok(versions) => versions,
        Err(message) => {
            console::error(&message);
            return Ok(ExitCode::FAILURE);
        }
    };
    let accounts = Accounts::of(&catalog.environments).keeping(&workspace.kept(&entry.key)?);
    let verdict = versions.verdict(&built.template, &accounts);
    let frozen = match freeze(
        &entry.key,
        &entry.history.ledger,
        body.as_bytes(),
        args.bump.into(),
        (
            least_step(&entry.history.ledger, verdict.bump),
            verdict.reasons.clone(),
        ),
        &args.note,
        &describe(&args.note, &verdict),
    ) {
        Ok(frozen) => frozen,
        Err(error) => {
            console::error(&error);
            return Ok(ExitCode::FAILURE);
        }
    };
    // Last of all: it takes longer than everything before.
    let rehearsal = rehearse::Wanted {
        keys: std::slice::from_ref(&args.key),
        ..rehearse::Wanted::default()
    };
    let rehearsed = rehearse::before(workspace, &rehearsal, args.unrehearsed)?;
    if rehearsed != ExitCode::SUCCESS {
        return Ok(rehearsed);
    }
    workspace.write_version(&entry.key, &frozen)?;
    let mut text = format!(
        "released {} {}\n  {}\n",
        entry.key, frozen.name, verdict.sentence
    );
    for reason in &verdict.reasons {
        text.push_str(&format!("  {reason}\n"));
    }
    console::print(&text)?;
    // Pages and tables speak of the newest version.
    let generated = GenerateArgs {
        check: false,
        format: Format::Text,
    };
    let done = generate::run(workspace, &generated)?;
    if done != ExitCode::SUCCESS {
        return Ok(done);
    }
    console::print(&next_step(&entry.key, &catalog.environments))?;
    Ok(ExitCode::SUCCESS)
}

/// The least step by which the new name is as far from the newest version that can run as the change
/// needs: a barred version between the two has taken a step already.
fn least_step(ledger: &Ledger, needed: Bump) -> Bump {
    let runs = ledger.living().map(|version| version.name).max();
    let (Some(newest), Some(runs)) = (ledger.newest(), runs) else {
        return needed;
    };
    let steps = [Bump::Patch, Bump::Minor, Bump::Major];
    let reaches = |step: &Bump| newest.name.bumped(*step) >= runs.bumped(needed);
    steps.into_iter().find(reaches).unwrap_or(needed)
}
