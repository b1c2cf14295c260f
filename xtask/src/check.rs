//! `check`: every rule over the catalog.

use crate::catalog::{Catalog, Entry};
use crate::cli::{CheckArgs, CheckFormat};
use crate::console;
use crate::generated;
use crate::parallel::{both, each};
use crate::surroundings::AroundProducts;
use crate::workspace::Workspace;
use compute_catalog::check::{
    Files, Finding, check_files, check_launch_roles, check_ledger, check_template, github, rules,
    sarif,
};
use compute_catalog::product::Built;
use compute_catalog::yaml;
use std::process::ExitCode;

/// Runs the rules and prints what they find.
///
/// # Errors
/// Files that can't be read, products that can't be built.
pub fn run(
    workspace: &Workspace,
    args: &CheckArgs,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, &args.keys)?;
    let findings = match args.keys.is_empty() {
        true => all_findings(workspace, &catalog)?,
        false => findings(workspace, &catalog)?,
    };
    match args.format {
        CheckFormat::Text => console::print(&console::painted(&text(&catalog, &findings)?))?,
        CheckFormat::Json => console::print_json(&findings)?,
        CheckFormat::Github => console::print(&github(&findings))?,
        CheckFormat::Sarif => {
            let sarif = sarif(&findings, rules(), env!("CARGO_PKG_VERSION"));
            console::print_json(&sarif)?;
        }
    }
    Ok(exit(&findings))
}

/// The same, silent where there is nothing to say: before publishing.
///
/// # Errors
/// As [`run`].
pub fn before_publishing(workspace: &Workspace) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, &[])?;
    let findings = all_findings(workspace, &catalog)?;
    for finding in &findings {
        console::say(&console::painted(&finding.to_string()));
    }
    Ok(exit(&findings))
}

fn exit(findings: &[Finding]) -> ExitCode {
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The findings of every product, and of what stands around them.
fn all_findings(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    let (around, findings) = both(
        || around_products(workspace, catalog).map_err(|error| error.to_string()),
        || findings(workspace, catalog),
    );
    let mut findings = findings?;
    findings.extend(around?);
    Ok(findings)
}

fn findings(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    let built = catalog.built()?;
    let found = each(&built, |(entry, built)| {
        of_product(workspace, entry, built).map_err(|error| error.to_string())
    });
    let mut findings = Vec::new();
    for found in found {
        findings.extend(found?);
    }
    findings.sort();
    Ok(findings)
}

/// What is wrong with portfolios, launch roles, end users and tag options.
fn around_products(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    let around = AroundProducts::load(workspace, catalog)?;
    // A file that can't be read again only leaves its line out.
    let text = |path: &str| workspace.read(path).unwrap_or_default();
    let mut findings = check_files(&around.faults(catalog)?, text);
    if let Err(errors) = around.try_stacks(catalog)? {
        findings.extend(check_launch_roles(&errors, text));
    }
    Ok(findings)
}

fn of_product(
    workspace: &Workspace,
    entry: &Entry,
    built: &Built,
) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    let found = check_template(&entry.key, &built.template, &entry.text);
    let mut findings = placed(workspace, entry, &entry.text, found)?;
    let history = &entry.history;
    let ledger = check_ledger(&entry.key, &history.ledger, &history.bodies);
    if !ledger.is_empty() {
        let file = format!("products/{}/history/versions.yaml", entry.key);
        // A ledger that can't be read again only leaves its line out.
        let text = workspace.read(&file).unwrap_or_default();
        let placed = ledger
            .into_iter()
            .map(|finding| finding.in_ledger(&file, &text));
        findings.extend(placed);
    }
    Ok(findings)
}

/// The findings of a template with the lines that they speak of.
fn placed(
    workspace: &Workspace,
    entry: &Entry,
    body: &str,
    findings: Vec<Finding>,
) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    if findings.is_empty() {
        return Ok(findings);
    }
    let tree = yaml::read(body)?;
    let template = generated::template_path(&entry.key);
    let settings = format!("products/{}/settings.yaml", entry.key);
    let text = workspace.read(&settings)?;
    let sources = sources(workspace, entry)?;
    let files = Files {
        template: (&template, body),
        settings: Some((&settings, &text)),
        sources: &sources,
    };
    Ok(findings
        .into_iter()
        .map(|finding| finding.placed(&files, &tree))
        .collect())
}

/// The files that a product is made from: its own, those it shares, and the building blocks.
fn sources(
    workspace: &Workspace,
    entry: &Entry,
) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let mut sources = Vec::new();
    for folder in [
        format!("products/{}", entry.key),
        "products/shared".to_owned(),
        "src/product".to_owned(),
    ] {
        for path in workspace.files_below(&folder)? {
            let is_history = path.contains("/history/") || path.ends_with("settings.yaml");
            if !is_history && let Ok(text) = workspace.read(&path) {
                sources.push((path, text));
            }
        }
    }
    // What is written in Rust first: it names what the other files are for.
    sources.sort_by_key(|(path, _)| !path.ends_with(".rs"));
    Ok(sources)
}

/// The findings for people, every suppression with its reason, and the sums.
fn text(catalog: &Catalog, findings: &[Finding]) -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&format!("{finding}\n\n"));
    }
    let suppressed = catalog.suppressed()?;
    for (product, id, suppression) in &suppressed {
        out.push_str(&format!(
            "suppressed: {product}: {id}: {}: {}\n",
            suppression.rule, suppression.reason
        ));
    }
    let count = suppressed.len();
    out.push_str(&summary(catalog.entries.len(), findings.len(), count));
    out.push('\n');
    Ok(out)
}

fn summary(products: usize, findings: usize, suppressed: usize) -> String {
    let plural = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let found = match findings {
        0 => "nothing found".to_owned(),
        _ => plural(findings, "finding"),
    };
    let suppressed = match suppressed {
        0 => String::new(),
        _ => format!(", {}", plural(suppressed, "suppression")),
    };
    format!(
        "{} checked by {}, {found}{suppressed}",
        plural(products, "product"),
        plural(rules().len(), "rule")
    )
}
