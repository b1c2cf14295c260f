//! Files as they stand in a git revision.

use crate::workspace::Workspace;
use std::process::{Command, Output};

fn git(workspace: &Workspace, args: &[&str]) -> Result<Output, String> {
    Command::new("git")
        .arg("-C")
        .arg(workspace.root())
        .args(args)
        .output()
        .map_err(|error| {
            format!("git can't be started: {error}\n  hint: install git, or leave out --base")
        })
}

/// Whether git knows a revision.
///
/// # Errors
/// It doesn't, or can't be started.
pub(super) fn known_revision(workspace: &Workspace, revision: &str) -> Result<(), String> {
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
        let shallow = git(workspace, &["rev-parse", "--is-shallow-repository"])?;
        let hint = match shallow.stdout.starts_with(b"true") {
            true => {
                "this clone is shallow and has the newest commits only: `git fetch --unshallow` brings the others"
            }
            false => "`git fetch` it, or name another one",
        };
        Err(format!(
            "git knows no revision `{revision}`\n  hint: {hint}"
        ))
    }
}

/// A file as it stands in a revision.
fn text_of(workspace: &Workspace, revision: &str, path: &str) -> Result<String, String> {
    let shown = git(workspace, &["show", &format!("{revision}:{path}")])?;
    if !shown.status.success() {
        return Err(String::from_utf8_lossy(&shown.stderr).into_owned());
    }
    String::from_utf8(shown.stdout).map_err(|error| format!("{revision}:{path}: {error}"))
}

/// The files below some paths of a revision, each with its text.
///
/// # Errors
/// Git can't be started, or a file is no text.
pub(super) fn files(
    workspace: &Workspace,
    revision: &str,
    paths: &[&str],
) -> Result<Vec<(String, String)>, String> {
    let mut arguments = vec!["ls-tree", "-r", "--name-only", "--full-tree", revision];
    arguments.extend(paths);
    let listed = git(workspace, &arguments)?;
    if !listed.status.success() {
        return Err(String::from_utf8_lossy(&listed.stderr).into_owned());
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut files = Vec::new();
    for path in names.lines().filter(|path| path.ends_with(".yaml")) {
        files.push((path.to_owned(), text_of(workspace, revision, path)?));
    }
    Ok(files)
}

/// Whether a revision has a file.
///
/// # Errors
/// Git can't be started.
pub(super) fn has(workspace: &Workspace, revision: &str, path: &str) -> Result<bool, String> {
    let shown = git(
        workspace,
        &["cat-file", "-e", &format!("{revision}:{path}")],
    )?;
    Ok(shown.status.success())
}

/// Whether what stands below a path is what a revision has there, files that git doesn't know among it.
///
/// # Errors
/// Git can't be started.
pub(super) fn is_same(workspace: &Workspace, revision: &str, path: &str) -> Result<bool, String> {
    let differs = ["diff", "--quiet", "--no-ext-diff", revision, "--", path];
    let unknown = ["ls-files", "--others", "--", path];
    let unknown = git(workspace, &unknown)?;
    let is_known = unknown.status.success() && unknown.stdout.is_empty();
    Ok(is_known && git(workspace, &differs)?.status.success())
}
