//! What pages are computed from, read from the disk; product pages, their index and the connect
//! kit as files.

use crate::built::{BuiltProduct, BuiltProducts};
use crate::description::{Described, described};
use crate::generated::{COMMAND, Files};
use crate::portfolios::portfolios;
use crate::running::RunningVersions;
use crate::workspace::{Workspace, WorkspaceError, all};
use compute_catalog::change::{Accounts, Kept, Update, VersionUpdates};
use compute_catalog::environment::{Communities, Environments, Prices};
use compute_catalog::page::{
    self, Guide, HANDBOOK_GUIDE, HandbookSource, IndexLine, IndexSource, KitFile, Offerings,
    PageError, PageSource, ProductPage, UpdateTable,
};
use compute_catalog::portfolio;
use compute_catalog::product::{Built, Key, VersionName};
use compute_catalog::release::{Ledger, Origin};
use compute_catalog::yaml::InputError;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What pages need beside the products.
pub struct Pages {
    /// The communities.
    pub communities: Communities,
    /// The portfolios and service actions.
    pub offerings: Offerings,
    /// The organisation's own sections of the handbook.
    pub guide: Guide,
    /// What machines cost, where that is known.
    pub prices: Prices,
}

/// The guides of products that have one.
pub type Guides = BTreeMap<Key, Guide>;

impl Pages {
    /// Reads what pages need beside the products, and the guides of all of them.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them.
    pub fn load(
        workspace: &Workspace,
        catalog: &BuiltProducts,
    ) -> Result<(Pages, Guides), WorkspaceError> {
        let environments = &catalog.environments;
        let portfolios = portfolios(workspace)?;
        let pages = Pages::read(workspace, environments, &portfolios)?;
        Ok((pages, guides(workspace)?))
    }

    /// Reads what pages need beside the products.
    ///
    /// # Errors
    /// Files that can't be read, and every mistake in them, and in the guides with them.
    pub fn read(
        workspace: &Workspace,
        environments: &Environments,
        portfolios: &portfolio::CatalogFiles,
    ) -> Result<Pages, WorkspaceError> {
        let own = guide_file(workspace, HANDBOOK_GUIDE);
        let prices = workspace.prices(environments);
        let path = "portfolios/communities.yaml";
        let text = workspace.read(path)?;
        let roles = portfolios.end_users.roles.iter();
        let roles: Vec<&Key> = roles.map(|role| &role.key.value).collect();
        match Communities::read(path, &text, &environments.by_key, &roles) {
            Ok(communities) => Ok(Pages {
                communities,
                offerings: Offerings::of(portfolios),
                guide: own?,
                prices: prices?,
            }),
            Err(mut errors) => {
                let others = [own.map(drop), guides(workspace).map(drop), prices.map(drop)];
                for read in others {
                    match read {
                        Err(WorkspaceError::Input(found)) => errors.extend(found),
                        Err(error) => return Err(error),
                        Ok(()) => {}
                    }
                }
                Err(WorkspaceError::Input(errors))
            }
        }
    }

    /// What the page of a product is computed from.
    pub fn source<'a>(
        &'a self,
        environments: &'a Environments,
        entry: &'a BuiltProduct,
        built: &'a Built,
        guide: &'a Guide,
        updates: &'a Updates,
    ) -> PageSource<'a> {
        PageSource {
            key: &entry.key,
            entry: &built.entry,
            template: &built.template,
            installed: &built.installed,
            ledger: &updates.ledger,
            guide,
            offerings: &self.offerings,
            communities: &self.communities,
            environments,
            updates: &updates.all,
            narrowed: &updates.narrowed,
            kept: &updates.kept,
            prices: &self.prices,
        }
    }
}

/// What updates of a product to its newest version do.
pub struct Updates {
    /// From each other version, in all accounts, oldest first.
    pub all: Vec<Update>,
    /// By version, the parameters that no longer take values which products before it have.
    pub narrowed: BTreeMap<VersionName, Vec<String>>,
    /// By account; none where nothing is released.
    pub table: Option<UpdateTable>,
    /// The ledger, with what updates do as it is known today.
    pub ledger: Ledger,
    /// The versions that can be running; none where nothing is released.
    pub versions: Option<RunningVersions>,
    /// What its machines keep.
    pub kept: Kept,
}

