//! `check`: every rule over the catalog.

use crate::catalog::Catalog;
use crate::cli::{CheckArgs, Format};
use crate::surroundings::AroundProducts;
use crate::workspace::Workspace;
use compute_catalog::check::{Finding, check_ledger, check_template, suppressions};
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
    let mut findings = findings(&catalog)?;
    if args.keys.is_empty() {
        findings.extend(around_products(workspace, &catalog)?);
    }
    match args.format {
        Format::Text => {
            for finding in &findings {
                println!("{finding}");
            }
            let suppressed = catalog
                .built()?
                .iter()
                .map(|(_, built)| suppressions(&built.template))
                .sum();
            println!(
                "{}",
                summary(catalog.entries.len(), findings.len(), suppressed)
            );
        }
        Format::Json => println!("{}", serde_json::to_string_pretty(&findings)?),
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The same, silent where there is nothing to say: before publishing.
///
/// # Errors
/// As [`run`].
pub fn before_publishing(workspace: &Workspace) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = Catalog::load(workspace, &[])?;
    let mut findings = findings(&catalog)?;
    findings.extend(around_products(workspace, &catalog)?);
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn findings(catalog: &Catalog) -> Result<Vec<Finding>, Box<dyn std::error::Error>> {
    let mut findings = Vec::new();
    for (entry, built) in catalog.built()? {
        let body = crate::generate::template(&entry.key, &built.template)?;
        findings.extend(check_template(&entry.key, &built.template, &body));
        findings.extend(check_ledger(
            &entry.key,
            &entry.history.ledger,
            &entry.history.bodies,
        ));
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
    around.stacks()?;
    let faults = around.faults().into_iter().map(|fault| Finding {
        product: fault.file,
        path: fault.at.to_string(),
        rule: "catalog-files",
        message: fault.message,
        hint: fault.hint.unwrap_or_default(),
    });
    Ok(faults.collect())
}

fn summary(products: usize, findings: usize, suppressed: usize) -> String {
    let plural = |count: usize, one: &str| {
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{count} {one}s")
        }
    };
    let mut text = match findings {
        0 => format!("{} checked, nothing found", plural(products, "product")),
        _ => format!(
            "{} checked, {}",
            plural(products, "product"),
            plural(findings, "finding")
        ),
    };
    if suppressed > 0 {
        text.push_str(&format!(
            " ({} in force)",
            plural(suppressed, "suppression")
        ));
    }
    text
}
