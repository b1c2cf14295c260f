//! `rehearse`: every product's whole life, offline.

mod inputs;

pub use inputs::{Common, ReadProduct, outside, programs};

use crate::built::BuiltProducts;
use crate::cli::{Format, RehearseArgs};
use crate::console;
use crate::diagnostic;
use crate::document;
use crate::portfolios::StackInputs;
use crate::workspace::Workspace;
use compute_catalog::environment::Environment;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::rehearsal::{
    Decisions, Files, Finding, Life, Report, Setting, WrittenDecisions, findings, time_line,
};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Rehearses, and prints what doesn't work.
///
/// # Errors
/// Files that can't be read, products that can't be built.
pub fn run(workspace: &Workspace, args: &RehearseArgs) -> Result<ExitCode, Box<dyn Error>> {
    let waiting = console::waiting("Rehearsing every step of every product's life.");
    let rehearsed = rehearse(
        workspace,
        &Wanted {
            keys: &args.keys,
            environments: &args.environments,
            from: args.from,
            is_released: false,
            is_noted: args.decisions.is_some(),
        },
    )?;
    drop(waiting);
    write_decisions(args.decisions.as_deref(), rehearsed.decisions.as_ref())?;
    match args.format {
        Format::Json => document::print("rehearse", &rehearsed)?,
        Format::Text => console::print_text(&rehearsed.text(args.time_line, workspace.root()))?,
    }
    // Of what was asked for by name, something has to be known.
    let is_told = args.keys.is_empty() || !rehearsed.products.is_empty();
    Ok(match rehearsed.is_well() && is_told {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// What was rehearsed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsed {
    /// By product.
    pub products: Vec<RehearsedProduct>,
    /// What was decided, where that was wanted.
    #[serde(skip)]
    pub decisions: Option<WrittenDecisions>,
}

/// What was rehearsed of a product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RehearsedProduct {
    /// Its key.
    pub product: String,
    /// The environments.
    pub environments: Vec<String>,
    /// How many steps, in all of them.
    pub steps: usize,
    /// How many sets of values of the form.
    pub scenarios: usize,
    /// What doesn't work.
    pub findings: Vec<Finding>,
    /// Types of which no more is known than AWS's schema: what their handlers call wasn't decided.
    pub by_schema_alone: BTreeSet<String>,
    /// The time line of the first launch, or of the first step that fails.
    #[serde(skip)]
    shown: String,
}

impl RehearsedProduct {
    /// What was taken as AWS's schema has it.
    fn note(&self) -> Option<String> {
        let types: Vec<&str> = self.by_schema_alone.iter().map(String::as_str).collect();
        (!types.is_empty()).then(|| {
            format!(
                "note: {}: what the handlers of {} call was not decided: nobody has reviewed them, and no more is known than AWS's schema\n  hint: generated/launch-roles.md names what isn't granted of it; a review is a line in vendor/handlers.yaml",
                self.product,
                types.join(", ")
            )
        })
    }
}

impl Rehearsed {
    /// Whether everything works.
    pub fn is_well(&self) -> bool {
        self.products.iter().all(|one| one.findings.is_empty())
    }

    fn text(&self, time_line: bool, root: &Path) -> String {
        let mut out = String::new();
        for one in &self.products {
            for finding in &one.findings {
                out.push_str(&format!("{}\n\n", diagnostic::of_rehearsal(finding, root)));
            }
            if let Some(note) = one.note() {
                out.push_str(&format!("{note}\n"));
            }
            if time_line || !one.findings.is_empty() {
                out.push_str(&one.shown);
            }
            let found = match one.findings.len() {
                0 => "everything works".to_owned(),
                1 => "1 finding".to_owned(),
                count => format!("{count} findings"),
            };
            out.push_str(&format!(
                "{}: {} steps in {} with {} kinds of values: {found}\n",
                one.product,
                one.steps,
                one.environments.join(", "),
                one.scenarios
            ));
        }
        out
    }
}

/// What is to be rehearsed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// The products; none: all.
    pub keys: &'a [Key],
    /// The environments; none: all that take launches.
    pub environments: &'a [Key],
    /// The only version from which products are updated and ended; none: each that may be running.
    pub from: Option<VersionName>,
    /// Each product's newest release rather than what its model makes now.
    pub is_released: bool,
    /// Whether each decision is kept, with the policies that it was taken by.
    pub is_noted: bool,
}

