//! `diff`: what changed, and what that does to running products.

mod git;
pub(crate) mod side;

pub use side::{Live, Side};

use crate::built::BuiltProducts;
use crate::cli::{DiffArgs, DiffFormat, FailOn};
use crate::console;
use crate::publisher;
use crate::workspace::Workspace;
use compute_catalog::cfn::Template;
use compute_catalog::change::{Effect, Report, markdown, text};
use compute_catalog::product::Key;
use side::Templates;
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
    console::print(&comparison.text)?;
    Ok(match comparison.is_refused {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// A comparison, as it is printed.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The reports, in the format that was asked for.
    pub text: String,
    /// Whether an update does what `--fail-on` names.
    pub is_refused: bool,
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
    let catalog = BuiltProducts::load(workspace, &args.keys)?;
    let old = args.base().templates(workspace, &catalog, live)?;
    let new = args.to.templates(workspace, &catalog, live)?;
    let mut reports = Vec::new();
    let mut notes = Vec::new();
    products(&catalog, &old, &new, &mut reports, &mut notes);
    stacks(args, &old, &new, &mut reports, &mut notes);
    let is_refused = args
        .fail_on
        .is_some_and(|class| reports.iter().any(|report| meets(report, class)));
    Ok(Comparison {
        text: printed(args.format, &reports, &notes)?,
        is_refused,
    })
}

fn products(
    catalog: &BuiltProducts,
    old: &Templates,
    new: &Templates,
    reports: &mut Vec<Report>,
    notes: &mut Vec<String>,
) {
    for entry in &catalog.entries {
        let key = &entry.key;
        let (Some((base, old)), Some((to, new))) = (old.products.get(key), new.products.get(key))
        else {
            continue;
        };
        match (old, new) {
            (Ok(old), Ok(new)) => {
                reports.push(Report::new(key.as_str(), &label(base, to), old, new));
            }
            (Err(why), _) | (_, Err(why)) => notes.push(format!("{key}: {why}")),
        }
    }
}

/// What is compared with what: the working tree goes without saying.
fn label(base: &str, to: &str) -> String {
    match to {
        "the working tree" => base.to_owned(),
        _ => format!("{base} (to {to})"),
    }
}

/// The stacks around the products; with keys, only the launch roles of these.
fn stacks(
    args: &DiffArgs,
    old: &Templates,
    new: &Templates,
    reports: &mut Vec<Report>,
    notes: &mut Vec<String>,
) {
    let (Some(before), Some(after)) = (&old.stacks, &new.stacks) else {
        if args.keys.is_empty() {
            notes.push("portfolios, launch roles and the foundation are not released: `--base REV` compares them with a git revision, `--env ENV` with what is live".to_owned());
        }
        return;
    };
    let is_asked = |file: &str| {
        let mut keys = args.keys.iter();
        args.keys.is_empty() || keys.any(|key| file == format!("launch-roles/{key}.yaml"))
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
        reports.push(Report::of_stack(file, &label(base, to), old, new));
    }
}

fn printed(
    format: DiffFormat,
    reports: &[Report],
    notes: &[String],
) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    match format {
        DiffFormat::Text => {
            for report in reports {
                out.push_str(&text(report));
            }
            for note in notes {
                let _ = writeln!(out, "{note}");
            }
        }
        DiffFormat::Markdown => {
            out.push_str(&markdown(reports));
            for note in notes {
                let _ = writeln!(out, "\n{note}");
            }
        }
        DiffFormat::Json => {
            let reports: Vec<_> = reports.iter().map(Report::json).collect();
            let whole = serde_json::json!({ "reports": reports, "notes": notes });
            out = serde_json::to_string_pretty(&whole)?;
            out.push('\n');
        }
    }
    Ok(out)
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
