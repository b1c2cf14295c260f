//! The service actions of an account as lines of the foundation file.

use super::held::HeldAction;
use crate::start::item_under;
use crate::workspace::Workspace;
use compute_catalog::portfolio::LogicalId;
use compute_catalog::portfolio::foundation::ServiceAction;
use compute_catalog::product::Key;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

/// Where they stand, from the root.
const FILE: &str = "portfolios/foundation.yaml";

/// Writes each action of the imported products, by its id with these; what is told of that, a line each.
///
/// # Errors
/// A file that can't be read or written, or whose list only a person can add to.
pub fn write(
    workspace: &Workspace,
    known: &[ServiceAction],
    held: &BTreeMap<String, HeldAction>,
    products: &BTreeMap<String, Vec<Key>>,
) -> Result<Vec<String>, Box<dyn Error>> {
    let mut told = Vec::new();
    let mut text = workspace.read(FILE)?;
    let before = text.clone();
    let known_ids = known.iter().map(|action| action.logical_id.to_string());
    let mut ids: BTreeSet<String> = known_ids.collect();
    for (id, products) in products {
        let Some(action) = held.get(id) else {
            told.push(format!(
                "the service action {id} can't be read: it has no line in {FILE}"
            ));
            continue;
        };
        let name = &action.name;
        let why = |why: &str| format!("the service action `{name}` has no line in {FILE}: {why}");
        if known.iter().any(|other| other.name.value == *name) {
            told.push(why(
                "there is one of this name already: add the products there",
            ));
            continue;
        }
        if action.document.contains(':') {
            told.push(why(
                "its document is named by an ARN, which other accounts don't have",
            ));
            continue;
        }
        if action.version.parse::<u32>().is_err() {
            told.push(why("its document has no version by number"));
            continue;
        }
        let logical_id = LogicalId::from_text(&format!("{name}Action")).to_string();
        if !ids.insert(logical_id.clone()) {
            told.push(why("another has the same letters and digits"));
            continue;
        }
        let products: Vec<String> = products.iter().map(Key::to_string).collect();
        let quoted = |text: &str| Json::from(text).to_string();
        let item = format!(
            "- logicalId: {logical_id}\n  name: {}\n  description: {}\n  document: {}\n  documentVersion: {}\n  # What the document calls, as the launch role: nobody has listed it yet.\n  calls: []\n  products: [{}]",
            quoted(name),
            quoted(&action.description),
            quoted(&action.document),
            quoted(&action.version),
            products.join(", "),
        );
        if !text.lines().any(|line| line.starts_with("serviceActions:")) {
            text.push_str("\nserviceActions: []\n");
        }
        text = item_under(&text, "serviceActions", &item)
            .map_err(|cause| format!("{FILE}: {cause}\n  hint: add `{name}` by hand"))?;
        told.push(format!(
            "the service action `{name}` runs {}: list what that calls under `calls` in {FILE}, or the launch role may not do it",
            action.document
        ));
        if action.role != "LAUNCH_ROLE" {
            told.push(format!(
                "the service action `{name}` ran as {}: it runs as the launch role from the next publish on",
                match action.role.as_str() {
                    "" => "whoever starts it",
                    role => role,
                }
            ));
        }
    }
    if text != before {
        workspace.write(FILE, text.as_bytes())?;
        told.insert(0, format!("wrote {FILE}"));
    }
    Ok(told)
}
