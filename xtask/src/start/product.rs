//! `new product`: a folder, and its lines in the lists.

use super::addition::{item_under, product_in};
use super::kind::{Kind, New};
use super::names::title;
use crate::console;
use crate::generated;
use crate::workspace::Workspace;
use compute_catalog::product::Key;
use std::error::Error;

/// The list of products, from the root.
const LIST: &str = "products/lib.rs";
/// As whom products are launched, from the root.
pub(super) const FOUNDATION: &str = "portfolios/foundation.yaml";

/// Makes a product of a kind; what is told of that. Nothing where it is there already, or it is open which
/// portfolio offers it, which is told.
///
/// # Errors
/// Files that can't be read or written, lists that only a person can add to.
pub fn run(
    workspace: &Workspace,
    key: &Key,
    kind: Kind,
    portfolio: Option<&Key>,
) -> Result<Option<String>, Box<dyn Error>> {
    let new = kind.product_files(key);
    let Some(mut text) = place(workspace, key, portfolio, &new)? else {
        return Ok(None);
    };
    text.push_str(&format!(
        "\nNext: describe the product in products/{key}/settings.yaml, then\n  \
         {}\n  cargo xtask check\n  \
         cargo xtask release {key} --bump major --note \"First version\"\n  \
         cargo xtask publish\n",
        generated::COMMAND
    ));
    Ok(Some(text))
}

/// Writes a new product's folder and its lines in the lists, and answers what was written; nothing
/// where it is there already, or it is open which portfolio offers it, which is told.
///
/// # Errors
/// Files that can't be read or written, lists that only a person can add to.
pub fn place(
    workspace: &Workspace,
    key: &Key,
    portfolio: Option<&Key>,
    new: &New,
) -> Result<Option<String>, Box<dyn Error>> {
    let Some(portfolio) = free(workspace, key, portfolio)? else {
        return Ok(None);
    };
    let documentation = workspace.environments()?.organization.support.url;
    let mut text = String::new();
    for (path, contents) in &placed(workspace, key, new, &portfolio, &documentation)? {
        workspace.write(path, contents.as_bytes())?;
        text.push_str(&format!("wrote {path}\n"));
    }
    Ok(Some(text))
}

/// The portfolio that offers a new product; nothing where its folder is there already, or it is open
/// which portfolio that is, which is told.
///
/// # Errors
/// Files that can't be read.
pub(super) fn free(
    workspace: &Workspace,
    key: &Key,
    portfolio: Option<&Key>,
) -> Result<Option<String>, Box<dyn Error>> {
    let folder = format!("products/{key}");
    if workspace.has(&folder) {
        console::error(&format!(
            "{folder} is there already\n  hint: choose another key, or work on that product"
        ));
        return Ok(None);
    }
    if let Some(portfolio) = portfolio {
        return Ok(Some(portfolio.to_string()));
    }
    Ok(match only_portfolio(workspace)? {
        Ok(portfolio) => Some(portfolio),
        Err(message) => {
            console::error(&message);
            None
        }
    })
}

/// The one portfolio of the catalog, or why there is no such.
fn only_portfolio(workspace: &Workspace) -> Result<Result<String, String>, Box<dyn Error>> {
    let portfolios = crate::portfolios::portfolios(workspace)?;
    let keys: Vec<String> = portfolios.portfolios.keys().map(Key::to_string).collect();
    Ok(match keys.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err("the catalog has no portfolio\n  hint: add one under portfolios/".to_owned()),
        several => Err(format!(
            "the catalog has several portfolios\n  hint: name one with --portfolio: {}",
            several.join(", ")
        )),
    })
}

/// Puts a product into one more portfolio.
///
/// # Errors
/// A file that can't be read or written, or whose list only a person can add to.
pub fn offer(
    workspace: &Workspace,
    key: &Key,
    portfolio: &Key,
    placement: &[String],
) -> Result<(), Box<dyn Error>> {
    let path = format!("portfolios/{portfolio}.yaml");
    let text = item_under(&workspace.read(&path)?, "products", &item(key, placement))
        .map_err(|cause| format!("{path}: {cause}\n  hint: add the product by hand"))?;
    workspace.write(&path, text.as_bytes())?;
    Ok(())
}

/// A product's place in a portfolio.
pub(super) fn item(key: &Key, placement: &[String]) -> String {
    let lines = placement.iter().map(|line| format!("\n  {line}"));
    format!("- product: {key}{}", lines.collect::<String>())
}

/// The files of a new product, and the lists with it in its place.
pub(super) fn placed(
    workspace: &Workspace,
    key: &Key,
    new: &New,
    portfolio: &str,
    documentation: &str,
) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let settings = format!(
        "# yaml-language-server: $schema=../../generated/schemas/{key}.json\n\
         catalog:\n  name: {}\n  description: {}\n  documentation: {documentation}\n{}",
        serde_json::Value::from(new.name.clone().unwrap_or_else(|| title(key.as_str()))),
        serde_json::Value::from(new.description.as_str()),
        new.settings
    );
    let files = new.files.iter().cloned();
    let files = files.chain([("settings.yaml".to_owned(), settings)]);
    let mut files: Vec<(String, String)> = files
        .map(|(path, text)| (format!("products/{key}/{path}"), text))
        .collect();
    let place = format!("portfolios/{portfolio}.yaml");
    let in_file = |path: &str, changed: Result<String, String>| {
        changed.map_err(|cause| format!("{path}: {cause}\n  hint: add the product by hand"))
    };
    let list = workspace.read(LIST)?;
    let list = in_file(LIST, product_in(&list, key))?;
    files.push((LIST.to_owned(), list));
    let foundation = workspace.read(FOUNDATION)?;
    let stack = crate::portfolios::portfolios(workspace)?
        .foundation
        .stack
        .value;
    let role = format!("- {{ product: {key}, stack: {stack}-{key}-role }}");
    let foundation = in_file(FOUNDATION, item_under(&foundation, "launchRoles", &role))?;
    files.push((FOUNDATION.to_owned(), foundation));
    let text = workspace.read(&place)?;
    let text = in_file(
        &place,
        item_under(&text, "products", &item(key, &new.placement)),
    )?;
    files.push((place, text));
    Ok(files)
}
