//! The preview: the catalog as a static site that works from the disk.
//!
//! No page loads anything over a network. One script validates the launch form by the template's own
//! constraints, one searches the pages. Every page is well-formed XML, so that tests can read it.

mod difference;
mod html;
mod matrix;
mod my_update;
mod search;

use super::diagram::diagram;
use super::escape::escape_markdown;
use super::permission::permissions;
use super::{
    Guide, HandbookSource, KitFile, Offering, Offerings, PageError, PageSource, ProductPage,
    connect_kit, handbook, markdown,
};
use crate::change::{Body, Running};
use crate::environment::{Communities, Environments};
use html::{Renderer, from_markdown};
use search::SearchIndex;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the preview is made of.
#[derive(Clone, Copy, Debug)]
pub struct SiteSource<'a> {
    /// The products, in order.
    pub products: &'a [SiteProduct<'a>],
    /// The portfolios and service actions.
    pub offerings: &'a Offerings,
    /// The communities.
    pub communities: &'a Communities,
    /// The organisation and its environments.
    pub environments: &'a Environments,
    /// The organisation's own sections of the handbook.
    pub guide: &'a Guide,
    /// The command that generated files name.
    pub command: &'a str,
}

/// A product in the preview.
#[derive(Clone, Debug)]
pub struct SiteProduct<'a> {
    /// What its pages are computed from.
    pub page: PageSource<'a>,
    /// Its template as it stands now.
    pub body: String,
    /// The frozen bodies of its versions, by file name.
    pub bodies: &'a BTreeMap<String, Vec<u8>>,
    /// The versions that can be running, oldest first.
    pub running: Vec<Running<'a>>,
}

/// The files of the site by their paths.
///
/// # Errors
/// Guides that speak of what a template lacks; templates that can't be filled in.
pub fn site(source: &SiteSource<'_>) -> Result<BTreeMap<String, String>, PageError> {
    let pages: Vec<ProductPage> = source
        .products
        .iter()
        .map(|product| ProductPage::of(&product.page))
        .collect();
    let mut press = Press::new(source, &pages)?;
    press.print(
        "index.html",
        "index",
        "Catalog",
        json!({"communities": communities(source)}),
    )?;
    press.print(
        "environments.html",
        "environments",
        "Environments",
        matrix::matrix(source),
    )?;
    for (key, community) in &source.communities.communities {
        let seen = source.offerings.portfolios.iter();
        let seen = seen.filter(|offering| offering.roles.contains(&community.role.value));
        let portfolios: Vec<Value> = seen.map(|offering| shelf(offering, &pages)).collect();
        let data = json!({"key": key, "name": *community.name, "portfolios": portfolios});
        press.print(
            &format!("communities/{key}.html"),
            "community",
            &community.name,
            data,
        )?;
    }
    for (product, page) in source.products.iter().zip(&pages) {
        product_pages(&mut press, product, page, source.command)?;
    }
    let text = handbook(
        &HandbookSource {
            communities: source.communities,
            environments: source.environments,
            guide: source.guide,
        },
        source.command,
    )?;
    press.text("pages/handbook.html", "Handbook", &text)?;
    for KitFile { path, text } in
        connect_kit(source.communities, source.environments, source.command)?
    {
        match path.strip_suffix("README.md") {
            Some(folder) => {
                let key = folder.trim_end_matches('/');
                let mut communities = source.communities.communities.iter();
                let name = communities.find(|(one, _)| one.as_str() == key);
                let name = name.map_or(key, |(_, community)| &community.name.value);
                let title = format!("Connect kit of {name}");
                press.text(&format!("connect/{folder}index.html"), &title, &text)?;
            }
            None => press.add(format!("connect/{path}"), text),
        }
    }
    press.add(
        "style.css".to_owned(),
        include_str!("../templates/site/style.css").to_owned(),
    );
    let index = press.index.script();
    press.add("search-index.js".to_owned(), index);
    press.add(
        "search.js".to_owned(),
        include_str!("../templates/site/search.js").to_owned(),
    );
    press.add(
        "launch.js".to_owned(),
        include_str!("../templates/site/launch.js").to_owned(),
    );
    press.add(
        "update.js".to_owned(),
        include_str!("../templates/site/update.js").to_owned(),
    );
    Ok(press.files)
}

