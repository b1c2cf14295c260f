//! Accounts: where the catalog is published, and what its templates meet there.
//!
//! `portfolios/organization.yaml` declares what is the same everywhere; each file under
//! `portfolios/environments/` is one account. Templates hold what differs in one mapping, so that
//! one digest is reviewed, released and promoted.

mod account;
mod community;
mod login_endpoint;
mod organization;
mod price;
mod prices;
mod retention;

pub use crate::product::{AccountId, AccountIdError};
pub use account::{Environment, RecordedId};
pub use community::{Communities, Community, Login};
pub use login_endpoint::{LoginEndpoint, LoginEndpointError};
pub use organization::{CodeOwner, Export, ExportKind, Macro, Organization, Support};
pub use price::Price;
pub use prices::{FargatePrice, MachinePrice, PRICES, Prices, RegionPrices, path as prices_path};
pub use retention::VersionRetention;

use crate::product::{AccountExports, Key, PerAccount, UNKNOWN_REGION, regions};
use crate::yaml::{InputError, Location, choice, hint, load};
use indexmap::IndexMap;

/// The organisation's file.
pub const ORGANIZATION: &str = "portfolios/organization.yaml";

/// The folder of the environments' files.
pub const ENVIRONMENTS: &str = "portfolios/environments";

/// The file of an environment.
pub fn environment_path(key: &Key) -> String {
    format!("{ENVIRONMENTS}/{key}.yaml")
}

/// The organisation and its environments, in the order of their keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Environments {
    /// What is the same everywhere.
    pub organization: Organization,
    /// By key: the file's name.
    pub by_key: IndexMap<Key, Environment>,
}

impl Environments {
    /// What is said of a key that no environment has, and the next step.
    pub fn unknown(&self, key: &Key) -> String {
        let hint = choice(key.as_str(), self.by_key.keys().map(Key::as_str));
        format!("there is no environment `{key}`\n  hint: {hint}")
    }

    /// Reads the files: `(path, text)` of the organisation, and of each environment by its key.
    ///
    /// # Errors
    /// Every mistake in every file: unknown keys, exports nobody declared, accounts named twice,
    /// exports that are named neither for all nor for this account.
    pub fn read(
        organization: (&str, &str),
        environments: &[(Key, String, String)],
    ) -> Result<Environments, Vec<InputError>> {
        let mut errors = Vec::new();
        let mut by_key = IndexMap::new();
        for (key, path, text) in environments {
            match load::<Environment>(path, text) {
                Ok(environment) => {
                    by_key.insert(key.clone(), environment);
                }
                Err(found) => errors.extend(found),
            }
        }
        by_key.sort_keys();
        match load::<Organization>(organization.0, organization.1) {
            Ok(organization) if errors.is_empty() => {
                let read = Environments {
                    organization,
                    by_key,
                };
                let path_of = |key: &Key| {
                    environments
                        .iter()
                        .find(|(name, ..)| name == key)
                        .map(|(_, path, _)| path.clone())
                        .unwrap_or_default()
                };
                errors = read.contradictions(path_of);
                if errors.is_empty() {
                    Ok(read)
                } else {
                    Err(errors)
                }
            }
            Ok(_) => Err(errors),
            Err(found) => {
                errors.extend(found);
                errors.sort();
                Err(errors)
            }
        }
    }

