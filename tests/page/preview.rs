//! The preview: well-formed, whole, without network, the same every time.

use crate::catalog::{COMMAND, Catalog, catalog, site_files};
use compute_catalog::cfn::read;
use compute_catalog::change::{Accounts, Body, Running, updates};
use compute_catalog::page::{PageSource, SiteProduct, SiteSource, site};
use roxmltree::{Document, ParsingOptions};
use std::collections::BTreeSet;

fn parse(html: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(html, options).unwrap()
}

#[test]
fn every_page_is_well_formed_and_titled() {
    let site = site_files();
    let pages: Vec<_> = site
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .collect();
    assert!(pages.len() > 30);
    for (path, html) in pages {
        let document = parse(html);
        // A drawing has a title of its own.
        let tags = |name: &str| {
            let named = document
                .descendants()
                .filter(|node| node.tag_name().name() == name);
            named
                .filter(|node| {
                    node.parent()
                        .is_some_and(|above| above.tag_name().name() != "svg")
                })
                .count()
        };
        assert_eq!(
            (tags("h1"), tags("main"), tags("title")),
            (1, 1, 1),
            "{path}"
        );
        let ids: Vec<&str> = document
            .descendants()
            .filter_map(|node| node.attribute("id"))
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{path}: an id stands twice");
    }
}

