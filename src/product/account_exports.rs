//! What a template meets in the accounts: exports of other stacks, by account.

use super::ProductError;
use crate::cfn::{Builder, Mapping, Sub, Value, find_in_map, import_value, pseudo};
use indexmap::IndexMap;
use std::fmt;

/// A name that is the same in every account, or one for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerAccount {
    /// The same everywhere; may hold `${AWS::Region}`.
    Same(String),
    /// By account id.
    ByAccount(IndexMap<String, String>),
}

/// The exports that templates may import, by the key under which models ask for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountExports {
    /// Key to name.
    pub exports: IndexMap<String, PerAccount>,
    /// Accounts whose templates are mapped, in the order of the environments.
    pub accounts: Vec<String>,
}

/// An import that models ask for and the environment files don't declare everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingImport {
    /// The product that asks.
    pub product: String,
    /// The key.
    pub key: String,
    /// Accounts without it; empty when no environment has it.
    pub accounts: Vec<String>,
    /// The closest key that is declared.
    pub nearest: Option<String>,
}

impl fmt::Display for MissingImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "products/{}: the export `{}` is not declared",
            self.product, self.key
        )?;
        if !self.accounts.is_empty() {
            write!(f, " for {}", self.accounts.join(", "))?;
        }
        f.write_str("\n  hint: ")?;
        match &self.nearest {
            Some(near) => write!(f, "did you mean `{near}`?"),
            None => f.write_str("add it under `exports` of the environment files"),
        }
    }
}

impl std::error::Error for MissingImport {}

/// The imported value of each of so many keys.
pub type Imports<const N: usize> = [Value<String>; N];

/// The name of the mapping that holds what differs between accounts.
pub const ACCOUNTS_MAPPING: &str = "Accounts";

impl AccountExports {
    /// The imported value of each key. Declares the mapping of what differs between accounts.
    ///
    /// # Errors
    /// Every key that isn't declared for all accounts.
    pub fn imports<const N: usize>(
        &self,
        product: &str,
        builder: &mut Builder,
        keys: [&str; N],
    ) -> Result<Imports<N>, Vec<ProductError>> {
        let (values, []) = self.imports_of_both(product, builder, keys, [])?;
        Ok(values)
    }

    /// [`AccountExports::imports`] of two lists.
    ///
    /// # Errors
    /// Every key of both that isn't declared for all accounts.
    pub fn imports_of_both<const N: usize, const M: usize>(
        &self,
        product: &str,
        builder: &mut Builder,
        first: [&str; N],
        second: [&str; M],
    ) -> Result<(Imports<N>, Imports<M>), Vec<ProductError>> {
        let keys = || first.iter().chain(&second);
        let missing: Vec<ProductError> = keys()
            .filter_map(|key| self.missing(product, key))
            .map(ProductError::Import)
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut mapping = Mapping::<String>::new();
        for key in keys() {
            if let Some(PerAccount::ByAccount(names)) = self.exports.get(*key) {
                for account in &self.accounts {
                    if let Some(name) = names.get(account) {
                        mapping.set(account, key, name.as_str());
                    }
                }
            }
        }
        let accounts = (!mapping.is_empty()).then(|| builder.mapping(ACCOUNTS_MAPPING, mapping));
        let value = |key: &str| match (self.exports.get(key), &accounts) {
            (Some(PerAccount::Same(name)), _) => import_value(Sub::new(name.as_str())),
            (_, Some(accounts)) => import_value(find_in_map(accounts, pseudo::account_id(), key)),
            // Only for a catalog without accounts, whose templates nobody can launch.
            (_, None) => import_value(key),
        };
        Ok((first.map(value), second.map(value)))
    }

    /// Why a key can't be imported in every account, if it can't.
    fn missing(&self, product: &str, key: &str) -> Option<MissingImport> {
        let (accounts, nearest) = match self.exports.get(key) {
            Some(PerAccount::Same(_)) => return None,
            Some(PerAccount::ByAccount(names)) => {
                let without: Vec<String> = self
                    .accounts
                    .iter()
                    .filter(|account| !names.contains_key(*account))
                    .cloned()
                    .collect();
                if without.is_empty() {
                    return None;
                }
                (without, None)
            }
            None => {
                let declared = self.exports.keys().map(String::as_str);
                (Vec::new(), crate::yaml::nearest(key, declared))
            }
        };
        Some(MissingImport {
            product: product.to_owned(),
            key: key.to_owned(),
            accounts,
            nearest: nearest.map(str::to_owned),
        })
    }
}
