//! What stands around the products, read from disk: portfolios, launch roles, end users, tag
//! options, and the stacks of all these.

use crate::catalog::{Catalog, CatalogError, Entry};
use crate::parallel::each;
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::cfn::{Template, read};
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::portfolio::{
    self, CatalogFiles, FileFault, Known, KnownProduct, RESERVED, Stacks,
};
use compute_catalog::product::{Key, SourceFile};
use compute_catalog::yaml::{InputError, Location};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// What stands around the products.
pub struct AroundProducts {
    /// The files.
    pub catalog: portfolio::Catalog,
    /// The versions of ours by product and file, without those that are what the product is now.
    former: IndexMap<Key, BTreeMap<String, Template>>,
    /// Names of exports of stacks outside the catalog.
    exports: Vec<String>,
}

impl AroundProducts {
    /// Reads the files.
    ///
    /// # Errors
    /// Files that can't be read, every mistake in their form, products that can't be built.
    pub fn load(
        workspace: &Workspace,
        products: &Catalog,
    ) -> Result<AroundProducts, Box<dyn std::error::Error>> {
        let organization = &products.environments.organization;
        let catalog = portfolio::Catalog::read(&organization.name, &files(workspace)?)
            .map_err(WorkspaceError::Input)?;
        Ok(AroundProducts {
            catalog,
            former: former(products)?,
            exports: organization
                .exports
                .values()
                .filter_map(|export| export.name.clone())
                .collect(),
        })
    }

    /// What is wrong with the files, sorted. The products are those of [`AroundProducts::load`].
    ///
    /// # Errors
    /// Products that can't be built, facts about versions from before this catalog that can't be
    /// read.
    pub fn faults(&self, products: &Catalog) -> Result<Vec<FileFault>, Box<dyn std::error::Error>> {
        let published = published(products)?;
        let exports: Vec<&str> = self.exports.iter().map(String::as_str).collect();
        let products = self
            .templates(products)?
            .into_iter()
            .map(|(key, templates)| {
                let published = published.get(&key).into_iter().flatten();
                let product = KnownProduct {
                    templates,
                    published_types: published.map(String::as_str).collect(),
                };
                (key, product)
            })
            .collect();
        let known = Known {
            products: &products,
            exports: &exports,
        };
        Ok(portfolio::faults(&self.catalog, &known))
    }

    /// The stacks.
    ///
    /// # Errors
    /// Everything that keeps a stack from being made.
    pub fn stacks(&self, products: &Catalog) -> Result<Stacks, Box<dyn std::error::Error>> {
        Ok(self.try_stacks(products)?.map_err(WorkspaceError::Input)?)
    }

    /// The stacks, or what keeps them from being made.
    ///
    /// # Errors
    /// Products that can't be built, data of this repository that can't be read.
    pub fn try_stacks(
        &self,
        products: &Catalog,
    ) -> Result<Result<Stacks, Vec<InputError>>, Box<dyn std::error::Error>> {
        let handlers = Handlers::reviewed().map_err(WorkspaceError::Input)?;
        let templates = self.templates(products)?;
        Ok(self.catalog.stacks(&templates, &handlers, iam::actions()))
    }

    /// The templates of each product: now, and of each version of ours.
    fn templates<'a>(
        &'a self,
        products: &'a Catalog,
    ) -> Result<IndexMap<Key, Vec<&'a Template>>, CatalogError> {
        let each = products.built()?.into_iter().map(|(entry, built)| {
            let former = self.former.get(&entry.key);
            let versions = entry.history.bodies.keys().map(|name| {
                let former = former.and_then(|former| former.get(name));
                former.unwrap_or(&built.template)
            });
            let now = std::iter::once(&built.template);
            (entry.key.clone(), now.chain(versions).collect())
        });
        Ok(each.collect())
    }
}

/// The files below `portfolios/`, by what they hold.
///
/// # Errors
/// Files that can't be read, portfolios whose name is no key.
pub fn files(workspace: &Workspace) -> Result<CatalogFiles, WorkspaceError> {
    let file = |path: String| -> Result<SourceFile, WorkspaceError> {
        let text = workspace.read(&path)?;
        Ok(SourceFile { path, text })
    };
    let mut files = CatalogFiles {
        foundation: file("portfolios/foundation.yaml".to_owned())?,
        end_users: file("portfolios/end-users.yaml".to_owned())?,
        ..CatalogFiles::default()
    };
    for path in workspace.files_below("portfolios")? {
        let stem = path
            .strip_prefix("portfolios/")
            .and_then(|name| name.strip_suffix(".yaml"));
        match stem {
            Some("tag-options") => files.tag_options = Some(file(path)?),
            Some(stem) if !stem.contains('/') && !RESERVED.contains(&stem) => {
                let key = stem.parse::<Key>().map_err(|error| {
                    WorkspaceError::Input(vec![InputError {
                        file: path.clone(),
                        at: Location::default(),
                        message: error.to_string(),
                        hint: Some("rename the file".to_owned()),
                    }])
                })?;
                files.portfolios.push((key, file(path)?));
            }
            _ => {}
        }
    }
    Ok(files)
}

fn former(
    products: &Catalog,
) -> Result<IndexMap<Key, BTreeMap<String, Template>>, Box<dyn std::error::Error>> {
    let mut all = IndexMap::new();
    let mut errors = Vec::new();
    let built = products.built()?;
    let read = each(&built, |(entry, _)| former_of(entry));
    for ((entry, _), templates) in built.into_iter().zip(read) {
        match templates {
            Ok(templates) => {
                all.insert(entry.key.clone(), templates);
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(all)
    } else {
        Err(Box::new(WorkspaceError::Input(errors)))
    }
}

/// The templates of a product's versions, without those that are what the product is now.
fn former_of(entry: &Entry) -> Result<BTreeMap<String, Template>, Vec<InputError>> {
    let mut templates = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, body) in &entry.history.bodies {
        // Most products are as they were released: the same bytes are the same template.
        if body == entry.text.as_bytes() {
            continue;
        }
        match read(&String::from_utf8_lossy(body)) {
            Ok(template) => {
                templates.insert(name.clone(), template);
            }
            Err(found) => errors.extend(found.into_iter().map(|error| InputError {
                file: format!("products/{}/history/{name}", entry.key),
                at: Location::default(),
                message: error.to_string(),
                hint: Some("restore the file from git".to_owned()),
            })),
        }
    }
    if errors.is_empty() {
        Ok(templates)
    } else {
        Err(errors)
    }
}

/// The resource types of each product's versions from before this catalog.
fn published(products: &Catalog) -> Result<IndexMap<Key, BTreeSet<String>>, WorkspaceError> {
    let read = each(&products.entries, |entry| entry.history.published());
    let mut all = IndexMap::new();
    for (entry, published) in products.entries.iter().zip(read) {
        let published = published?.unwrap_or_default();
        let types = published
            .versions
            .into_values()
            .flat_map(|version| version.resources.into_values());
        all.insert(entry.key.clone(), types.collect());
    }
    Ok(all)
}
