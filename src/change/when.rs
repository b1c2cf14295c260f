//! For which parameter values, accounts and regions something holds.

use crate::cfn::place::{ACCOUNT, REGION};
use crate::cfn::{Places, Scenario};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use std::fmt;

/// Parameters with those of their values for which something holds, the account and region among
/// them; empty: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct When(IndexMap<String, Vec<String>>);

/// How an open parameter is shown.
const OTHER: &str = "another value";

impl When {
    /// What the scenarios in which something holds have in common against all that were tried.
    pub fn of(holds: &[&Scenario], tried: &[Scenario], places: &Places) -> When {
        if holds.len() == tried.len() {
            return When::default();
        }
        let names: IndexSet<&String> = tried.iter().flat_map(Scenario::keys).collect();
        let mut when = IndexMap::new();
        for name in names {
            let value = |scenario: &Scenario| {
                scenario
                    .get(name)
                    .map_or_else(|| OTHER.to_owned(), |text| places.named(name, text))
            };
            let all: IndexSet<String> = tried.iter().map(value).collect();
            let here: IndexSet<String> = holds.iter().map(|scenario| value(scenario)).collect();
            if here.len() < all.len() {
                when.insert(name.clone(), here.into_iter().collect());
            }
        }
        When(when)
    }

    /// Where either holds, told by the parameters that both speak of.
    #[must_use]
    pub fn or(&self, other: &When) -> When {
        let both = self.0.iter().filter_map(|(name, values)| {
            let others = other.0.get(name)?;
            let all: IndexSet<String> = values.iter().chain(others).cloned().collect();
            Some((name.clone(), all.into_iter().collect()))
        });
        When(both.collect())
    }

    /// The names of what it depends on.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether it depends on the account or the region.
    pub fn names_place(&self) -> bool {
        self.names().any(|name| [ACCOUNT, REGION].contains(&name))
    }

    /// Whether it holds for every value.
    pub fn is_always(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, values)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            let name = match name.as_str() {
                ACCOUNT => "the account is",
                REGION => "the region is",
                name => name,
            };
            write!(f, "{name} {}", values.join(" or "))?;
        }
        Ok(())
    }
}
