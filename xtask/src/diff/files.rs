//! `diff OLD NEW`: two files with templates, without a catalog around them.

use super::{Comparison, is_refused, printed};
use crate::cli::DiffArgs;
use crate::named_file;
use crate::workspace::{self, WorkspaceError};
use compute_catalog::cfn::{self, IndexMap, Node, Template};
use compute_catalog::change::{Accounts, Imports, Report};
use compute_catalog::yaml::InputError;
use std::error::Error;
use std::path::{Path, PathBuf};
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
    let importers = args.importers.iter().map(PathBuf::as_path);
    let files = [*old, *new].into_iter().chain(importers);
    let read = files.map(|path| template(path, &includes));
    let mut read: Vec<Template> = workspace::all(read)?;
    let mut imports = Imports::default();
    for (path, template) in args.importers.iter().zip(read.split_off(2)) {
        imports.add(&path.display().to_string(), &template);
    }
    let [before, after] = read.try_into().unwrap_or_default();
    let [old, new] = [old, new].map(|path| path.display().to_string());
    let report = Report::of_files(
        (&old, &before),
        (&new, &after),
        &Accounts::default().importing(imports),
    );
    let reports = [report];
    let comparison = Comparison {
        text: printed(args.format, &reports, &[], &[])?,
        is_refused: args
            .fail_on
            .is_some_and(|class| is_refused(&reports[0], class)),
        unread: super::unread(&reports, &[]),
    };
    comparison.print(args.format)?;
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
        let read = text(Path::new(path)).and_then(|text| {
            cfn::read_value(&text).map_err(|errors| told(Path::new(path), &errors))
        });
        match read {
            Ok(node) => drop(files.insert(location.to_owned(), node)),
            Err(error) => errors.push(error.to_string()),
        }
    }
    match errors.is_empty() {
        true => Ok(files),
        false => Err(errors.join("\n")),
    }
}

fn template(path: &Path, includes: &IndexMap<String, Node>) -> Result<Template, WorkspaceError> {
    let text = text(path)?;
    let mut template = cfn::read(&text).map_err(|errors| told(path, &errors))?;
    cfn::expand(&mut template, includes);
    Ok(template)
}

fn told(path: &Path, errors: &[cfn::ReadError]) -> WorkspaceError {
    let mistake = |error: &cfn::ReadError| InputError {
        file: path.display().to_string(),
        at: error.at,
        message: error.message.clone(),
        hint: Some("correct the line: CloudFormation can't read it either".to_owned()),
    };
    WorkspaceError::Input(errors.iter().map(mistake).collect())
}

fn text(path: &Path) -> Result<String, WorkspaceError> {
    Ok(named_file::read(path, u64::MAX)?)
}
