//! `diff`: what changed, and what that does to running products.

use crate::catalog::{Catalog, Entry};
use crate::cli::{DiffArgs, DiffFormat, FailOn};
use crate::generated;
use crate::workspace::Workspace;
use compute_catalog::cfn::{self, Template};
use compute_catalog::change::{Effect, Report, markdown, text};
use std::process::{Command, ExitCode};

/// Compares the templates that the models make now with a git revision's or the last released.
///
/// # Errors
/// Products that can't be built, a revision that git doesn't know, bodies that are no templates.
pub fn run(workspace: &Workspace, args: &DiffArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, &args.keys)?;
    if let Some(revision) = &args.base {
        known_revision(workspace, revision)?;
    }
    let mut reports = Vec::new();
    let mut notes = Vec::new();
    for (entry, built) in catalog.built()? {
        match base(workspace, entry, args.base.as_deref())? {
            Some((name, old)) => {
                let key = entry.key.as_str();
                reports.push(Report::new(key, &name, &old, &built.template));
            }
            None => notes.push(format!("{}: {}", entry.key, without_base(entry, args))),
        }
    }
    match args.format {
        DiffFormat::Text => {
            for report in &reports {
                print!("{}", text(report));
            }
            for note in &notes {
                println!("{note}");
            }
        }
        DiffFormat::Markdown => {
            print!("{}", markdown(&reports));
            for note in &notes {
                println!("\n{note}");
            }
        }
        DiffFormat::Json => {
            let reports: Vec<_> = reports.iter().map(Report::json).collect();
            let whole = serde_json::json!({ "reports": reports, "notes": notes });
            println!("{}", serde_json::to_string_pretty(&whole)?);
        }
    }
    let is_refused = args
        .fail_on
        .is_some_and(|class| reports.iter().any(|report| meets(report, class)));
    Ok(if is_refused {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn without_base(entry: &Entry, args: &DiffArgs) -> String {
    match (&args.base, entry.history.ledger.newest()) {
        (Some(revision), _) => format!("new since {revision}"),
        (None, Some(version)) => format!(
            "{} was published before this catalog and its template isn't kept: nothing to compare with; `--base REV` compares with a git revision",
            version.name
        ),
        (None, None) => {
            "never released: nothing to compare with; `--base REV` compares with a git revision"
                .to_owned()
        }
    }
}

/// What an entry is compared with, and its name; nothing where there is none.
fn base(
    workspace: &Workspace,
    entry: &Entry,
    revision: Option<&str>,
) -> Result<Option<(String, Template)>, Box<dyn std::error::Error>> {
    let Some(revision) = revision else {
        let Some(version) = entry.history.ledger.newest_released() else {
            return Ok(None);
        };
        let template = entry.history.template(&entry.key, version.name)?;
        return Ok(Some((version.name.to_string(), template)));
    };
    let path = generated::template_path(&entry.key);
    let Some(body) = at_revision(workspace, revision, &path)? else {
        return Ok(None);
    };
    let template = cfn::read(&body).map_err(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|error| format!("{revision}:{path}:{error}"))
            .collect();
        lines.join("\n")
    })?;
    Ok(Some((revision.to_owned(), template)))
}

fn git(workspace: &Workspace, args: &[&str]) -> Result<std::process::Output, String> {
    Command::new("git")
        .arg("-C")
        .arg(workspace.root())
        .args(args)
        .output()
        .map_err(|error| {
            format!("git can't be started: {error}\n  hint: install git, or leave out --base")
        })
}

fn known_revision(workspace: &Workspace, revision: &str) -> Result<(), String> {
    let commit = format!("{revision}^{{commit}}");
    let output = git(
        workspace,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ],
    )?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!(
            "git knows no revision `{revision}`\n  hint: `git fetch` it, or name another one"
        ))
    }
}

/// A file as it stands in a revision; nothing where it isn't there.
fn at_revision(
    workspace: &Workspace,
    revision: &str,
    path: &str,
) -> Result<Option<String>, String> {
    let listed = git(
        workspace,
        &["ls-tree", "--name-only", "--full-tree", revision, path],
    )?;
    if !listed.status.success() {
        return Err(String::from_utf8_lossy(&listed.stderr).into_owned());
    }
    if listed.stdout.is_empty() {
        return Ok(None);
    }
    let shown = git(workspace, &["show", &format!("{revision}:{path}")])?;
    if !shown.status.success() {
        return Err(String::from_utf8_lossy(&shown.stderr).into_owned());
    }
    String::from_utf8(shown.stdout)
        .map(Some)
        .map_err(|error| format!("{revision}:{path}: {error}"))
}

fn meets(report: &Report, class: FailOn) -> bool {
    let worst = report.impact.worst();
    match class {
        FailOn::DataLoss => report
            .impact
            .resources
            .iter()
            .any(|resource| resource.data.iter().any(|data| data.is_deleted)),
        FailOn::Replacement => worst >= Effect::Removed,
        FailOn::Interruption => worst >= Effect::Interrupted,
        FailOn::Incompatibility => !report.incompatibilities().is_empty(),
        FailOn::Change => !report.changes.is_empty(),
    }
}