    fn contradictions(&self, path_of: impl Fn(&Key) -> String) -> Vec<InputError> {
        let mut errors = Vec::new();
        let mut owners: IndexMap<&AccountId, &Key> = IndexMap::new();
        for (key, environment) in &self.by_key {
            let mut fail = |at: Location, message: String, hint: String| {
                errors.push(InputError {
                    file: path_of(key),
                    at,
                    message,
                    hint: Some(hint),
                });
            };
            if let Some(other) = owners.insert(&environment.account, key) {
                fail(
                    environment.account.at,
                    format!(
                        "the account {} is also that of `{other}`",
                        *environment.account
                    ),
                    "one environment is one account".to_owned(),
                );
            }
            if !regions().any(|region| region == environment.region.as_str()) {
                let hint = hint(&environment.region, regions(), || UNKNOWN_REGION.to_owned());
                let message = format!("`{}` is no region of AWS", environment.region.value);
                fail(environment.region.at, message, hint);
            }
            for name in environment.exports.keys() {
                if !self.organization.exports.contains_key(&name.value) {
                    let declared = self.organization.exports.keys().map(String::as_str);
                    let hint = hint(name, declared, || {
                        "declare it under `exports` of the organization file".to_owned()
                    });
                    fail(
                        name.at,
                        format!("the export `{}` is not declared", name.value),
                        hint,
                    );
                }
            }
            for (name, export) in &self.organization.exports {
                let is_named = export.name.is_some() || environment.exports.contains_key(name);
                if !is_named && !environment.local {
                    fail(
                        environment.account.at,
                        format!("the export `{name}` has no name in this account"),
                        "add it under `exports`".to_owned(),
                    );
                }
            }
            if let Some(from) = environment
                .promotes_from
                .as_ref()
                .filter(|from| !self.by_key.contains_key(&from.value))
            {
                let known = self.by_key.keys().map(Key::as_str);
                let hint = hint(from.as_str(), known, || {
                    "name another environment".to_owned()
                });
                fail(from.at, format!("`{}` is no environment", from.value), hint);
            }
            if let Some(from) = &environment.promotes_from
                && !environment.local
                && self.by_key.get(&from.value).is_some_and(|from| from.local)
            {
                fail(
                    from.at,
                    format!(
                        "`{}` is on this machine alone: no account can take versions from it",
                        from.value
                    ),
                    "name the environment of an account, or leave it out".to_owned(),
                );
            }
            if let Some(from) = &environment.promotes_from
                && self.promotes_to_itself(key)
            {
                fail(
                    from.at,
                    format!(
                        "`{key}` would wait for itself: it takes what `{}` has taken",
                        from.value
                    ),
                    "one environment takes versions from no other".to_owned(),
                );
            }
            for (recorded, kind) in [
                (&environment.products, "prod-"),
                (&environment.portfolios, "port-"),
            ] {
                for (index, (name, one)) in recorded.iter().enumerate() {
                    let others = self.by_key.iter().take_while(|(other, _)| *other != key);
                    let taken = others.flat_map(|(other, environment)| {
                        let recorded = environment.products.iter().chain(&environment.portfolios);
                        recorded.map(move |(name, one)| (other, name, &one.id))
                    });
                    // An id is one account's: here it was copied from another's file.
                    let mut taken = taken.filter(|(_, _, id)| id.value == one.id.value);
                    if let Some((other, theirs, _)) = taken.next() {
                        fail(
                            one.id.at,
                            format!(
                                "the id of `{}` is that of `{}` in `{other}` too",
                                name.value, theirs.value
                            ),
                            "each account has ids of its own; `cargo xtask adopt` writes them"
                                .to_owned(),
                        );
                    }
                    let mut before = recorded.iter().take(index);
                    if let Some((other, _)) = before.find(|(_, other)| other.id == one.id) {
                        fail(
                            one.id.at,
                            format!(
                                "the id of `{}` is that of `{}` too",
                                name.value, other.value
                            ),
                            "each has an id of its own".to_owned(),
                        );
                    }
                    if !one.id.starts_with(kind) {
                        fail(
                            one.id.at,
                            format!("`{}` is no id of this kind", one.id.value),
                            format!("it begins with `{kind}`"),
                        );
                    }
                }
            }
        }
        errors.sort();
        errors
    }

    /// Whether an environment takes its versions, by way of others, from itself.
    fn promotes_to_itself(&self, key: &Key) -> bool {
        let from = |key: &Key| Some(&self.by_key.get(key)?.promotes_from.as_ref()?.value);
        let mut at = from(key);
        for _ in 0..self.by_key.len() {
            match at {
                Some(next) if next == key => return true,
                Some(next) => at = from(next),
                None => return false,
            }
        }
        false
    }

    /// What templates meet: every declared export, by account where accounts differ. Local
    /// environments launch nothing and stay out of the templates.
    pub fn account_exports(&self) -> AccountExports {
        let real: Vec<&Environment> = self
            .by_key
            .values()
            .filter(|environment| !environment.local)
            .collect();
        let exports = self
            .organization
            .exports
            .iter()
            .map(|(key, export)| {
                let overridden = real
                    .iter()
                    .any(|environment| environment.exports.contains_key(key));
                let names = match (&export.name, overridden) {
                    (Some(name), false) => PerAccount::Same(name.clone()),
                    (shared, _) => PerAccount::ByAccount(
                        real.iter()
                            .filter_map(|environment| {
                                let own = environment.exports.get(key).map(|name| &name.value);
                                let name = own.or(shared.as_ref())?;
                                Some((environment.account.to_string(), name.clone()))
                            })
                            .collect(),
                    ),
                };
                (key.clone(), names)
            })
            .collect();
        let accounts = real
            .iter()
            .map(|environment| environment.account.to_string())
            .collect();
        AccountExports { exports, accounts }
    }
}
