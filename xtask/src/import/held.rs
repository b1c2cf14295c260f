//! The catalog that an account holds, as it was read there.

use std::collections::{BTreeMap, BTreeSet};

/// The catalog of an account.
#[derive(Debug, Default)]
pub struct HeldCatalog {
    /// Its products.
    pub products: Vec<HeldProduct>,
    /// Its portfolios.
    pub portfolios: Vec<HeldPortfolio>,
    /// The service actions of its products, by id.
    pub actions: BTreeMap<String, HeldAction>,
}

/// A service action.
#[derive(Debug, Default)]
pub struct HeldAction {
    /// What people see.
    pub name: String,
    /// What people see.
    pub description: String,
    /// The automation document, by name or ARN.
    pub document: String,
    /// Its version.
    pub version: String,
    /// `LAUNCH_ROLE` or an ARN; empty: as whoever starts it.
    pub role: String,
}

/// A product.
#[derive(Debug)]
pub struct HeldProduct {
    /// `prod-…`
    pub id: String,
    /// What people see.
    pub name: String,
    /// Its versions.
    pub versions: Vec<HeldVersion>,
    /// Whether an engine makes it, rather than CloudFormation.
    pub is_of_engine: bool,
    /// The ids of the service actions that its versions have.
    pub actions: BTreeSet<String>,
}

/// A version of a product.
#[derive(Debug)]
pub struct HeldVersion {
    /// What people see.
    pub name: String,
    /// What people see.
    pub description: String,
    /// Its template, or why it can't be read.
    pub body: Result<String, String>,
}

/// A portfolio.
#[derive(Debug)]
pub struct HeldPortfolio {
    /// `port-…`
    pub id: String,
    /// What people see.
    pub name: String,
    /// What people see.
    pub description: String,
    /// The ids of its products.
    pub products: Vec<String>,
    /// ARNs, or patterns of ARNs.
    pub principals: Vec<String>,
    /// Accounts and organizational units.
    pub recipients: Vec<String>,
    /// Its tag options, `key=value`.
    pub tag_options: Vec<String>,
    /// Its constraints.
    pub constraints: Vec<HeldConstraint>,
}

/// A constraint.
#[derive(Debug)]
pub struct HeldConstraint {
    /// `LAUNCH`, `NOTIFICATION`, `RESOURCE_UPDATE`, `STACKSET` or `TEMPLATE`.
    pub kind: String,
    /// The id of its product.
    pub product: String,
    /// What it says: JSON.
    pub parameters: String,
}