impl Updates {
    /// Computes it from the ledger, the frozen bodies and the facts about earlier versions.
    ///
    /// # Errors
    /// Files that can't be read, frozen bodies that are no templates.
    pub fn of(
        workspace: &Workspace,
        environments: &Environments,
        entry: &BuiltProduct,
        name: &str,
    ) -> Result<Updates, WorkspaceError> {
        let kept = workspace.kept(&entry.key)?;
        let none = Updates {
            kept: kept.clone(),
            all: Vec::new(),
            narrowed: BTreeMap::new(),
            table: None,
            ledger: entry.history.ledger.clone(),
            versions: None,
        };
        let ledger = &entry.history.ledger;
        let Some(newest) = ledger.newest_kept().map(|newest| newest.name) else {
            return Ok(none);
        };
        let facts = workspace.legacy_versions(&entry.key)?;
        let unreadable = |message| {
            WorkspaceError::Input(vec![InputError {
                file: format!("products/{}/history", entry.key),
                at: Default::default(),
                message,
                hint: None,
            }])
        };
        let versions =
            RunningVersions::read(&entry.key, &entry.history, facts).map_err(unreadable)?;
        let accounts = Accounts::of(environments).keeping(&kept);
        let has = |version: VersionName, environment: &str| {
            let known = ledger.versions.iter().find(|one| one.name == version);
            known.is_none_or(|one| match &one.origin {
                Origin::Legacy { environments, .. } => {
                    environments.iter().any(|key| key.as_str() == environment)
                }
                Origin::Released { .. } => true,
            })
        };
        let running = versions.running();
        let Some(template) = versions.template(newest) else {
            return Ok(none);
        };
        let mut known = VersionUpdates::of(&running, &accounts);
        let Described { ledger, narrowed } = described(ledger, &mut known);
        let all = known.to(newest).unwrap_or_default().to_vec();
        let to = (newest, template);
        let table = UpdateTable::of((&entry.key, name), &running, to, &all, &accounts, &has);
        Ok(Updates {
            all,
            narrowed,
            ledger,
            table: Some(table),
            versions: Some(versions),
            kept,
        })
    }
}

/// A product's guide; empty where the product has none.
///
/// # Errors
/// A file that can't be read, and every mistake in it.
pub fn guide(workspace: &Workspace, product: &Key) -> Result<Guide, WorkspaceError> {
    guide_file(workspace, &format!("products/{product}/guide.yaml"))
}

fn guide_file(workspace: &Workspace, path: &str) -> Result<Guide, WorkspaceError> {
    if !workspace.root().join(path).is_file() {
        return Ok(Guide::default());
    }
    Guide::read(path, &workspace.read(path)?).map_err(WorkspaceError::Input)
}

/// The guides of products, all of them.
///
/// # Errors
/// Files that can't be read, and every mistake in them.
pub fn guides(workspace: &Workspace) -> Result<Guides, WorkspaceError> {
    let read: Vec<_> = workspace
        .products()
        .par_iter()
        .map(|product| {
            let guide = guide(workspace, product.key())?;
            Ok((product.key().clone(), guide))
        })
        .collect();
    all(read)
}

/// Where the page of a product stands.
pub fn page_path(product: &Key) -> String {
    format!("generated/pages/{product}.md")
}

/// The page of a product as its file, and what the index tells of it.
///
/// # Errors
/// Guides that speak of what a template lacks.
pub fn product_page(source: &PageSource<'_>) -> Result<(String, IndexLine), PageError> {
    let page = ProductPage::of(source);
    let text = page::markdown(&page, source.guide, COMMAND)?;
    Ok((text, IndexLine::of(&page)))
}

/// The index of the pages, the handbook and the connect kit under `generated/`.
///
/// # Errors
/// A template that can't be filled in.
pub fn beside_products(
    pages: &Pages,
    products: &[IndexLine],
    environments: &Environments,
) -> Result<Files, PageError> {
    let mut files = Files::new();
    let index = IndexSource {
        organization: &environments.organization.name,
        products,
        offerings: &pages.offerings,
        communities: &pages.communities,
    };
    files.insert(
        "generated/README.md".to_owned(),
        page::index(&index, COMMAND)?,
    );
    let handbook = HandbookSource {
        communities: &pages.communities,
        environments,
        guide: &pages.guide,
    };
    files.insert(
        "generated/pages/handbook.md".to_owned(),
        page::handbook(&handbook, COMMAND)?,
    );
    let kit = page::connect_kit(&pages.communities, environments, COMMAND)?;
    for KitFile { path, text } in kit {
        files.insert(format!("generated/connect/{path}"), text);
    }
    Ok(files)
}
