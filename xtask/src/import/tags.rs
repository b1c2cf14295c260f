//! The tag options of an account as a data file: a key with its values, and the portfolios that offer it.

use super::held::HeldPortfolio;
use crate::start::item_under;
use crate::workspace::Workspace;
use compute_catalog::portfolio::TagValue;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

/// Where they stand, from the root.
const FILE: &str = "portfolios/tag-options.yaml";

/// The tag options that portfolios have in the account.
#[derive(Default)]
pub struct HeldTags {
    /// By key, its values, with those who don't offer all of them.
    keys: BTreeMap<String, BTreeSet<String>>,
    /// What a file can't say, a line each.
    pub told: Vec<String>,
}

impl HeldTags {
    /// Those of these portfolios. A key has the same values wherever it is offered: what is otherwise is told.
    pub fn of(portfolios: &[&HeldPortfolio]) -> HeldTags {
        let mut tags = HeldTags::default();
        let mut refused: BTreeMap<String, String> = BTreeMap::new();
        for portfolio in portfolios {
            for (key, values) in by_key(portfolio) {
                let known = tags
                    .keys
                    .entry(key.clone())
                    .or_insert_with(|| values.clone());
                if *known != values {
                    let why =
                        "portfolios offer different values of it, and a file has one list a key";
                    refused.insert(key.clone(), why.to_owned());
                }
                let bad = values
                    .into_iter()
                    .find_map(|value| TagValue::try_from(value).err());
                if let Some(why) = bad {
                    refused.insert(key, why);
                }
            }
        }
        for (key, why) in refused {
            tags.keys.remove(&key);
            tags.told
                .push(format!("the tag option `{key}` is not in {FILE}: {why}"));
        }
        tags
    }

    /// The keys that a portfolio offers and the file will have.
    pub fn offered(&self, portfolio: &HeldPortfolio) -> Vec<String> {
        let keys = by_key(portfolio).into_keys();
        keys.filter(|key| self.keys.contains_key(key)).collect()
    }

    /// Writes the lists into the file; what was written. A key that stands there already stays as it is.
    ///
    /// # Errors
    /// A file that can't be read or written, or whose list only a person can add to.
    pub fn write(
        &mut self,
        workspace: &Workspace,
        known: &BTreeSet<String>,
        stack: &str,
    ) -> Result<Option<String>, Box<dyn Error>> {
        let mut text = match workspace.has(FILE) {
            true => workspace.read(FILE)?,
            false => format!(
                "# yaml-language-server: $schema=../generated/schemas/tag-options.json\nstack: {stack}-tag-options\ntagOptions: []\n"
            ),
        };
        let before = text.clone();
        for (key, values) in &self.keys {
            if known.contains(key) {
                self.told.push(format!(
                    "the tag option `{key}` stands in {FILE} already, and stays: the account has {}",
                    values.iter().cloned().collect::<Vec<_>>().join(", ")
                ));
                continue;
            }
            let values: Vec<Json> = values
                .iter()
                .map(|value| Json::from(value.as_str()))
                .collect();
            let item = format!(
                "- key: {}\n  values: {}",
                Json::from(key.as_str()),
                Json::from(values)
            );
            text = item_under(&text, "tagOptions", &item)
                .map_err(|cause| format!("{FILE}: {cause}\n  hint: add `{key}` by hand"))?;
        }
        if text == before {
            return Ok(None);
        }
        workspace.write(FILE, text.as_bytes())?;
        Ok(Some(format!("wrote {FILE}")))
    }
}

/// The values that a portfolio offers, by key.
fn by_key(portfolio: &HeldPortfolio) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pair in &portfolio.tag_options {
        if let Some((key, value)) = pair.split_once('=') {
            keys.entry(key.to_owned())
                .or_default()
                .insert(value.to_owned());
        }
    }
    keys
}
