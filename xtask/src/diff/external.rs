//! Products that an engine makes, in a comparison: whether anything changed, and never what that does.

use super::{Side, git};
use crate::external::{ExternalEntry, NOT_KNOWN, holds_the_same};
use crate::workspace::Workspace;

/// What is to be said of a product whose files aren't the same on both sides, or can't be told to be.
///
/// # Errors
/// Git can't be started.
pub(super) fn changed(
    workspace: &Workspace,
    entry: &ExternalEntry,
    (base, to): (&Side, &Side),
) -> Result<Option<String>, String> {
    let key = &entry.key;
    let is_same = match (base, to) {
        (Side::Revision(revision), Side::Worktree) => {
            git::known_revision(workspace, revision)?;
            let files = format!("products/{key}/artifact");
            let described = workspace.external_path(key);
            git::is_same(workspace, revision, &files)?
                && git::is_same(workspace, revision, &described)?
        }
        (base, Side::Worktree) => {
            let body = body(entry, base);
            if body.is_none() && matches!(base, Side::Released) {
                return Ok(Some(format!(
                    "{key}: never released: nothing to compare with"
                )));
            }
            body.is_some_and(|body| holds_the_same(body, &entry.files))
        }
        (base, to) => {
            let (old, new) = (body(entry, base), body(entry, to));
            old.is_some() && old == new
        }
    };
    Ok((!is_same).then(|| {
        format!(
            "{key}: its files changed, or can't be told not to have: {NOT_KNOWN}; no gate lets it pass"
        )
    }))
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
