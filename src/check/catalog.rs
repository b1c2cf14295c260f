//! The files that people write, looked at together: what rules know beside them, and what they find.

use crate::environment::Environments;
use crate::portfolio::foundation::LaunchRoleFile;
use crate::portfolio::{CatalogFiles, ProductFacts};
use crate::product::Key;
use crate::yaml::{InputError, Located, Location, choice};
use indexmap::IndexMap;

/// What the rules know beside the files.
pub struct CheckContext<'a> {
    /// The products, by key.
    pub products: &'a IndexMap<Key, ProductFacts>,
    /// The organisation, and the accounts in which the catalog is published.
    pub environments: &'a Environments,
    /// The names of what stands in a folder of the repository; none where there is no such folder.
    pub names_in: &'a dyn Fn(&str) -> Vec<String>,
}

impl CheckContext<'_> {
    /// The launch roles of products that there are, each with what is known of its product.
    pub(super) fn launch_roles<'c>(
        &'c self,
        catalog: &'c CatalogFiles,
    ) -> impl Iterator<Item = (&'c LaunchRoleFile, &'c ProductFacts)> {
        let roles = catalog.foundation.launch_roles.iter();
        roles.filter_map(|role| Some((role, self.products.get(&role.product.value)?)))
    }

    /// Names of exports of stacks outside the catalog, as the organisation file declares them.
    pub(super) fn exports(&self) -> impl Iterator<Item = &str> {
        let declared = self.environments.organization.exports.values();
        declared.filter_map(|export| export.name.as_deref())
    }

    /// Reports a product that there isn't.
    pub(super) fn require_product(&self, product: &Located<Key>, here: &mut InFile<'_>) {
        if !self.products.contains_key(&product.value) {
            let keys = self.products.keys().map(Key::as_str);
            here.unknown(product.at, "product", product.as_str(), keys);
        }
    }
}

/// What one rule finds in the files.
#[derive(Debug, Default)]
pub struct CatalogReport(pub(super) Vec<InputError>);

/// What it finds in one file.
pub(super) struct InFile<'a> {
    path: &'a str,
    found: &'a mut Vec<InputError>,
}

impl CatalogReport {
    pub(super) fn in_file<'a>(&'a mut self, path: &'a str) -> InFile<'a> {
        InFile {
            path,
            found: &mut self.0,
        }
    }
}

impl InFile<'_> {
    pub(super) fn add(&mut self, at: Location, message: impl Into<String>, hint: &str) {
        self.found.push(InputError {
            file: self.path.to_owned(),
            at,
            message: message.into(),
            hint: Some(hint.to_owned()),
        });
    }

    /// Reports a name that isn't among the valid ones.
    pub(super) fn unknown<'a>(
        &mut self,
        at: Location,
        kind: &str,
        name: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) {
        self.add(at, format!("`{name}` is no {kind}"), &choice(name, valid));
    }
}