#[test]
fn every_link_within_the_site_leads_somewhere_and_nothing_is_loaded_from_elsewhere() {
    let site = site_files();
    let mut followed = 0;
    for (path, html) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        let document = parse(html);
        for node in document.descendants() {
            let loads = node.attribute("src").is_some() || node.tag_name().name() == "link";
            let Some(address) = node.attribute("href").or_else(|| node.attribute("src")) else {
                continue;
            };
            if address.contains("://") || address.starts_with("mailto:") {
                assert!(!loads, "{path} loads {address}");
                continue;
            }
            if address.starts_with("data:") {
                continue;
            }
            let (file, anchor) = address.split_once('#').unwrap_or((address, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                resolve(path, file)
            };
            let found = site
                .get(&target)
                .unwrap_or_else(|| panic!("{path}: {address}: {target}"));
            if !anchor.is_empty() {
                assert!(
                    found.contains(&format!("id=\"{anchor}\"")),
                    "{path}: {address}"
                );
            }
            followed += 1;
        }
    }
    assert!(followed > 200);
    let assets: Vec<_> = site
        .iter()
        .filter(|(path, _)| path.ends_with("css") || path.ends_with("js"))
        .collect();
    assert_eq!(assets.len(), 5);
    for (path, text) in assets {
        // Texts of pages, which name addresses; nothing of it is run.
        if path == "search-index.js" {
            continue;
        }
        for word in ["://", "@import", "fetch(", "XMLHttpRequest", "url("] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

/// A relative address from a page's folder.
fn resolve(page: &str, address: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => {
                parts.pop().unwrap();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn a_community_sees_its_portfolios_and_no_others() {
    let catalog = catalog();
    let site = site_files();
    for (key, community) in &catalog.communities.communities {
        let page = &site[&format!("communities/{key}.html")];
        for offering in &catalog.offerings.portfolios {
            let sees = offering.roles.contains(&community.role.value);
            let heading = format!("<h2>{}</h2>", offering.name);
            assert_eq!(page.contains(&heading), sees, "{key}: {}", offering.name);
        }
    }
    assert!(!site["communities/amp-ad.html"].contains("pages/windows.html"));
    assert!(site["communities/staff.html"].contains("pages/windows.html"));
}

#[test]
fn the_diagram_has_every_resource_and_every_reference_between_them() {
    let catalog = catalog();
    for product in &catalog.products {
        let drawn = compute_catalog::page::diagram(&product.template, "Resources");
        for id in product.template.resources.keys() {
            assert!(
                drawn.svg.contains(&format!(">{id}</text>")),
                "{}: {id}",
                product.key
            );
        }
        let arrows = drawn.svg.matches("class=\"arrow\"").count();
        assert_eq!(arrows, drawn.edges.len(), "{}", product.key);
        let conditional = product
            .template
            .resources
            .values()
            .filter(|one| one.condition.is_some());
        assert_eq!(drawn.svg.matches("sometimes").count(), conditional.count());
        parse(&drawn.svg);
    }
    let bucket =
        compute_catalog::page::diagram(&catalog.product("s3-private").template, "Resources");
    assert!(
        bucket
            .edges
            .contains(&("S3BucketPolicy".to_owned(), "S3Bucket".to_owned()))
    );
}

#[test]
fn a_version_is_compared_with_the_one_before_it() {
    let mut catalog = Catalog::read();
    let product = catalog
        .products
        .iter_mut()
        .find(|product| product.key.as_str() == "s3-private")
        .unwrap();
    let old = product
        .body
        .replace("Name of the bucket", "Former words")
        .replace("SSEAlgorithm: AES256", "SSEAlgorithm: aws:kms");
    let frozen = compute_catalog::release::freeze(
        &product.key,
        &product.ledger,
        old.as_bytes(),
        compute_catalog::product::Bump::Major,
        (
            compute_catalog::product::Bump::Patch,
            vec!["interrupts nothing".to_owned()],
        ),
        "why",
        "What it brings",
    )
    .unwrap();
    product.ledger = frozen.ledger;
    product
        .bodies
        .insert(format!("{}.yaml", frozen.name), frozen.body);
    let name = frozen.name.to_string();
    let site = catalog.site();
    let page = &site["pages/s3-private-versions.html"];
    assert!(
        page.contains(&format!("From {name} to the next release")),
        "{page}"
    );
    assert!(page.contains("What it brings"), "{page}");
    // What the change does is told before its lines are.
    assert!(page.contains("An update: "), "{page}");
    assert!(page.contains("BucketEncryption"), "{page}");
    let document = parse(page);
    let rows = |class: &str| -> Vec<String> {
        document
            .descendants()
            .filter(|node| node.tag_name().name() == "tr" && node.attribute("class") == Some(class))
            .map(|row| row.descendants().filter_map(|node| node.text()).collect())
            .collect()
    };
    assert!(
        rows("removed")
            .iter()
            .any(|row| row.contains("Former words"))
    );
    assert!(
        rows("added")
            .iter()
            .any(|row| row.contains("Name of the bucket"))
    );
    assert!(site["pages/s3-private-launch.html"].contains("<option>the next release</option>"));
}

#[test]
fn the_environments_stand_side_by_side() {
    let catalog = catalog();
    let page = &site_files()["environments.html"];
    for (key, environment) in &catalog.environments.by_key {
        assert!(
            page.contains(&format!("<th scope=\"col\">{key}</th>")),
            "{key}"
        );
        assert!(page.contains(&environment.account.to_string()), "{key}");
        for export in environment.exports.values() {
            assert!(page.contains(&export.value), "{key}: {}", export.value);
        }
    }
}

#[test]
fn the_site_is_the_same_every_time() {
    assert_eq!(*site_files(), Catalog::read().site());
}

#[test]
fn the_search_knows_every_section_of_every_text_by_an_address_that_is_there() {
    let site = site_files();
    let index = site["search-index.js"]
        .strip_prefix("globalThis.catalogIndex = ")
        .and_then(|rest| rest.strip_suffix(";\n"))
        .unwrap();
    let entries: Vec<serde_json::Value> = serde_json::from_str(index).unwrap();
    for entry in &entries {
        let address = entry["address"].as_str().unwrap();
        let (page, anchor) = address.split_once('#').unwrap();
        assert!(
            site[page].contains(&format!("id=\"{anchor}\"")),
            "{address}"
        );
    }
    let has = |title: &str, words: &str| {
        entries
            .iter()
            .any(|entry| entry["title"] == title && entry["text"].as_str().unwrap().contains(words))
    };
    assert!(has(
        "When you can't reach an instance any more",
        "disk may be full"
    ));
    assert!(has("Sizes", "t3a.small"));
    for product in &catalog().products {
        let page = format!("pages/{}.html#", product.key);
        let found = entries
            .iter()
            .any(|entry| entry["address"].as_str().unwrap().starts_with(&page));
        assert!(found, "{}", product.key);
    }
}

#[test]
fn my_update_tells_for_each_version_and_value_what_the_engine_says() {
    let catalog = catalog();
    let product = catalog.product("notebook");
    let newest = product.ledger.newest_living().unwrap().name;
    let body = &product.bodies[&format!("{newest}.yaml")];
    let text = std::str::from_utf8(body).unwrap();
    let new = read(text).unwrap();
    // A version that offered two types more, and had another image.
    let line = text
        .lines()
        .find(|line| line.trim() == "- t3a.micro")
        .unwrap();
    let nano = ["t3a.nano", "t2.nano"].map(|name| line.replace("t3a.micro", name));
    let more = format!("{}\n{line}", nano.join("\n"));
    let image = &text[text.find("ami-0").unwrap()..][.."ami-0".len() + 16];
    let old = text.replacen(line, &more, 1);
    let other = old.replace(image, "ami-0ffffffffffffffff");
    let (old, other) = (read(&old).unwrap(), read(&other).unwrap());
    let version = |name: &str, template| Running {
        name: name.parse().unwrap(),
        body: Body::Template(template),
    };
    let running = [
        version("v0.1.0", &other),
        version("v0.2.0", &old),
        Running {
            name: newest,
            body: Body::Template(&new),
        },
    ];
    let accounts = Accounts::of(&catalog.environments).keeping(&product.kept);
    let updates = updates(&running[..2], &new, &accounts);
    let products = [SiteProduct {
        page: PageSource {
            updates: &updates,
            ..catalog.source(product)
        },
        body: product.body.clone(),
        bodies: &product.bodies,
        running: running.to_vec(),
    }];
    let site = site(&SiteSource {
        products: &products,
        offerings: &catalog.offerings,
        communities: &catalog.communities,
        environments: &catalog.environments,
        guide: &catalog.guide,
        command: COMMAND,
    })
    .unwrap();
    let page = &site["pages/notebook-update.html"];
    let of = |version: &str| -> &str {
        let start = page
            .find(&format!("<section class=\"answer\" data-of=\"{version}\""))
            .unwrap_or_else(|| panic!("{version}: {page}"));
        let rest = &page[start..];
        &rest[..rest.find("</section>").unwrap()]
    };
    // What is lost, and to be copied first.
    let replaced = of("v0.1.0");
    assert!(replaced.contains(&updates[0].sentence()), "{replaced}");
    assert!(updates[0].sentence().starts_with("Replaces the machine"));
    assert!(
        replaced.contains("Copy first what you need of"),
        "{replaced}"
    );
    assert!(replaced.contains("files on the machine"), "{replaced}");
    // Where a value makes the difference, it is asked for; whoever has another one loses nothing.
    let kept = of("v0.2.0");
    assert!(!kept.contains("Copy first"), "{kept}");
    assert!(kept.contains("data-ask=\"EC2InstanceType\""), "{kept}");
    let with = |value: &str| {
        let end = kept.find(&format!("\">{value}</option>")).unwrap();
        let class = kept[..end].rsplit_once("value=\"").unwrap().1;
        let start = kept
            .find(&format!("class=\"answer\" data-of=\"{class}\""))
            .unwrap_or_else(|| panic!("{class}: {kept}"));
        let rest = &kept[start..];
        &rest[..rest.find("</div>").unwrap()]
    };
    assert!(with("t3a.nano").contains("no longer takes"), "{kept}");
    assert!(!with("t3a.micro").contains("no longer takes"), "{kept}");
    // All types that are refused are one answer: it names none of them.
    assert_eq!(kept.matches("<div class=\"answer\"").count(), 2, "{kept}");
    assert_eq!(with("t3a.nano"), with("t2.nano"), "{kept}");
    // The newest has nothing to update to.
    assert!(!page.contains(&format!("data-of=\"{newest}\"")), "{page}");
}
