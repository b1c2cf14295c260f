//! What pages are computed from, read from the disk; product pages, their index and the connect
//! kit as files.

use crate::catalog::{Catalog, CatalogError, Entry};
use crate::generated::{COMMAND, Files};
use crate::parallel::each;
use crate::surroundings;
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::environment::Communities;
use compute_catalog::page::{
    self, Guide, IndexSource, KitFile, Offerings, PageSource, ProductPage,
};
use compute_catalog::portfolio;
use compute_catalog::product::{Built, Key};
use compute_catalog::yaml::InputError;
use std::collections::BTreeMap;

/// What pages need beside the catalog itself.
pub struct Pages {
    /// The communities.
    pub communities: Communities,
    /// The portfolios and service actions.
    pub offerings: Offerings,
    guides: BTreeMap<Key, Guide>,
    no_guide: Guide,
}

impl Pages {
    /// Reads the communities, and the guides of the catalog's products.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them.
    pub fn load(workspace: &Workspace, catalog: &Catalog) -> Result<Pages, WorkspaceError> {
        let path = "portfolios/communities.yaml";
        let text = workspace.read(path)?;
        let mut errors = Vec::new();
        let provider = &catalog.environments.organization.name;
        let portfolios = portfolio::Catalog::read(provider, &surroundings::files(workspace)?)
            .map_err(WorkspaceError::Input)?;
        let roles: Vec<&Key> = portfolios
            .end_users
            .roles
            .iter()
            .map(|role| &role.key.value)
            .collect();
        let environments = &catalog.environments.by_key;
        let communities = Communities::read(path, &text, environments, &roles);
        let mut guides = BTreeMap::new();
        let read = each(&catalog.entries, |entry| guide(workspace, &entry.key));
        for (entry, guide) in catalog.entries.iter().zip(read) {
            match guide? {
                Some(Ok(guide)) => {
                    guides.insert(entry.key.clone(), guide);
                }
                Some(Err(found)) => errors.extend(found),
                None => {}
            }
        }
        match communities {
            Ok(communities) if errors.is_empty() => Ok(Pages {
                communities,
                offerings: Offerings::of(&portfolios),
                guides,
                no_guide: Guide::default(),
            }),
            Ok(_) => Err(WorkspaceError::Input(errors)),
            Err(mut found) => {
                found.extend(errors);
                Err(WorkspaceError::Input(found))
            }
        }
    }

    /// What the page of a product is computed from.
    pub fn source<'a>(
        &'a self,
        catalog: &'a Catalog,
        entry: &'a Entry,
        built: &'a Built,
    ) -> PageSource<'a> {
        PageSource {
            key: &entry.key,
            entry: &built.entry,
            template: &built.template,
            ledger: &entry.history.ledger,
            guide: self.guides.get(&entry.key).unwrap_or(&self.no_guide),
            offerings: &self.offerings,
            communities: &self.communities,
            environments: &catalog.environments,
        }
    }
}

/// A product's guide, or the mistakes in it; none where the product has none.
fn guide(
    workspace: &Workspace,
    product: &Key,
) -> Result<Option<Result<Guide, Vec<InputError>>>, WorkspaceError> {
    let path = format!("products/{product}/guide.yaml");
    if !workspace.root().join(&path).is_file() {
        return Ok(None);
    }
    Ok(Some(Guide::read(&path, &workspace.read(&path)?)))
}

/// The product pages, the index and the connect kit under `generated/`.
///
/// # Errors
/// Products that can't be built, guides that speak of what a template lacks.
pub fn files(
    workspace: &Workspace,
    catalog: &Catalog,
) -> Result<Files, Box<dyn std::error::Error>> {
    let pages = Pages::load(workspace, catalog)?;
    let mut files = Files::new();
    let built = catalog.built().map_err(Box::<CatalogError>::new)?;
    let made = each(&built, |(entry, built)| {
        let source = pages.source(catalog, entry, built);
        let page = ProductPage::of(&source);
        page::markdown(&page, source.guide, COMMAND).map(|text| (page, text))
    });
    let mut product_pages = Vec::new();
    for ((entry, _), made) in built.iter().zip(made) {
        let (page, text) = made?;
        files.insert(format!("generated/pages/{}.md", entry.key), text);
        product_pages.push(page);
    }
    let index = IndexSource {
        organization: &catalog.environments.organization.name,
        pages: &product_pages,
        offerings: &pages.offerings,
        communities: &pages.communities,
    };
    files.insert(
        "generated/README.md".to_owned(),
        page::index(&index, COMMAND)?,
    );
    let kit = page::connect_kit(&pages.communities, &catalog.environments, COMMAND)?;
    for KitFile { path, text } in kit {
        files.insert(format!("generated/connect/{path}"), text);
    }
    Ok(files)
}
