//! The index of what is generated: every link leads somewhere, and nothing is left out.

use crate::catalog::{catalog, read, root};
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::BTreeSet;

const INDEX: &str = "generated/README.md";

/// Where the links of a Markdown text lead.
fn links(text: &str) -> BTreeSet<String> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn every_link_leads_to_what_is_there() {
    let links = links(&read(INDEX));
    assert!(links.len() > 25, "{links:?}");
    for link in &links {
        let target = root().join("generated").join(link);
        assert!(target.exists(), "{INDEX} links {link}, which is not there");
    }
}

#[test]
fn every_template_page_and_portfolio_is_linked() {
    let links = links(&read(INDEX));
    for folder in ["products", "pages", "portfolios", "launch-roles"] {
        for entry in std::fs::read_dir(root().join("generated").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            assert!(links.contains(&path), "{INDEX} lacks {path}");
        }
    }
    for key in catalog().communities.communities.keys() {
        let path = format!("connect/{key}/README.md");
        assert!(links.contains(&path), "{INDEX} lacks {path}");
    }
}

#[test]
fn the_newest_version_of_each_product_is_named() {
    let text = read(INDEX);
    for product in &catalog().products {
        let newest = product.ledger.newest().unwrap().name;
        let body = format!("../products/{}/history/{newest}.yaml", product.key);
        let line = text
            .lines()
            .find(|line| line.contains(&format!("(pages/{}.md)", product.key)))
            .unwrap();
        assert!(
            line.contains(&format!("[`{newest}`]({body})")),
            "{}: {line}",
            product.key
        );
    }
}