/// Rehearses products before they are released or published, and says what doesn't work. What can't
/// be told to work is let through only on `unrehearsed`.
///
/// # Errors
/// As [`rehearse`].
pub fn before(
    workspace: &Workspace,
    wanted: &Wanted<'_>,
    unrehearsed: bool,
) -> Result<ExitCode, Box<dyn Error>> {
    console::progress("Rehearsing what is to be let go: every step of its life, decided by IAM.");
    let rehearsed = rehearse(workspace, wanted)?;
    let findings = || rehearsed.products.iter().flat_map(|one| &one.findings);
    for note in rehearsed.products.iter().filter_map(RehearsedProduct::note) {
        console::say(&note);
    }
    for finding in findings() {
        console::say(&format!(
            "{}\n",
            diagnostic::of_rehearsal(finding, workspace.root())
        ));
    }
    if !findings().all(|finding| finding.is_blind && unrehearsed) {
        let blind = findings().all(|finding| finding.is_blind);
        let hint = match blind {
            true => "say what isn't known where the findings say, or give --unrehearsed",
            false => "mend it; `cargo xtask rehearse` tells it again",
        };
        console::error(&format!(
            "a product that can't live in an account isn't let go\n  hint: {hint}"
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Rehearses products in environments.
///
/// # Errors
/// Files that can't be read, products that can't be built, names that nothing has.
pub fn rehearse(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<Rehearsed, Box<dyn Error>> {
    let Wanted {
        keys,
        environments,
        from,
        is_released,
        is_noted,
    } = *wanted;
    // A key that no product has is told before anything is built.
    crate::built::wanted(workspace, keys)?;
    let catalog = BuiltProducts::load(workspace, &[])?;
    for entry in &catalog.external {
        if keys.is_empty() || keys.contains(&entry.key) {
            console::say(&format!(
                "note: {}: not rehearsed: nothing here reads what its engine reads",
                entry.key
            ));
        }
    }
    let built = catalog.built()?;
    let around = StackInputs::load(workspace, &catalog)?;
    let stacks = around.stacks()?;
    let common = Common::read(workspace, &catalog, environments, is_noted)?;
    let mut read = Vec::new();
    for (entry, built) in built {
        if !keys.is_empty() && !keys.contains(&entry.key) {
            continue;
        }
        let mut product = ReadProduct::read(workspace, &around, &stacks.all, entry, built, from)?;
        // What can't be published at all, the plan tells.
        if is_released && !product.take_newest_release()? {
            continue;
        }
        read.push(product);
    }
    let pairs: Vec<(&ReadProduct<'_>, &(Key, Environment))> = read
        .iter()
        .flat_map(|one| {
            common
                .environments
                .iter()
                .map(move |environment| (one, environment))
        })
        .collect();
    let organization = &catalog.environments.organization;
    let reports: Vec<_> = pairs
        .par_iter()
        .map(|(one, (name, environment))| {
            let world = one.world(&common);
            let mut reports = Vec::new();
            for launch_role in &one.launch_roles {
                let name = name.as_str();
                match Setting::new(
                    world,
                    name,
                    environment,
                    organization,
                    &one.stacks,
                    launch_role,
                ) {
                    Ok(setting) => reports.push(Life::rehearse(world, &one.subject, &setting)),
                    Err(failures) => reports.push(Report::of_failures(name, failures)),
                }
            }
            (one.entry.key.clone(), reports)
        })
        .collect();
    let text = |path: &str| workspace.read(path).ok();
    let mut products = Vec::new();
    for one in &read {
        let key = &one.entry.key;
        let of_product = reports.iter().filter(|(product, _)| product == key);
        let reports: Vec<Report> = of_product
            .flat_map(|(_, reports)| reports.clone())
            .collect();
        let mut files = Files::new(&text);
        let steps = || reports.iter().flat_map(|report| &report.steps);
        let shown = steps()
            .find(|step| !step.well && !step.events.is_empty())
            .or_else(|| steps().next());
        products.push(RehearsedProduct {
            product: key.to_string(),
            environments: common
                .environments
                .iter()
                .map(|(key, _)| key.to_string())
                .collect(),
            steps: steps().count(),
            scenarios: reports
                .iter()
                .map(|report| report.scenarios)
                .max()
                .unwrap_or(0),
            findings: findings(key.as_str(), &reports, &mut files),
            by_schema_alone: common
                .behaviours
                .by_schema_alone(&one.subject.template, &common.handlers),
            shown: shown.map_or_else(String::new, |step| {
                format!(
                    "  {} in {}:\n{}\n",
                    step.name,
                    step.environment,
                    time_line(&step.events)
                )
            }),
        });
    }
    Ok(Rehearsed {
        products,
        decisions: common.decisions.as_ref().map(Decisions::written),
    })
}

/// Writes decisions into a file, where both are there.
///
/// # Errors
/// A file that can't be written.
pub fn write_decisions(
    file: Option<&Path>,
    decisions: Option<&WrittenDecisions>,
) -> Result<(), Box<dyn Error>> {
    if let (Some(file), Some(decisions)) = (file, decisions) {
        let text = serde_json::to_string(decisions)?;
        fs::write(file, text).map_err(|cause| format!("{}: {cause}", file.display()))?;
        console::progress(&format!(
            "{} decisions are in {}.",
            decisions.decisions.len(),
            file.display()
        ));
    }
    Ok(())
}
