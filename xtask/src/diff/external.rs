//! Products that an engine makes, in a comparison: whether anything changed, and never what that does.

use super::{Side, git};
use crate::external::{ExternalEntry, NOT_KNOWN, holds_the_same};
use crate::workspace::Workspace;

/// What is told of such a product.
pub(super) enum Told {
    /// Its files are the same on both sides.
    Nothing,
    /// One of the sides doesn't have it: nothing runs that would be updated.
    New(String),
    /// Its files aren't the same, or can't be told to be.
    Unknown(String),
}

/// Compares the files of two sides.
///
/// # Errors
/// Git can't be started, or doesn't know a revision.
pub(super) fn compare(
    workspace: &Workspace,
    entry: &ExternalEntry,
    (base, to): (&Side, &Side),
) -> Result<Told, String> {
    let key = &entry.key;
    let is_same = match (base, to) {
        (Side::Revision(revision), Side::Worktree) => {
            git::known_revision(workspace, revision)?;
            let described = workspace.external_path(key);
            if !git::has(workspace, revision, &described)? {
                return Ok(Told::New(format!("{key}: not in {revision}")));
            }
            let files = workspace.artifact_path(key);
            git::is_same(workspace, revision, &files)?
                && git::is_same(workspace, revision, &described)?
        }
        (Side::Released, Side::Worktree) if body(entry, base).is_none() => {
            let line = format!("{key}: never released: nothing to compare with");
            return Ok(Told::New(line));
        }
        (base, Side::Worktree) => {
            body(entry, base).is_some_and(|body| holds_the_same(body, &entry.files))
        }
        (base, to) => {
            let (old, new) = (body(entry, base), body(entry, to));
            old.is_some() && old == new
        }
    };
    Ok(match is_same {
        true => Told::Nothing,
        false => Told::Unknown(format!(
            "{key}: its files changed, or can't be told not to have: {NOT_KNOWN}; no gate lets it pass"
        )),
    })
}

/// The archive of a side that is a version.
fn body<'a>(entry: &'a ExternalEntry, side: &Side) -> Option<&'a Vec<u8>> {
    let ledger = &entry.history.ledger;
    let version = match side {
        Side::Released => ledger.newest_released()?.name,
        Side::Version(name) => *name,
        _ => return None,
    };
    entry.history.bodies.get(&ledger.body_file(version))
}
