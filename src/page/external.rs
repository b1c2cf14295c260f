//! The page of a product that an engine makes: what its author declares, and what isn't known.

use super::render::page_text;
use super::{IndexLine, Offerings, PageError};
use crate::product::{ExternalParameter, ExternalProduct, Key, ProductType};
use crate::release::{Ledger, Version};
use serde::Serialize;

/// What the page is computed from.
#[derive(Clone, Copy, Debug)]
pub struct ExternalSource<'a> {
    /// The product's key.
    pub key: &'a Key,
    /// What its author says.
    pub product: &'a ExternalProduct,
    /// Its versions.
    pub ledger: &'a Ledger,
    /// The portfolios.
    pub offerings: &'a Offerings,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    key: &'a Key,
    name: &'a str,
    description: &'a str,
    documentation: &'a str,
    portfolios: Vec<Shelf<'a>>,
    parameters: Vec<Line<'a>>,
    versions: Vec<VersionLine<'a>>,
    command: &'a str,
}

#[derive(Serialize)]
struct Shelf<'a> {
    name: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    description: &'a str,
    default: Option<&'a str>,
    secret: bool,
}

#[derive(Serialize)]
struct VersionLine<'a> {
    name: String,
    description: &'a str,
    file: String,
    digest: &'a str,
}

/// The page as Markdown, and what the index tells of it. `command` is named in its first line.
///
/// # Errors
/// A template that can't be filled in.
pub fn external_page(
    source: &ExternalSource<'_>,
    command: &str,
) -> Result<(String, IndexLine), PageError> {
    let ledger = source.ledger;
    let entry = &source.product.catalog;
    let mut released: Vec<&Version> = ledger.released().collect();
    released.sort_by_key(|version| std::cmp::Reverse(version.name));
    let page = Page {
        key: source.key,
        name: &entry.name,
        description: &entry.description,
        documentation: &entry.documentation,
        portfolios: source
            .offerings
            .holding(source.key)
            .map(|one| Shelf {
                name: &one.name,
                description: &one.description,
            })
            .collect(),
        parameters: source.product.parameters.iter().map(line).collect(),
        versions: released
            .iter()
            .map(|version| VersionLine {
                name: version.name.to_string(),
                description: &version.description,
                file: ledger.body_file(version.name),
                digest: version.digest().map_or("", |digest| digest.hex()),
            })
            .collect(),
        command,
    };
    let text = page_text("external", &page, source.key.as_str())?;
    let newest = released.first().map(|version| version.name);
    let line = IndexLine::made_by(ProductType::External, source.key, &entry.name, newest);
    Ok((text, line))
}

fn line(parameter: &ExternalParameter) -> Line<'_> {
    Line {
        key: &parameter.key.value,
        kind: &parameter.kind,
        description: &parameter.description,
        default: parameter.default.as_deref(),
        secret: parameter.no_echo,
    }
}
