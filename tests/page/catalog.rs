//! The repository's own catalog as pages see it: templates as they are generated, and data files.

use compute_catalog::cfn::{self, Template};
use compute_catalog::change::Kept;
use compute_catalog::environment::{Communities, Environments, PRICES, Prices};
use compute_catalog::page::{
    Guide, HANDBOOK_GUIDE, Offerings, PageSource, ProductPage, SiteProduct, SiteSource, site,
};
use compute_catalog::portfolio::{self, CatalogSources};
use compute_catalog::product::{CatalogEntry, Installed, Key, SourceFile, VersionName};
use compute_catalog::release::Ledger;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

static NOTHING: BTreeMap<VersionName, Vec<String>> = BTreeMap::new();

/// The command that pages name in these tests.
pub const COMMAND: &str = "cargo xtask generate";

pub struct Product {
    pub key: Key,
    pub entry: CatalogEntry,
    pub template: Template,
    pub body: String,
    pub ledger: Ledger,
    pub bodies: BTreeMap<String, Vec<u8>>,
    pub guide: Guide,
    pub installed: Vec<Installed>,
    pub kept: Kept,
}

pub struct Catalog {
    pub products: Vec<Product>,
    pub offerings: Offerings,
    pub communities: Communities,
    pub environments: Environments,
    pub guide: Guide,
    pub prices: Prices,
}

/// The part of every settings file that pages show.
#[derive(Deserialize)]
struct Settings {
    catalog: CatalogEntry,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    Files(root()).read(path)
}

/// The names of the YAML files in a folder, without their ending.
pub fn names(folder: &str) -> Vec<String> {
    Files(root()).names(folder)
}

/// The files of a catalog, by their paths from its folder.
pub struct Files(pub PathBuf);

impl Files {
    fn is_there(&self, path: &str) -> bool {
        self.0.join(path).is_file()
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
            .collect();
        names.sort();
        names
    }
}

/// The catalog, read once.
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::read);
    &CATALOG
}

/// The preview of it, made once.
pub fn site_files() -> &'static BTreeMap<String, String> {
    static SITE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| catalog().site());
    &SITE
}

impl Catalog {
    /// The repository's own.
    pub fn read() -> Catalog {
        let catalog = Catalog::of(&Files(root()));
        assert!(catalog.products.len() >= 6);
        catalog
    }

    pub fn of(files: &Files) -> Catalog {
        let environments = environments(files);
        let portfolios = portfolios(files);
        let roles: Vec<&Key> = portfolios
            .end_users
            .roles
            .iter()
            .map(|role| &role.key.value)
            .collect();
        let path = "portfolios/communities.yaml";
        let communities =
            Communities::read(path, &files.read(path), &environments.by_key, &roles).unwrap();
        let products = files.names("generated/products");
        let products = products.iter().map(|key| product(files, key)).collect();
        Catalog {
            products,
            offerings: Offerings::of(&portfolios),
            communities,
            prices: prices(files, &environments),
            environments,
            guide: guide(files, HANDBOOK_GUIDE),
        }
    }

    pub fn product(&self, key: &str) -> &Product {
        self.products
            .iter()
            .find(|product| product.key.as_str() == key)
            .unwrap()
    }

    pub fn source<'a>(&'a self, product: &'a Product) -> PageSource<'a> {
        PageSource {
            key: &product.key,
            entry: &product.entry,
            template: &product.template,
            installed: &product.installed,
            ledger: &product.ledger,
            guide: &product.guide,
            offerings: &self.offerings,
            communities: &self.communities,
            environments: &self.environments,
            updates: &[],
            narrowed: &NOTHING,
            kept: &product.kept,
            prices: &self.prices,
        }
    }

    pub fn page(&self, key: &str) -> ProductPage {
        ProductPage::of(&self.source(self.product(key)))
    }

    pub fn site(&self) -> BTreeMap<String, String> {
        let products: Vec<SiteProduct<'_>> = self
            .products
            .iter()
            .map(|product| SiteProduct {
                page: self.source(product),
                body: product.body.clone(),
                bodies: &product.bodies,
                running: Vec::new(),
            })
            .collect();
        site(&SiteSource {
            products: &products,
            offerings: &self.offerings,
            communities: &self.communities,
            environments: &self.environments,
            guide: &self.guide,
            command: COMMAND,
        })
        .unwrap()
    }
}

fn environments(files: &Files) -> Environments {
    let organization = "portfolios/organization.yaml";
    let accounts: Vec<_> = files
        .names("portfolios/environments")
        .into_iter()
        .map(|name| {
            let path = format!("portfolios/environments/{name}.yaml");
            let text = files.read(&path);
            (name.parse().unwrap(), path, text)
        })
        .collect();
    Environments::read((organization, &files.read(organization)), &accounts).unwrap()
}

fn prices(files: &Files, environments: &Environments) -> Prices {
    let names = match files.0.join(PRICES).is_dir() {
        true => files.names(PRICES),
        false => Vec::new(),
    };
    let file = |region: String| {
        let text = files.read(&format!("{PRICES}/{region}.yaml"));
        (region, text)
    };
    let read: Vec<_> = names.into_iter().map(file).collect();
    Prices::read(&read, environments).unwrap()
}

fn portfolios(files: &Files) -> portfolio::CatalogFiles {
    let file = |name: &str| {
        let path = format!("portfolios/{name}.yaml");
        SourceFile {
            text: files.read(&path),
            path,
        }
    };
    let catalog = CatalogSources {
        portfolios: files
            .names("portfolios")
            .into_iter()
            .filter(|name| !portfolio::RESERVED.contains(&name.as_str()))
            .map(|name| (name.parse().unwrap(), file(&name)))
            .collect(),
        foundation: file("foundation"),
        end_users: file("end-users"),
        tag_options: Some(file("tag-options")),
    };
    portfolio::CatalogFiles::read(&catalog).unwrap()
}

fn product(files: &Files, key: &str) -> Product {
    let body = files.read(&format!("generated/products/{key}.yaml"));
    let settings: Settings =
        serde_yaml::from_str(&files.read(&format!("products/{key}/settings.yaml"))).unwrap();
    let folder = format!("products/{key}/history");
    let path = format!("{folder}/versions.yaml");
    // A new product has no versions, and a product without words of its own no guide.
    let ledger = match files.is_there(&path) {
        true => Ledger::read(&path, &files.read(&path)).unwrap(),
        false => Ledger::default(),
    };
    let bodies = (if files.is_there(&path) {
        files.names(&folder)
    } else {
        Vec::new()
    })
    .into_iter()
    .filter(|name| name != "versions")
    .map(|name| {
        (
            format!("{name}.yaml"),
            files.read(&format!("{folder}/{name}.yaml")).into_bytes(),
        )
    })
    .collect();
    let path = format!("products/{key}/kept.yaml");
    let kept = match files.is_there(&path) {
        true => Kept::read(&path, &files.read(&path)).unwrap(),
        false => Kept::default(),
    };
    Product {
        kept,
        key: key.parse().unwrap(),
        entry: settings.catalog,
        template: cfn::read(&body).unwrap(),
        body,
        ledger,
        bodies,
        guide: guide(files, &format!("products/{key}/guide.yaml")),
        // Only a model knows, and the core has none: `cargo xtask` tests read them.
        installed: vec![Installed::new("Operating system", "Example 1 (x86_64)")],
    }
}

fn guide(files: &Files, path: &str) -> Guide {
    match files.is_there(path) {
        true => Guide::read(path, &files.read(path)).unwrap(),
        false => Guide::default(),
    }
}
