//! `release`: a product's template frozen as its next version.

use crate::built::BuiltProducts;
use crate::cli::ReleaseArgs;
use crate::console;
use crate::generated;
use crate::rehearse;
use crate::workspace::{History, Workspace};
use compute_catalog::cfn::Template;
use compute_catalog::change::{
    Base, Incompatibility, Verdict, compatibility, compatibility_with, diff,
};
use compute_catalog::product::{Bump, Key};
use compute_catalog::release::{LegacyVersions, freeze};
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
    let Some((entry, built)) = catalog.built()?.into_iter().next() else {
        return Err(format!("there is no product `{}`", args.key).into());
    };
    let faults = entry
        .history
        .ledger
        .faults(&entry.key, &entry.history.bodies);
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
    let rehearsal = rehearse::Wanted {
        keys: std::slice::from_ref(&args.key),
        ..rehearse::Wanted::default()
    };
    let rehearsed = rehearse::before(workspace, &rehearsal, args.unrehearsed)?;
    if rehearsed != ExitCode::SUCCESS {
        return Ok(rehearsed);
    }
    let published = workspace.legacy_versions(&entry.key)?;
    let living = living(&entry.history);
    let verdict = match verdict(&entry.key, &living, published.as_ref(), &built.template) {
        Ok(verdict) => verdict,
        Err(message) => {
            console::error(&message);
            return Ok(ExitCode::FAILURE);
        }
    };
    let least = least_step(&entry.history, &living, verdict.bump);
    let frozen = match freeze(
        &entry.key,
        &entry.history.ledger,
        &body,
        args.bump.into(),
        (least, verdict.reasons.clone()),
        &args.note,
        &describe(&args.note, &verdict),
    ) {
        Ok(frozen) => frozen,
        Err(error) => {
            console::error(&error);
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
    let mut text = format!(
        "released {} {}\n  {}\n",
        entry.key, frozen.name, verdict.sentence
    );
    for reason in &verdict.reasons {
        text.push_str(&format!("  {reason}\n"));
    }
    console::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The history without versions that are barred: nothing runs on them.
fn living(history: &History) -> History {
    let mut living = history.clone();
    let ledger = &history.ledger;
    let versions = &mut living.ledger.versions;
    versions.retain(|version| ledger.barred(version.name).is_none());
    living
}

/// The least step by which the new name is as far from the newest version that can run as the change
/// needs: a barred version between the two has taken a step already.
fn least_step(history: &History, living: &History, needed: Bump) -> Bump {
    let (Some(newest), Some(runs)) = (history.ledger.newest(), living.ledger.newest()) else {
        return needed;
    };
    let steps = [Bump::Patch, Bump::Minor, Bump::Major];
    let reaches = |step: &Bump| newest.name.bumped(*step) >= runs.name.bumped(needed);
    steps.into_iter().find(reaches).unwrap_or(needed)
}

/// What the new version requires: the impact of an update from the newest version, and what
/// products of the others can't carry over. What they lose by an update to the newest version
/// already, that version's own bump has told.
///
/// # Errors
/// A frozen body that isn't a template.
pub fn verdict(
    key: &Key,
    history: &History,
    published: Option<&LegacyVersions>,
    new: &Template,
) -> Result<Verdict, String> {
    let Some(newest) = history.ledger.newest() else {
        return Ok(Verdict::of(&Base::None, new, &[]));
    };
    let mut released = Vec::new();
    let mut newest_template = None;
    for version in history.ledger.released() {
        let template = history.template(key, version.name)?;
        if version.name == newest.name {
            newest_template = Some(template);
        } else {
            released.push((version.name, template));
        }
    }
    let news = |broken: &dyn Fn(&Template) -> Vec<Incompatibility>| {
        let known = newest_template.as_ref().map(broken).unwrap_or_default();
        let mut found = broken(new);
        found.retain(|one| !known.contains(one));
        found
    };
    let released = released
        .into_iter()
        .map(|(name, old)| (name, news(&|new| compatibility(&diff(&old, new)))));
    let legacy = published
        .iter()
        .flat_map(|facts| &facts.versions)
        .filter(|(name, _)| **name != newest.name)
        .map(|(name, old)| (*name, news(&|new| compatibility_with(old, new))));
    let elsewhere: Vec<_> = released
        .chain(legacy)
        .map(|(name, broken)| (name.to_string(), broken))
        .collect();
    let base = match &newest_template {
        Some(old) => Base::Template(old),
        None => Base::LegacyVersions {
            version: newest.name,
            facts: published,
        },
    };
    Ok(Verdict::of(&base, new, &elsewhere))
}

/// What Service Catalog shows of a version: why it was made, and what an update to it does.
fn describe(note: &str, verdict: &Verdict) -> String {
    let note = note.trim();
    let end = if note.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{note}{end} {}", verdict.sentence)
}