fn product_pages(
    press: &mut Press,
    product: &SiteProduct<'_>,
    page: &ProductPage,
    command: &str,
) -> Result<(), PageError> {
    let (key, name) = (&page.key, &page.name);
    let text = markdown(page, product.page.guide, command)?;
    // The description stands above the tabs already.
    let text = text.replacen(
        &format!("\n\n{}\n", escape_markdown(&page.description)),
        "\n",
        1,
    );
    let article = from_markdown(&text);
    let headings = article.sections.iter().filter(|one| !one.is_inner);
    let headings =
        headings.map(|section| json!({"anchor": section.anchor, "title": section.title}));
    let guide = json!({"page": page, "at": {"guide": true}, "guide": article.html,
                       "headings": headings.collect::<Vec<_>>()});
    press
        .index
        .add(&format!("pages/{key}.html"), name, &article.sections);
    press.print(&format!("pages/{key}.html"), "guide", name, guide)?;

    // The form is that of the template as it stands; older versions may ask for less or more.
    let newest = product.page.ledger.newest_released();
    let is_released = newest.is_some_and(|version| {
        let body = product.bodies.get(&format!("{}.yaml", version.name));
        body.is_some_and(|body| *body == product.body.as_bytes())
    });
    let versions = match newest.filter(|_| is_released) {
        Some(version) => version.name.to_string(),
        None => difference::NOW.to_owned(),
    };
    let launch = json!({"page": page, "at": {"launch": true}, "versions": versions});
    press.print(
        &format!("pages/{key}-launch.html"),
        "launch",
        &format!("Launch {name}"),
        launch,
    )?;

    let drawn = diagram(product.page.template, &format!("Resources of {name}"));
    let resources = product
        .page
        .template
        .resources
        .iter()
        .map(|(id, resource)| {
            let refers: Vec<&str> = drawn
                .edges
                .iter()
                .filter(|(from, _)| from == id)
                .map(|(_, to)| to.as_str())
                .collect();
            json!({"id": id, "kind": resource.kind, "refers": refers.join(", "),
               "condition": resource.condition})
        });
    let parts = json!({
        "page": page,
        "at": {"parts": true},
        "diagram": drawn.svg,
        "resources": resources.collect::<Vec<_>>(),
        "permissions": permissions(product.page.template),
    });
    press.print(
        &format!("pages/{key}-parts.html"),
        "parts",
        &format!("Parts of {name}"),
        parts,
    )?;

    let newest = product
        .page
        .ledger
        .newest_released()
        .map(|newest| newest.name);
    let target = newest.and_then(|newest| {
        let found = product
            .running
            .iter()
            .find(|running| running.name == newest)?;
        match found.body {
            Body::Template(template) => Some((newest, template)),
            _ => None,
        }
    });
    let versions = target.map_or_else(Vec::new, |target| my_update::my_update(product, target));
    let mine = json!({"page": page, "at": {"update": true}, "versions": versions,
                      "to": newest.map(|newest| newest.to_string()).unwrap_or_default()});
    press.print(
        &format!("pages/{key}-update.html"),
        "update",
        &format!("My update of {name}"),
        mine,
    )?;

    let differences = difference::differences(product);
    let versions = json!({"page": page, "at": {"versions": true}, "differences": differences});
    let title = format!("Versions of {name}");
    press.print(
        &format!("pages/{key}-versions.html"),
        "versions",
        &title,
        versions,
    )
}

/// Where a community logs in and what it finds, for the first page.
fn communities(source: &SiteSource<'_>) -> Vec<Value> {
    let mut list = Vec::new();
    for (key, community) in &source.communities.communities {
        let endpoint = source
            .communities
            .login_endpoint(community, &source.environments.by_key)
            .map(|endpoint| endpoint.as_str());
        list.push(
            json!({"key": key, "name": *community.name, "endpoint": endpoint,
                         "environment": *community.environment}),
        );
    }
    list
}

/// A portfolio with those of its products that the preview has.
fn shelf(offering: &Offering, pages: &[ProductPage]) -> Value {
    let products = offering.products.iter();
    let products = products.filter_map(|key| pages.iter().find(|page| page.key == *key));
    let products: Vec<Value> = products.map(card).collect();
    json!({"name": offering.name, "description": offering.description, "products": products})
}

fn card(page: &ProductPage) -> Value {
    let newest = page.versions.first().map(|version| &version.name);
    json!({"key": page.key, "name": page.name, "description": page.description, "newest": newest})
}

/// What prints pages: the templates, and what stands on every page.
struct Press {
    renderer: Renderer,
    organization: String,
    products: Vec<Value>,
    index: SearchIndex,
    files: BTreeMap<String, String>,
}

impl Press {
    fn new(source: &SiteSource<'_>, pages: &[ProductPage]) -> Result<Press, PageError> {
        Ok(Press {
            renderer: Renderer::new()?,
            organization: source.environments.organization.name.clone(),
            products: pages.iter().map(card).collect(),
            index: SearchIndex::default(),
            files: BTreeMap::new(),
        })
    }

    /// Prints a page of a template at a path.
    fn print(
        &mut self,
        path: &str,
        template: &str,
        title: &str,
        data: Value,
    ) -> Result<(), PageError> {
        let root = "../".repeat(path.matches('/').count());
        let data = json!({
            "root": root,
            "title": title,
            "organization": self.organization,
            "products": self.products,
            "body": data,
        });
        let text = self.renderer.render(template, &data, path)?;
        self.add(path.to_owned(), text);
        Ok(())
    }

    /// Prints a page that is nothing but text, from Markdown.
    fn text(&mut self, path: &str, title: &str, markdown: &str) -> Result<(), PageError> {
        let article = from_markdown(markdown);
        self.index.add(path, title, &article.sections);
        self.print(path, "text", title, json!({"guide": article.html}))
    }

    fn add(&mut self, path: String, text: String) {
        self.files.insert(path, text);
    }
}
