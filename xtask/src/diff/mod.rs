//! `diff`: what changed, and what that does to running products.

mod access;
mod external;
mod files;
mod git;
pub(crate) mod side;

pub use files::run as run_files;
pub use side::{Live, Side};

use crate::built::BuiltProducts;
use crate::cli::{DiffArgs, DiffFormat, FailOn};
use crate::console::{self, OutputError};
use crate::document;
use crate::publisher;
use crate::running::RunningVersions;
use crate::workspace::Workspace;
use compute_catalog::cfn::{Template, expand};
use compute_catalog::change::{
    Accounts, Effect, Imports, Report, Topic, cost_changes, markdown, text,
};
use compute_catalog::product::Key;
use external::Told;
use side::{Found, Templates};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

/// Compares two of: the working tree, a git revision, a released version, what is live in an
/// environment. What is live the publisher reads.
///
/// # Errors
/// Products that can't be built, a revision that git doesn't know, bodies that are no templates.
pub fn run(workspace: &Workspace, args: &DiffArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if !args.environments().is_empty() {
        return publisher::start(workspace);
    }
    let comparison = compare(workspace, args, &BTreeMap::new())?;
    comparison.print(args.format)?;
    comparison.exit()
}

/// A comparison, as it is printed.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The reports, in the format that was asked for.
    pub text: String,
    /// Whether an update does what `--fail-on` names.
    pub is_refused: bool,
    /// What couldn't be read: whatever it is, it doesn't pass for no change.
    pub unread: Vec<String>,
}

impl Comparison {
    /// Prints the reports, in colour and wrapped where a person reads them at a terminal.
    ///
    /// # Errors
    /// Standard output can't be written.
    pub fn print(&self, format: DiffFormat) -> Result<(), OutputError> {
        match format {
            DiffFormat::Text => console::print_text(&console::painted(&self.text)),
            DiffFormat::Markdown | DiffFormat::Json => console::print(&self.text),
        }
    }

    /// The exit code.
    ///
    /// # Errors
    /// Something couldn't be read.
    pub fn exit(&self) -> Result<ExitCode, Box<dyn std::error::Error>> {
        if let Some(message) = self.blind() {
            return Err(message.into());
        }
        Ok(match self.is_refused {
            true => ExitCode::FAILURE,
            false => ExitCode::SUCCESS,
        })
    }

    /// What couldn't be read, as an error.
    pub fn blind(&self) -> Option<String> {
        (!self.unread.is_empty()).then(|| {
            format!(
                "what can't be read can't be compared:\n  {}\n  hint: nothing is said of it, and no gate lets it pass",
                self.unread.join("\n  ")
            )
        })
    }
}

/// Compares what was asked for. `live` is what was read of the environments that are a side of it.
///
/// # Errors
/// As [`run`].
pub fn compare(
    workspace: &Workspace,
    args: &DiffArgs,
    live: &BTreeMap<Key, Live>,
) -> Result<Comparison, Box<dyn std::error::Error>> {
    if !args.importers.is_empty() {
        return Err("`--importer` goes with two files: of a catalog it is known who imports what\n  hint: leave it out".into());
    }
    let _waiting = console::waiting("Comparing, from each version that may run.");
    let catalog = BuiltProducts::load(workspace, &args.keys())?;
    let includes = files::includes(&args.includes)?;
    let mut old = args.base().templates(workspace, &catalog, live)?;
    let mut new = args.to.templates(workspace, &catalog, live)?;
    for side in [&mut old, &mut new] {
        for (_, found) in side.products.values_mut() {
            if let Found::Template(template) = found {
                expand(template, &includes);
            }
        }
    }
    let accounts = Accounts::of(&catalog.environments).importing(imports(&old, &catalog));
    let mut outcome = Outcome::default();
    let lost = match (args.base(), &args.to) {
        (Side::Revision(revision), Side::Worktree) => access::lost(workspace, &catalog, &revision)?,
        _ => Vec::new(),
    };
    products(
        workspace,
        args,
        &catalog,
        (&old, &new),
        &accounts,
        &mut outcome,
    )?;
    stacks(args, &old, &new, &accounts, &mut outcome);
    let mut opaque = Vec::new();
    for entry in &catalog.external {
        match external::compare(workspace, entry, (&args.base(), &args.to))? {
            Told::Nothing => {}
            Told::New(line) => outcome.notes.push(line),
            Told::Unknown(line) => {
                outcome.notes.push(line.clone());
                opaque.push(line);
            }
        }
    }
    let Outcome {
        mut reports,
        notes,
        unread: mut lines,
    } = outcome;
    reports.sort_by_key(|report| {
        let is_data = report.loses_data();
        (
            report.topic != Topic::Product,
            std::cmp::Reverse((is_data, report.worst())),
        )
    });
    lines.extend(unread(&reports, &[]));
    let is_refused = args
        .fail_on
        .is_some_and(|class| reports.iter().any(|report| is_refused(report, class)))
        // Whatever is asked for, it may be that.
        || args.fail_on.is_some() && !opaque.is_empty();
    Ok(Comparison {
        text: printed(args.format, &reports, &lost, &notes)?,
        is_refused,
        unread: lines,
    })
}

/// What came of a comparison.
#[derive(Default)]
struct Outcome {
    reports: Vec<Report>,
    notes: Vec<String>,
    unread: Vec<String>,
}

/// What couldn't be read, of the reports and beside them.
fn unread(reports: &[Report], further: &[String]) -> Vec<String> {
    let of_reports = reports.iter().flat_map(|report| {
        let line = |line: &String| format!("{}: {line}", report.product);
        report.unread.iter().map(line)
    });
    of_reports.chain(further.iter().cloned()).collect()
}

