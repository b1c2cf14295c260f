//! Accounts and regions: where a template is launched, and where it may turn out otherwise.

use super::reference::{each_target, walk};
use super::trail::Trail;
use super::{IndexMap, IndexSet, Intrinsic, Node, Pseudo, Target, Template};

/// The pseudo-parameter that names the account.
pub const ACCOUNT: &str = "AWS::AccountId";
/// The pseudo-parameter that names the region.
pub const REGION: &str = "AWS::Region";

/// Accounts and regions, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Accounts, each with what people call it; an account without a name calls itself.
    accounts: IndexMap<String, Option<String>>,
    /// Regions.
    regions: IndexSet<String>,
    /// There are others: nobody said where the template is launched.
    is_open: bool,
    /// There are no others, whatever a template speaks of.
    is_closed: bool,
}

impl Places {
    /// Nobody knows where: whatever a template itself speaks of, and one place beside.
    pub fn anywhere() -> Places {
        Places {
            is_open: true,
            ..Places::default()
        }
    }

    /// These accounts alone, each with its name and region.
    pub fn of<'p>(places: impl IntoIterator<Item = (&'p str, &'p str, &'p str)>) -> Places {
        let mut all = Places::default();
        for (name, account, region) in places {
            all.accounts
                .insert(account.to_owned(), Some(name.to_owned()));
            all.regions.insert(region.to_owned());
        }
        all.is_open = all.accounts.is_empty();
        all
    }

    /// These alone: of others that a template speaks of nobody asks.
    #[must_use]
    pub fn alone(self) -> Places {
        Places {
            is_closed: true,
            ..self
        }
    }

    /// These, and those that the templates speak of.
    #[must_use]
    pub fn and_of(&self, templates: &[&Template]) -> Places {
        let mut all = self.clone();
        if all.is_closed {
            return all;
        }
        for template in templates {
            each_mentioned(template, &mut |text| {
                if is_account(text) {
                    all.accounts.entry(text.to_owned()).or_insert(None);
                } else if is_region(text) {
                    all.regions.insert(text.to_owned());
                }
            });
        }
        if all.is_open {
            let example = Pseudo::example();
            all.accounts.entry(example.account_id).or_insert(None);
            all.regions.insert(example.region);
            // A condition can ask whether it is this region: there is another one.
            all.regions.insert("eu-north-1".to_owned());
        }
        all
    }

    /// The values of a pseudo-parameter that names a place; none for any other name.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        match name {
            ACCOUNT => self.accounts.keys().cloned().collect(),
            REGION => self.regions.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// A value of a parameter as people read it: an account with its name.
    pub fn named(&self, parameter: &str, value: &str) -> String {
        match self.accounts.get(value) {
            Some(Some(name)) if parameter == ACCOUNT => format!("{name} ({value})"),
            _ => format!("`{value}`"),
        }
    }

    /// The pseudo-parameters by which a value can differ from place to place: what a condition or
    /// a mapping asks, and accounts and regions that stand in a text.
    pub(super) fn asked_in(&self, node: &Node) -> IndexSet<&'static str> {
        let mut asked = IndexSet::default();
        walk(&Trail::top(""), node, &mut |_, function| {
            if let Intrinsic::FindInMap { top, second, .. } = function {
                for key in [top, second] {
                    asked.extend(places_in(key));
                }
            }
        });
        self.in_texts(node, &mut asked);
        asked
    }

    fn in_texts(&self, node: &Node, asked: &mut IndexSet<&'static str>) {
        match node {
            Node::String(text) => self.in_text(text, asked),
            Node::List(items) => items.iter().for_each(|item| self.in_texts(item, asked)),
            Node::Map(map) => map.values().for_each(|value| self.in_texts(value, asked)),
            Node::Intrinsic(function) => {
                if let Intrinsic::Sub { text, .. } = &**function {
                    self.in_text(text, asked);
                }
                for (_, part) in function.parts() {
                    self.in_texts(part, asked);
                }
            }
            _ => {}
        }
    }

    fn in_text(&self, text: &str, asked: &mut IndexSet<&'static str>) {
        let mut accounts = self.accounts.keys();
        if !asked.contains(ACCOUNT) && accounts.any(|account| text.contains(account.as_str())) {
            asked.insert(ACCOUNT);
        }
        let mut regions = self.regions.iter();
        if !asked.contains(REGION) && regions.any(|region| text.contains(region.as_str())) {
            asked.insert(REGION);
        }
    }
}

/// The pseudo-parameters that name a place, anywhere in a value.
pub(super) fn places_in(node: &Node) -> IndexSet<&'static str> {
    let mut found = IndexSet::default();
    walk(&Trail::top(""), node, &mut |_, function| {
        each_target(function, &mut |target| match target {
            Target::Name(ACCOUNT) => drop(found.insert(ACCOUNT)),
            Target::Name(REGION) => drop(found.insert(REGION)),
            _ => {}
        });
    });
    found
}

/// Visits the texts by which a template tells places apart: keys of its mappings, and what its
/// conditions compare the account and the region with.
fn each_mentioned(template: &Template, visit: &mut impl FnMut(&str)) {
    for rows in template.mappings.values() {
        for (top, row) in rows {
            visit(top);
            row.keys().for_each(|second| visit(second));
        }
    }
    for condition in template.conditions.values() {
        walk(&Trail::top(""), condition, &mut |_, function| {
            if let Intrinsic::Equals(left, right) = function {
                for (one, other) in [(left, right), (right, left)] {
                    if !places_in(one).is_empty()
                        && let Some(text) = other.scalar_text()
                    {
                        visit(&text);
                    }
                }
            }
        });
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of a region's name, such as `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_word =
        |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let area = parts
        .next()
        .is_some_and(|part| part.len() == 2 && is_word(part));
    let number = parts
        .next_back()
        .is_some_and(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let between: Vec<&str> = parts.collect();
    area && number && !between.is_empty() && between.into_iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_place_is_one() {
        for region in ["us-east-1", "us-gov-west-1", "ap-southeast-4"] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "us-east",
            "t3-large-1",
            "us-1",
            "t3.large",
            "US-east-1",
            "us-east-11",
        ] {
            assert!(!is_region(other), "{other}");
        }
        assert!(is_account("012345678901") && !is_account("1234"));
    }
}
