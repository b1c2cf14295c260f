//! `import`: hand-written templates become a typed model, and the versions that run a ledger.
//!
//! A template is read, every name in it becomes a variable, every value an expression of the
//! generated types (`value`), and the whole a `mod.rs` (`model`) whose test holds its template
//! to the imported one. What a model can't say stops the import: nothing is dropped.

mod comments;
mod defaults;
mod form;
mod model;
mod module;
mod order;
mod original;
mod place;
mod report;
mod resource;
mod scope;
mod source;
mod types;
mod value;
mod versions;
mod writer;

use crate::cli::ImportArgs;
use crate::console;
use crate::start::{self, kind::New};
use crate::workspace::Workspace;
use codegen::{Service, services};
use compute_catalog::product::Key;
use compute_catalog::resource::{schema, types};
use model::write;
use original::Original;
use source::Source;
use std::error::Error;
use std::process::ExitCode;
use versions::Versions;

pub use versions::Imported;

/// Where AWS's documentation says otherwise than AWS's schemas: the generated types follow both.
const PATCHES: &str = include_str!("../../../vendor/patches.yaml");

/// Imports templates as a product. Everything is read and made before anything is written.
///
/// # Errors
/// Files that can't be read or written, and lists that only a person can add to.
pub fn run(workspace: &Workspace, args: &ImportArgs) -> Result<ExitCode, Box<dyn Error>> {
    let versions = args.versions.iter();
    let mut versions: Vec<Imported> = versions
        .map(|given| {
            let text = std::fs::read_to_string(&given.file)
                .map_err(|cause| format!("can't read {}: {cause}", given.file.display()))?;
            Ok(Imported {
                name: given.name,
                shown: given.file.display().to_string(),
                text,
                description: None,
            })
        })
        .collect::<Result<_, String>>()?;
    versions.sort_by_key(|version| version.name);
    let original = match (&args.file, versions.last()) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(file)
                .map_err(|cause| format!("can't read {}: {cause}", file.display()))?;
            Original::read(&file.display().to_string(), text)
        }
        // What runs in its newest version is what a model goes on from.
        (None, Some(newest)) => Original::read(&newest.shown, newest.text.clone()),
        (None, None) => return Err("name a template, or versions with --version".into()),
    };
    let Some(original) = original else {
        return Ok(ExitCode::from(2));
    };
    let Some(versions) = Versions::of(versions, &args.environments) else {
        return Ok(ExitCode::from(2));
    };
    let product = Product {
        key: &args.product,
        portfolio: args.portfolio.as_ref(),
        name: None,
    };
    place(workspace, &product, &original, &versions)
}

/// Where an import goes.
pub struct Product<'a> {
    /// Its key.
    pub key: &'a Key,
    /// The portfolio that offers it.
    pub portfolio: Option<&'a Key>,
    /// What Service Catalog calls it; none: after its key.
    pub name: Option<&'a str>,
}

/// Makes the model, and writes it with the versions.
fn place(
    workspace: &Workspace,
    product: &Product<'_>,
    original: &Original,
    versions: &Versions,
) -> Result<ExitCode, Box<dyn Error>> {
    let comments = comments::comments(&original.text);
    let services = library()?;
    let model = write(&Source {
        key: product.key,
        template: &original.template,
        comments: &comments,
        services: &services,
    });
    let refused = original.refused(&model);
    if !refused.is_empty() {
        for line in refused {
            console::error(&line);
        }
        console::error(&format!(
            "{} was not imported\n  hint: change it, or write products/{}/mod.rs by hand",
            original.shown, product.key
        ));
        return Ok(ExitCode::FAILURE);
    }
    let description = original
        .template
        .description
        .as_deref()
        .unwrap_or("An imported product");
    let code = codegen::format(&model.code)?;
    let mut files = vec![
        ("mod.rs".to_owned(), code),
        ("imported.yaml".to_owned(), original.text.clone()),
    ];
    files.extend(versions.files()?);
    let written = start::place(
        workspace,
        product.key,
        product.portfolio,
        &New {
            files,
            settings: model.settings.clone(),
            name: product.name.map(str::to_owned),
            description: description.lines().next().unwrap_or_default().to_owned(),
        },
    )?;
    let Some(written) = written else {
        return Ok(ExitCode::FAILURE);
    };
    let report = report::report(product.key, original, versions, &model);
    console::print(&format!("{written}{report}"))?;
    Ok(ExitCode::SUCCESS)
}

/// The types that models are written in.
fn library() -> Result<Vec<Service>, Box<dyn Error>> {
    let schemas = types().filter_map(|facts| {
        let schema = schema(facts.name)?;
        Some((facts.name, schema))
    });
    Ok(services(schemas, PATCHES)?)
}
