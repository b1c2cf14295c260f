//! A product on its way into the repository: its model, its versions, its place in the lists.

use super::comments::comments;
use super::library::Library;
use super::model::formatted;
use super::original::Original;
use super::report::report;
use super::source::Source;
use super::suggestions::Suggestions;
use super::versions::Versions;
use crate::console;
use crate::start::{self, kind::New};
use crate::workspace::Workspace;
use compute_catalog::product::Key;
use std::error::Error;

/// Where an import goes.
pub struct Product<'a> {
    /// Its key.
    pub key: &'a Key,
    /// The portfolio that offers it.
    pub portfolio: Option<&'a Key>,
    /// What Service Catalog calls it; none: after its key.
    pub name: Option<&'a str>,
    /// What its portfolio says of it, a line each.
    pub placement: Vec<String>,
    /// Whether nothing may be fetched: types that aren't vendored are declared in the model.
    pub is_offline: bool,
    /// Whether what `check` calls an error in a resource stays for now.
    pub is_suppressed: bool,
}

/// Makes the model, and writes it with the versions; what is told of that. Nothing where it can't be
/// imported, which is told.
///
/// # Errors
/// Files that can't be read or written, and lists that only a person can add to.
pub fn place(
    workspace: &Workspace,
    product: &Product<'_>,
    original: &Original,
    versions: &Versions,
) -> Result<Option<String>, Box<dyn Error>> {
    let comments = comments(&original.text);
    let added = match product.is_offline {
        true => Ok(String::new()),
        false => Library::complete(workspace, &original.template),
    };
    let library = Library::read(workspace)?;
    let suggestions = Suggestions::of(original, product.key);
    let suppressed = match product.is_suppressed {
        true => suggestions.errors(),
        false => Default::default(),
    };
    let model = formatted(&Source {
        key: product.key,
        template: &original.template,
        comments: &comments,
        suppressed: &suppressed,
        library: &library,
    })?;
    let refused = original.refused(&model);
    if !refused.is_empty() {
        for line in refused {
            console::error(&line);
        }
        // <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html>
        let hint = match original.template.open.is_empty() {
            true => format!("change it, or write products/{}/mod.rs by hand", product.key),
            false => "import what CloudFormation made of it, of a stack that runs: `aws cloudformation get-template --stack-name NAME --template-stage Processed --query TemplateBody`".to_owned(),
        };
        console::error(&format!(
            "{} was not imported\n  hint: {hint}",
            original.shown
        ));
        return Ok(None);
    }
    let description = original
        .template
        .description
        .as_deref()
        .unwrap_or("An imported product");
    let mut files = vec![
        ("mod.rs".to_owned(), model.code.clone()),
        ("imported.yaml".to_owned(), original.text.clone()),
    ];
    files.extend(model.files.iter().cloned());
    files.extend(versions.files()?);
    let written = start::place(
        workspace,
        product.key,
        product.portfolio,
        &New {
            files,
            settings: model.settings.clone(),
            name: product.name.map(str::to_owned),
            placement: product.placement.clone(),
            description: description.lines().next().unwrap_or_default().to_owned(),
        },
    )?;
    let Some(written) = written else {
        return Ok(None);
    };
    let added = added.unwrap_or_else(|error| {
        console::error(&format!("{error}"));
        String::new()
    });
    let report = report(product.key, original, versions, &model);
    let suggested = suggestions.told(product.is_suppressed);
    Ok(Some(format!("{added}{written}{suggested}{report}")))
}
