//! `diff OLD NEW`: two files with templates, without a catalog around them.

use super::{Comparison, is_refused, printed};
use crate::cli::DiffArgs;
use crate::console;
use compute_catalog::cfn::{self, IndexMap, Node, Template};
use compute_catalog::change::{Accounts, Report};
use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Compares two files. What they say of a macro of which nobody here knows what it makes counts as
/// not read.
///
/// # Errors
/// Another number of files than two, products beside them, options that only a catalog has, files
/// that can't be read or are no templates.
pub fn run(args: &DiffArgs) -> Result<ExitCode, Box<dyn Error>> {
    let files = args.files();
    let [old, new] = files.as_slice() else {
        return Err(format!(
            "two files are compared, and {} was given\n  hint: cargo xtask diff OLD.yaml NEW.yaml",
            files.len()
        )
        .into());
    };
    if !args.keys().is_empty() {
        return Err(
            "a product and a file can't be compared\n  hint: name two files, or products alone"
                .into(),
        );
    }
    let is_of_catalog =
        args.base.is_some() || args.environment.is_some() || args.to != super::Side::Worktree;
    if is_of_catalog {
        return Err("`--base`, `--to` and `--env` are sides of a catalog, and two files are sides already\n  hint: leave them out".into());
    }
    if old == new && old.as_os_str() == "-" {
        return Err("the standard input can be one of the two files only".into());
    }
    let includes = includes(&args.includes)?;
    let mut errors = Vec::new();
    let mut read = |path: &Path| {
        template(path, &includes).unwrap_or_else(|error| {
            errors.push(error);
            Template::default()
        })
    };
    let (before, after) = (read(old), read(new));
    if !errors.is_empty() {
        return Err(errors.join("\n").into());
    }
    let [old, new] = [old, new].map(|path| path.display().to_string());
    let report = Report::of_files((&old, &before), (&new, &after), &Accounts::default());
    let reports = [report];
    let comparison = Comparison {
        text: printed(args.format, &reports, &[], &[])?,
        is_refused: args
            .fail_on
            .is_some_and(|class| is_refused(&reports[0], class)),
        unread: super::unread(&reports, &[]),
    };
    console::print(&comparison.text)?;
    comparison.exit()
}

/// The files that templates include, each by its location.
pub(super) fn includes(given: &[String]) -> Result<IndexMap<String, Node>, String> {
    let mut files = IndexMap::default();
    let mut errors = Vec::new();
    for one in given {
        let Some((location, path)) = one.split_once('=') else {
            errors.push(format!(
                "`--include {one}` names no file\n  hint: --include s3://bucket/key=FILE"
            ));
            continue;
        };
        let read = text(Path::new(path))
            .and_then(|text| cfn::read_value(&text).map_err(|errors| told(path, &errors)));
        match read {
            Ok(node) => drop(files.insert(location.to_owned(), node)),
            Err(error) => errors.push(error),
        }
    }
    match errors.is_empty() {
        true => Ok(files),
        false => Err(errors.join("\n")),
    }
}

fn template(path: &Path, includes: &IndexMap<String, Node>) -> Result<Template, String> {
    let text = text(path)?;
    let mut template =
        cfn::read(&text).map_err(|errors| told(&path.display().to_string(), &errors))?;
    cfn::expand(&mut template, includes);
    Ok(template)
}

fn told(path: &str, errors: &[cfn::ReadError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| format!("{path}:{error}"))
        .collect();
    lines.join("\n")
}

fn text(path: &Path) -> Result<String, String> {
    let read = match path.as_os_str() == "-" {
        true => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        false => std::fs::read_to_string(path),
    };
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))
}
