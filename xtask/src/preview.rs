//! `preview`: the catalog as scientists will see it, as a static site under `target/preview`.

use crate::built::BuiltProducts;
use crate::console;
use crate::generated::COMMAND;
use crate::pages::{Pages, Updates, page_path};
use crate::price_age;
use crate::running::RunningVersions;
use crate::workspace::Workspace;
use compute_catalog::page::{Guide, SiteProduct, SiteSource, site};
use std::process::ExitCode;

/// Where the site is written.
const FOLDER: &str = "target/preview";

/// Writes the site and says where it opens.
///
/// # Errors
/// Products that can't be built, files that can't be read or written.
pub fn run(workspace: &Workspace) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let catalog = BuiltProducts::load(workspace, &[])?;
    let (pages, guides) = Pages::load(workspace, &catalog)?;
    let none = Guide::default();
    let mut products = Vec::new();
    let built = catalog.built()?;
    let waiting =
        console::waiting("Making the pages, with every update from each version that may run.");
    let mut updates = Vec::new();
    for (entry, product) in &built {
        let of = Updates::of(workspace, &catalog.environments, entry, &product.entry.name)?;
        updates.push(of);
    }
    for ((entry, built), updates) in built.iter().zip(&updates) {
        products.push(SiteProduct {
            page: pages.source(
                &catalog.environments,
                entry,
                built,
                guides.get(&entry.key).unwrap_or(&none),
                updates,
            ),
            body: entry.text.clone(),
            bodies: &entry.history.bodies,
            running: updates
                .versions
                .as_ref()
                .map(RunningVersions::running)
                .unwrap_or_default(),
        });
    }
    for old in price_age::told(&pages.prices) {
        console::say(&old);
    }
    let files = site(&SiteSource {
        products: &products,
        offerings: &pages.offerings,
        communities: &pages.communities,
        environments: &catalog.environments,
        guide: &pages.guide,
        command: COMMAND,
    })?;
    for (path, text) in &files {
        workspace.write(&format!("{FOLDER}/{path}"), text.as_bytes())?;
    }
    for path in workspace.files_below(FOLDER)? {
        let kept = path
            .strip_prefix("target/preview/")
            .is_some_and(|path| files.contains_key(path));
        if !kept {
            workspace.remove(&path)?;
        }
    }
    drop(waiting);
    for entry in &catalog.external {
        console::say(&format!(
            "note: {}: not in the preview: its engine asks what its form shows; {} says what is known",
            entry.key,
            page_path(&entry.key)
        ));
    }
    console::print(&format!(
        "{} pages and files; open {FOLDER}/index.html\n",
        files.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}
