//! What is wrong with the versions of a product, and with the files of the next one where an engine makes it.

use crate::external::ExternalEntry;
use crate::history::{History, contract_path};
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::cfn::Template;
use compute_catalog::check::{
    Finding, check_artifact, check_contract, check_ledger, check_ledger_environments, check_offered,
};
use compute_catalog::environment::Environments;
use compute_catalog::product::{Key, ProductType};

/// What is wrong with a product that an engine makes: with its files, and with what was made of them.
/// `reads` are the endings of the files that the engine reads.
pub(crate) fn of_external(
    workspace: &Workspace,
    entry: &ExternalEntry,
    reads: &[String],
) -> Vec<Finding> {
    let mut found = check_artifact(&entry.key, &entry.files, reads);
    let (key, history) = (&entry.key, &entry.history);
    found.extend(of_ledger(workspace, key, history, ProductType::External));
    found
}

/// What a product's contract with stacks of earlier versions names and nothing has.
///
/// # Errors
/// A file that can't be read.
pub(super) fn of_contract(
    workspace: &Workspace,
    key: &Key,
    template: &Template,
) -> Result<Vec<Finding>, WorkspaceError> {
    let Some(contract) = workspace.contract(key)? else {
        return Ok(Vec::new());
    };
    let published = workspace.legacy_versions(key)?.unwrap_or_default();
    let file = contract_path(key);
    let faults = check_contract(&file, &contract, template, &published);
    // A file that can't be read again only leaves its line out.
    let text = workspace.read(&file).unwrap_or_default();
    Ok(faults.iter().map(|fault| fault.finding(&text)).collect())
}

/// What is wrong with a product's versions, with the lines of its ledger.
pub(super) fn of_ledger(
    workspace: &Workspace,
    key: &Key,
    history: &History,
    product_type: ProductType,
) -> Vec<Finding> {
    let ledger = check_ledger(key, &history.ledger, &history.bodies, product_type);
    if ledger.is_empty() {
        return ledger;
    }
    let file = format!("products/{key}/history/versions.yaml");
    // A ledger that can't be read again only leaves its line out.
    let text = workspace.read(&file).unwrap_or_default();
    let placed = ledger.into_iter();
    placed
        .map(|finding| finding.in_ledger(&file, &text))
        .collect()
}

/// What is wrong with a product's versions in the environments: those that offer what they can't launch, at
/// their lines, and those that there aren't.
pub(super) fn in_environments(
    workspace: &Workspace,
    key: &Key,
    history: &History,
    environments: &Environments,
) -> Vec<Finding> {
    // A file that can't be read again only leaves its line out.
    let text = |file: &str| workspace.read(file).unwrap_or_default();
    let offered = check_offered(key, &history.ledger, &history.bodies, environments);
    let offered = offered
        .iter()
        .map(|fault| fault.finding(&text(&fault.error.file)));
    let mut found: Vec<Finding> = offered.collect();
    let unknown = check_ledger_environments(key, &history.ledger, environments);
    if !unknown.is_empty() {
        let file = format!("products/{key}/history/versions.yaml");
        let ledger = text(&file);
        let placed = unknown.into_iter();
        found.extend(placed.map(|finding| finding.in_ledger(&file, &ledger)));
    }
    found
}
