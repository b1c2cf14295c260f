//! What an account had before this catalog, as its environment's file should record it.

use super::{Desired, Observed, Ownership, ownership};
use crate::product::Key;
use std::collections::BTreeMap;

/// What is found in an account by the names of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Products: key to id.
    pub products: BTreeMap<Key, String>,
    /// Portfolios: key to id.
    pub portfolios: BTreeMap<Key, String>,
    /// What can't be told, in words.
    pub unclear: Vec<String>,
}

impl Adoption {
    /// Looks for what has the names of ours and is neither recorded nor made by this catalog.
    /// `portfolios` are ours: key, name, and the name of the stack; `live` those of the account: id to
    /// name.
    pub fn of(
        desired: &Desired,
        observed: &Observed,
        portfolios: &[(Key, String, String)],
        live: &BTreeMap<String, String>,
    ) -> Adoption {
        let mut adoption = Adoption::default();
        for product in &desired.products {
            if matches!(ownership(desired, product, observed), Ownership::Ours(_)) {
                continue;
            }
            let named = observed.products.values();
            let ids: Vec<&str> = named
                .filter(|one| one.texts.name == product.texts.name)
                .map(|one| one.id.as_str())
                .collect();
            adoption.note("product", &product.key, &product.texts.name, &ids);
        }
        for (key, name, stack) in portfolios {
            if observed.stacks.contains_key(stack) {
                continue;
            }
            let named = live.iter().filter(|(_, other)| *other == name);
            let ids: Vec<&str> = named.map(|(id, _)| id.as_str()).collect();
            adoption.note("portfolio", key, name, &ids);
        }
        adoption
    }

    fn note(&mut self, kind: &str, key: &Key, name: &str, ids: &[&str]) {
        match ids {
            [] => {}
            [id] if kind == "product" => {
                self.products.insert(key.clone(), (*id).to_owned());
            }
            [id] => {
                self.portfolios.insert(key.clone(), (*id).to_owned());
            }
            several => self.unclear.push(format!(
                "several have the name of the {kind} {key}, `{name}`: {}; write the right one into the file",
                several.join(", ")
            )),
        }
    }

    /// An environment's file with what was found recorded in it. Nothing else of it changes.
    ///
    /// # Errors
    /// A part of the file that is written in one line: where the ids belong, for a person to write.
    pub fn recorded(&self, file: &str) -> Result<String, String> {
        let mut text = file.to_owned();
        for (section, found) in [
            ("products", &self.products),
            ("portfolios", &self.portfolios),
        ] {
            let lines: String = found
                .iter()
                .map(|(key, id)| format!("  {key}: {{ id: {id} }}\n"))
                .collect();
            if !lines.is_empty() {
                text = under(&text, section, &lines)?;
            }
        }
        let has_switch = text.lines().any(|line| line.starts_with("closeAdopted:"));
        if !self.products.is_empty() && !has_switch {
            text.push_str("# Versions of before can't be launched by the launch roles of this catalog.\ncloseAdopted: true\n");
        }
        Ok(text)
    }
}

/// A file with these lines under a section of it.
fn under(file: &str, section: &str, lines: &str) -> Result<String, String> {
    let heading = format!("{section}:");
    let mut text = String::new();
    let mut is_written = false;
    for line in file.lines() {
        text.push_str(line);
        text.push('\n');
        let Some(rest) = line.strip_prefix(&heading) else {
            continue;
        };
        let rest = rest.trim();
        if !(rest.is_empty() || rest.starts_with('#')) {
            return Err(format!(
                "`{section}` is written in one line; write there:\n{lines}"
            ));
        }
        text.push_str(lines);
        is_written = true;
    }
    if !is_written {
        text.push_str(&heading);
        text.push('\n');
        text.push_str(lines);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_under_their_section_and_nothing_else_changes() {
        let found = |key: &str, id: &str| BTreeMap::from([(key.parse().unwrap(), id.to_owned())]);
        let adoption = Adoption {
            products: found("notebook", "prod-aaaaaaaaaaaaa"),
            portfolios: found("ec2", "port-aaaaaaaaaaaaa"),
            unclear: Vec::new(),
        };
        let file = "# mine\naccount: \"123456789012\"\nproducts: # of before\n  windows: { id: prod-bbbbbbbbbbbbb }\n";
        assert_eq!(
            adoption.recorded(file).unwrap(),
            "# mine\naccount: \"123456789012\"\nproducts: # of before\n  notebook: { id: prod-aaaaaaaaaaaaa }\n  windows: { id: prod-bbbbbbbbbbbbb }\nportfolios:\n  ec2: { id: port-aaaaaaaaaaaaa }\n# Versions of before can't be launched by the launch roles of this catalog.\ncloseAdopted: true\n"
        );
        assert!(
            adoption
                .recorded("products: {}\n")
                .unwrap_err()
                .contains("prod-aaaaaaaaaaaaa")
        );
    }
}
