//! `check FILE`: any templates, outside of any catalog.

use super::{print, summary};
use crate::cli::CheckFormat;
use crate::{console, diagnostic, named_file};
use compute_catalog::cfn::read;
use compute_catalog::check::{Files, Finding, Severity, check_file, input, unreadable};
use compute_catalog::yaml;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// Where a file can't be read, or is no template.
const UNREADABLE: u8 = 2;
/// What is read of a file at most, in bytes: twice what CloudFormation takes, so that what is too
/// large is told and not loaded.
const MOST: u64 = 2 << 20;

/// Whether what was named is a file rather than a product.
pub fn is_file(target: &str) -> bool {
    target == "-" || target.contains(['.', '/', '\\']) || Path::new(target).is_file()
}

/// Checks files and prints what was found.
///
/// # Errors
/// Standard output can't be written.
pub fn run(targets: &[String], format: CheckFormat) -> Result<ExitCode, Box<dyn Error>> {
    let mut findings = Vec::new();
    let mut is_readable = true;
    for target in targets {
        match named_file::read(Path::new(target), MOST) {
            Ok(text) => is_readable &= check(target, &text, &mut findings),
            Err(error) => {
                is_readable = false;
                findings.push(input(&error, &diagnostic::text(Path::new(""), target)));
            }
        }
    }
    print(&findings, format)?;
    if format == CheckFormat::Text {
        let count = findings.len();
        console::print(&format!(
            "{}\n",
            summary(targets.len(), "template", count, 0)
        ))?;
    }
    let is_good = findings
        .iter()
        .all(|finding| finding.severity == Severity::Note);
    Ok(match (is_readable, is_good) {
        (false, _) => ExitCode::from(UNREADABLE),
        (true, false) => ExitCode::FAILURE,
        (true, true) => ExitCode::SUCCESS,
    })
}

/// Checks a template. Whether it could be read as one.
fn check(file: &str, text: &str, findings: &mut Vec<Finding>) -> bool {
    match read(text) {
        Ok(template) => {
            let found = check_file(file, &template, text);
            let Ok(tree) = yaml::read(text) else {
                return false;
            };
            let files = Files {
                template: (file, text),
                settings: None,
                sources: &[],
            };
            findings.extend(
                found
                    .into_iter()
                    .map(|finding| finding.placed(&files, &tree)),
            );
            true
        }
        Err(errors) => {
            findings.extend(unreadable(file, text, &errors));
            false
        }
    }
}
