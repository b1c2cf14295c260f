//! The accounts in which products run, as far as an update differs by them.

use super::{Imports, Kept};
use crate::cfn::Places;
use crate::environment::Environments;

/// An account in which products run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What people call it.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The region.
    pub region: String,
}

/// Every account in which products run, and what is known of the macros there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    all: Vec<Account>,
    /// It is one account alone that is asked about, whatever others a template speaks of.
    is_alone: bool,
    /// Macros that leave alone whatever a template says outside of types of their own.
    macros: Vec<String>,
    /// What the machines of a product keep there.
    kept: Kept,
    /// What stacks and products there import of each other.
    imports: Imports,
}

impl Accounts {
    /// Those of the environments; the local AWS launches nothing that a person would miss.
    pub fn of(environments: &Environments) -> Accounts {
        let real = environments.by_key.iter().filter(|(_, one)| !one.local);
        let account = real.map(|(key, environment)| Account {
            name: key.to_string(),
            id: environment.account.to_string(),
            region: environment.region.value.clone(),
        });
        Accounts {
            all: account.collect(),
            is_alone: false,
            macros: environments.organization.macros.keys().cloned().collect(),
            kept: Kept::default(),
            imports: Imports::default(),
        }
    }

    /// One account alone, be it one of these or not.
    #[must_use]
    pub fn alone(&self, account: &Account) -> Accounts {
        Accounts {
            all: vec![account.clone()],
            is_alone: true,
            ..self.clone()
        }
    }

    /// The same for a product whose machines keep something.
    #[must_use]
    pub fn keeping(&self, kept: &Kept) -> Accounts {
        Accounts {
            kept: kept.clone(),
            ..self.clone()
        }
    }

    /// The same where stacks and products import of each other.
    #[must_use]
    pub fn importing(&self, imports: Imports) -> Accounts {
        Accounts {
            imports,
            ..self.clone()
        }
    }

    /// What stacks and products there import.
    pub(super) fn imports(&self) -> &Imports {
        &self.imports
    }

    /// What the machines of the product keep.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Where a template is launched; anywhere where nobody said.
    pub fn places(&self) -> Places {
        let each = |one: &'_ Account| (one.name.clone(), one.id.clone(), one.region.clone());
        let all: Vec<_> = self.all.iter().map(each).collect();
        let places = Places::of(
            all.iter()
                .map(|(name, id, region)| (name.as_str(), id.as_str(), region.as_str())),
        );
        match self.is_alone {
            true => places.alone(),
            false => places,
        }
    }

    /// Each account.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.all.iter()
    }

    /// One account by its id.
    pub fn get(&self, id: &str) -> Option<&Account> {
        self.all.iter().find(|account| account.id == id)
    }

    /// Whether a macro is known to leave alone what it isn't asked for.
    pub(super) fn knows_macro(&self, name: &str) -> bool {
        self.macros.iter().any(|known| known == name)
    }
}
