//! `import`: a hand-written template becomes a typed model.
//!
//! The template is read, every name in it becomes a variable, every value an expression of the
//! generated types (`value`), and the whole a `mod.rs` (`model`) whose test holds its template
//! to the imported one. What a model can't say stops the import: nothing is dropped.

mod comments;
mod defaults;
mod form;
mod model;
mod module;
mod order;
mod place;
mod resource;
mod scope;
mod source;
mod value;
mod writer;

use crate::cli::ImportArgs;
use crate::console;
use crate::diagnostic::{self, Part};
use crate::generated;
use crate::start::{self, kind::New};
use crate::workspace::Workspace;
use codegen::{Service, services};
use compute_catalog::cfn;
use compute_catalog::resource::{schema, types};
use compute_catalog::yaml::InputError;
use model::write;
use source::Source;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// Where AWS's documentation says otherwise than AWS's schemas: the generated types follow both.
const PATCHES: &str = include_str!("../../../vendor/patches.yaml");

/// Imports a template as a product. Everything is read and made before anything is written.
///
/// # Errors
/// Files that can't be read or written, and lists that only a person can add to.
pub fn run(workspace: &Workspace, args: &ImportArgs) -> Result<ExitCode, Box<dyn Error>> {
    let shown = args.file.display();
    let text = std::fs::read_to_string(&args.file)
        .map_err(|cause| format!("can't read {shown}: {cause}"))?;
    let template = match cfn::read(&text) {
        Ok(template) => template,
        Err(errors) => {
            let mistake = |error: cfn::ReadError| {
                Part::Mistake(InputError {
                    file: shown.to_string(),
                    at: error.at,
                    message: error.message,
                    hint: Some("write it as CloudFormation reads it, then import again".to_owned()),
                })
            };
            let parts: Vec<Part> = errors.into_iter().map(mistake).collect();
            diagnostic::say_error(&parts, Path::new(""));
            return Ok(ExitCode::from(2));
        }
    };
    let comments = comments::comments(&text);
    let services = library()?;
    let model = write(&Source {
        key: &args.product,
        template: &template,
        comments: &comments,
        services: &services,
    });
    if !model.unknown.is_empty() {
        for what in &model.unknown {
            console::error(&format!("{shown}: a model can't say this: {what}"));
        }
        console::error(&format!(
            "{shown} was not imported\n  hint: change it, or write products/{}/mod.rs by hand",
            args.product
        ));
        return Ok(ExitCode::FAILURE);
    }
    let description = template
        .description
        .as_deref()
        .unwrap_or("An imported product");
    let code = codegen::format(&model.code)?;
    let files = vec![
        ("mod.rs".to_owned(), code),
        ("imported.yaml".to_owned(), text),
    ];
    let written = start::place(
        workspace,
        &args.product,
        args.portfolio.as_ref(),
        &New {
            files,
            settings: model.settings,
            description: description.lines().next().unwrap_or_default().to_owned(),
        },
    )?;
    let Some(mut report) = written else {
        return Ok(ExitCode::FAILURE);
    };
    for name in &model.not_vendored {
        report.push_str(&format!(
            "{name} is declared in the model: nothing checks its properties, and no launch role can be compiled for it\n  hint: `cargo xtask vendor add {name}` where compute-catalog stands, then import again\n"
        ));
    }
    report.push_str(&format!(
        "\nNext: review products/{0}/mod.rs, then\n  cargo test {1}\n  {2}\n  cargo xtask check {0}\n",
        args.product,
        args.product.as_str().replace('-', "_"),
        generated::COMMAND,
    ));
    console::print(&report)?;
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
