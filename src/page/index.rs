//! The index of everything that is generated: where a reviewer begins.

use super::escape::{code_span, escape_markdown};
use super::render::page_text;
use super::row::rows;
use super::{Offering, Offerings, PageError, ProductPage};
use crate::environment::Communities;
use crate::product::{Key, ProductType, VersionName};
use serde::Serialize;

/// What the index is computed from.
#[derive(Clone, Copy, Debug)]
pub struct IndexSource<'a> {
    /// The organisation's name.
    pub organization: &'a str,
    /// What it tells of the products, in order.
    pub products: &'a [IndexLine],
    /// The portfolios and launch roles.
    pub offerings: &'a Offerings,
    /// The communities.
    pub communities: &'a Communities,
}

/// What the index tells of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexLine {
    key: Key,
    name: String,
    /// Nothing where no version is released.
    newest: Option<String>,
    /// Whether the newest version's body is kept in the repository.
    is_kept: bool,
    product_type: ProductType,
}

impl IndexLine {
    /// What is told of the product with this page.
    pub fn of(page: &ProductPage) -> IndexLine {
        let newest = page.versions.first();
        IndexLine {
            key: page.key.clone(),
            name: page.name.clone(),
            newest: newest.map(|version| version.name.clone()),
            is_kept: newest.is_some_and(|version| !version.is_adopted),
            product_type: ProductType::default(),
        }
    }

    /// What is told of a product of this type, of which nothing is older than this catalog.
    pub(super) fn made_by(
        product_type: ProductType,
        key: &Key,
        name: &str,
        newest: Option<VersionName>,
    ) -> IndexLine {
        IndexLine {
            key: key.clone(),
            name: name.to_owned(),
            newest: newest.map(|newest| newest.to_string()),
            is_kept: true,
            product_type,
        }
    }

    /// The product's name, its newest version, and the links to its files.
    fn cells(&self, has_launch_role: bool) -> [String; 5] {
        let key = &self.key;
        [
            escape_markdown(&self.name),
            match (&self.newest, self.is_kept) {
                (None, _) => "none yet".to_owned(),
                (Some(newest), false) => code_span(newest) + ", from before this catalog",
                (Some(newest), true) => {
                    let name = code_span(newest);
                    let ending = self.product_type.file_ending();
                    format!("[{name}](../products/{key}/history/{newest}.{ending})")
                }
            },
            format!("[page](pages/{key}.md)"),
            match self.product_type {
                ProductType::CloudFormationTemplate => {
                    format!("[{}](products/{key}.yaml)", code_span(key.as_str()))
                }
                ProductType::External => format!("[files](../products/{key}/artifact)"),
            },
            match has_launch_role {
                true => format!("[role](launch-roles/{key}.yaml)"),
                false => "–".to_owned(),
            },
        ]
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index<'a> {
    organization: &'a str,
    /// The rows of their table.
    products: String,
    portfolios: Vec<PortfolioLine<'a>>,
    communities: Vec<CommunityLine<'a>>,
    has_tag_options: bool,
    command: &'a str,
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
    let roles = &source.offerings.launch_roles;
    let cells = |line: &IndexLine| line.cells(roles.contains(&line.key));
    let portfolios = source.offerings.portfolios.iter();
    let communities = source.communities.communities.iter();
    let index = Index {
        organization: source.organization,
        products: rows(source.products, cells),
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
