//! Who may launch what: communities that lose a product by a change of the portfolios.

use super::git;
use crate::built::BuiltProducts;
use crate::workspace::Workspace;
use compute_catalog::environment::Communities;
use compute_catalog::portfolio::{Portfolio, Principal, RESERVED};
use compute_catalog::product::Key;
use compute_catalog::yaml::load;
use std::collections::BTreeSet;

/// A community, by its name, and a product that it can launch.
type Access = BTreeSet<(String, Key)>;

/// What communities can no longer launch since a revision, one sentence each.
///
/// # Errors
/// Git can't be started, or a file is none of the catalog's: whoever lost something isn't known then.
pub(super) fn lost(
    workspace: &Workspace,
    catalog: &BuiltProducts,
    revision: &str,
) -> Result<Vec<String>, String> {
    let before = git::files(workspace, revision, &["portfolios"])?;
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let mut now = Vec::new();
    let paths = workspace
        .files_below("portfolios")
        .map_err(|error| error.to_string())?;
    for path in paths.into_iter().filter(|path| path.ends_with(".yaml")) {
        let text = workspace.read(&path).map_err(|error| error.to_string())?;
        now.push((path, text));
    }
    let (before, now) = (access(&before)?, access(&now)?);
    let name = |key: &Key| {
        let entry = catalog.entries.iter().find(|entry| entry.key == *key);
        let built = entry.and_then(|entry| entry.built.as_ref().ok());
        built.map_or_else(|| key.to_string(), |built| built.entry.name.clone())
    };
    let gone = before.difference(&now);
    Ok(gone
        .map(|(community, product)| format!("{community} can no longer launch {}", name(product)))
        .collect())
}

fn access(files: &[(String, String)]) -> Result<Access, String> {
    let told = |errors: Vec<compute_catalog::yaml::InputError>| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    };
    let file = "portfolios/communities.yaml";
    let Some((_, text)) = files.iter().find(|(path, _)| path == file) else {
        return Ok(Access::new());
    };
    let communities = load::<Communities>(file, text).map_err(told)?;
    let mut access = Access::new();
    for (path, text) in files {
        let stem = path
            .strip_prefix("portfolios/")
            .and_then(|name| name.strip_suffix(".yaml"));
        if stem.is_none_or(|stem| stem.contains('/') || RESERVED.contains(&stem)) {
            continue;
        }
        let portfolio = load::<Portfolio>(path, text).map_err(told)?;
        for community in communities.communities.values() {
            let sees = portfolio.principals.iter().any(|principal| {
                matches!(&principal.value, Principal::EndUserRole(role) if *role == community.role.value)
            });
            if sees {
                let products = portfolio.products.iter();
                access.extend(
                    products.map(|one| (community.name.value.clone(), one.product.value.clone())),
                );
            }
        }
    }
    Ok(access)
}