fn products(
    workspace: &Workspace,
    args: &DiffArgs,
    catalog: &BuiltProducts,
    (old, new): (&Templates, &Templates),
    accounts: &Accounts,
    outcome: &mut Outcome,
) -> Result<(), Box<dyn std::error::Error>> {
    let prices = workspace.prices(&catalog.environments)?;
    let mut absent = Vec::new();
    let mut is_any_there = false;
    for entry in &catalog.entries {
        let key = &entry.key;
        let (Some((base, old)), Some((to, new))) = (old.products.get(key), new.products.get(key))
        else {
            continue;
        };
        match (old, new) {
            (Found::Template(old), Found::Template(new)) => {
                is_any_there = true;
                let accounts = accounts.keeping(&workspace.kept(key)?);
                let report = Report::new(key.as_str(), &label(base, to), old, new, &accounts)
                    .with_cost(cost_changes(old, new, &prices));
                // Since the last release: products of every version that is out there meet it.
                let report = match args.base() {
                    Side::Released if !report.changes.is_empty() => {
                        let facts = workspace.legacy_versions(key)?;
                        let versions = RunningVersions::read(key, &entry.history, facts)?;
                        report.with_verdict(versions.verdict(new, &accounts))
                    }
                    _ => report,
                };
                outcome.reports.push(report);
            }
            (Found::Unreadable(why), _) | (_, Found::Unreadable(why)) => {
                is_any_there = true;
                outcome.notes.push(format!("{key}: {why}"));
                outcome.unread.push(format!("{key}: {why}"));
            }
            (Found::Absent(why), _) | (_, Found::Absent(why)) => {
                outcome.notes.push(format!("{key}: {why}"));
                absent.push(format!("{key}: {why}"));
            }
        }
    }
    // A version that one product has, others need not have; one that none has is no version.
    if !is_any_there || !args.keys().is_empty() {
        outcome.unread.extend(absent);
    }
    Ok(())
}

/// What is compared with what: the working tree goes without saying.
fn label(base: &str, to: &str) -> String {
    match to {
        "the working tree" => base.to_owned(),
        _ => format!("{base} (to {to})"),
    }
}

/// What the stacks and products of the old side import, and every version of a product that may be
/// running: they are what runs.
fn imports(old: &Templates, catalog: &BuiltProducts) -> Imports {
    let mut imports = Imports::default();
    for (key, found) in &old.products {
        if let (_, Found::Template(template)) = found {
            imports.add(&format!("product {key}"), template);
        }
    }
    for entry in &catalog.entries {
        for version in entry.history.ledger.living() {
            // One whose body isn't kept, or can't be read, is told where updates from it are.
            if let Ok(template) = entry.history.template(&entry.key, version.name) {
                let importer = format!("product {} {}", entry.key, version.name);
                imports.add(&importer, &template);
            }
        }
    }
    for (file, (_, template)) in old.stacks.iter().flatten() {
        imports.add(file, template);
    }
    imports
}

/// The stacks around the products; with keys, only the launch roles of these.
fn stacks(
    args: &DiffArgs,
    old: &Templates,
    new: &Templates,
    accounts: &Accounts,
    outcome: &mut Outcome,
) {
    let keys = args.keys();
    let (Some(before), Some(after)) = (&old.stacks, &new.stacks) else {
        if keys.is_empty() {
            outcome.notes.push("portfolios, launch roles and the foundation are not released: `--base REV` compares them with a git revision, `--env ENV` with what is live".to_owned());
        }
        return;
    };
    let is_asked = |file: &str| {
        let mut asked = keys.iter();
        keys.is_empty() || asked.any(|key| file == format!("launch-roles/{key}.yaml"))
    };
    let nothing = Template::default();
    let mut files: Vec<&String> = after.keys().collect();
    files.extend(before.keys().filter(|file| !after.contains_key(*file)));
    for file in files.into_iter().filter(|file| is_asked(file)) {
        let (base, old) = before
            .get(file)
            .map_or(("nothing", &nothing), |(label, template)| (label, template));
        let (to, new) = after
            .get(file)
            .map_or(("nothing", &nothing), |(label, template)| (label, template));
        let report = Report::of_stack(file, &label(base, to), old, new, accounts);
        outcome.reports.push(report);
    }
}

fn printed(
    format: DiffFormat,
    reports: &[Report],
    lost: &[String],
    notes: &[String],
) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    match format {
        DiffFormat::Text => {
            for one in lost {
                let _ = writeln!(out, "{one}");
            }
            // What didn't change takes no line, but where nothing did.
            let is_any = reports.iter().any(|report| !report.changes.is_empty());
            for report in reports
                .iter()
                .filter(|report| !is_any || !report.changes.is_empty())
            {
                out.push_str(&text(report));
            }
            for note in notes {
                let _ = writeln!(out, "{note}");
            }
        }
        DiffFormat::Markdown => {
            out.push_str(&markdown(reports, lost));
            for note in notes {
                let _ = writeln!(out, "\n{note}");
            }
        }
        DiffFormat::Json => {
            let reports: Vec<_> = reports.iter().map(Report::json).collect();
            let whole = serde_json::json!({ "lost": lost, "reports": reports, "notes": notes });
            out = document::text("diff", &whole)?;
        }
    }
    Ok(out)
}

/// Whether an update does what a pipeline refuses. What isn't known may be that.
fn is_refused(report: &Report, class: FailOn) -> bool {
    let worst = report.worst();
    let is_met = match class {
        FailOn::DataLoss => report.loses_data(),
        FailOn::Replacement => worst >= Effect::Unknown,
        FailOn::Interruption => worst >= Effect::Interrupted,
        FailOn::Incompatibility => report.is_incompatible(),
        FailOn::Change => !report.changes.is_empty(),
    };
    is_met || !report.unread.is_empty()
}
