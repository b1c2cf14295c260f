//! The index of everything that is generated: where a reviewer begins.

use super::render::page_text;
use super::{Offering, Offerings, PageError, ProductPage};
use crate::environment::Communities;
use crate::product::Key;
use serde::Serialize;

/// What the index is computed from.
#[derive(Clone, Copy, Debug)]
pub struct IndexSource<'a> {
    /// The organisation's name.
    pub organization: &'a str,
    /// The pages of the products, in order.
    pub pages: &'a [ProductPage],
    /// The portfolios and launch roles.
    pub offerings: &'a Offerings,
    /// The communities.
    pub communities: &'a Communities,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index<'a> {
    organization: &'a str,
    products: Vec<ProductLine<'a>>,
    portfolios: Vec<PortfolioLine<'a>>,
    communities: Vec<CommunityLine<'a>>,
    has_tag_options: bool,
    command: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProductLine<'a> {
    key: &'a Key,
    name: &'a str,
    /// Nothing where no version is released.
    newest: Option<&'a str>,
    /// Whether the newest version's template is kept in the repository.
    is_kept: bool,
    has_launch_role: bool,
}

#[derive(Serialize)]
struct PortfolioLine<'a> {
    key: &'a Key,
    name: &'a str,
    products: &'a [Key],
}

#[derive(Serialize)]
struct CommunityLine<'a> {
    key: &'a Key,
    name: &'a str,
}

/// The index as Markdown; its links go out from the folder of generated files. `command` is named
/// in its first line as what makes the file.
///
/// # Errors
/// A template that can't be filled in.
pub fn index(source: &IndexSource<'_>, command: &str) -> Result<String, PageError> {
    let products = source.pages.iter().map(|page| {
        let newest = page.versions.first();
        ProductLine {
            key: &page.key,
            name: &page.name,
            newest: newest.map(|version| version.name.as_str()),
            is_kept: newest.is_some_and(|version| !version.is_adopted),
            has_launch_role: source.offerings.launch_roles.contains(&page.key),
        }
    });
    let portfolios = source.offerings.portfolios.iter();
    let communities = source.communities.communities.iter();
    let index = Index {
        organization: source.organization,
        products: products.collect(),
        portfolios: portfolios.map(portfolio).collect(),
        communities: communities
            .map(|(key, community)| CommunityLine {
                key,
                name: &community.name,
            })
            .collect(),
        has_tag_options: source.offerings.has_tag_options,
        command,
    };
    page_text("index", &index, "index")
}

fn portfolio(offering: &Offering) -> PortfolioLine<'_> {
    PortfolioLine {
        key: &offering.key,
        name: &offering.name,
        products: &offering.products,
    }
}
