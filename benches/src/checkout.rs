//! A checkout with copies of the products: files as people would have written them.

use crate::copies::{Copies, copy_name};
use compute_catalog::digest::Digest;
use compute_catalog::product::{Key, KeyError, role_path};
use serde_yaml::{Mapping, Value};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Copies in one portfolio: with three products each, a portfolio stays below Service Catalog's
/// quota of 150 products, and its stack below CloudFormation's of 500 resources.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const COPIES_PER_PORTFOLIO: usize = 40;

/// What doesn't depend on the products.
const SAME: [&str; 8] = [
    "portfolios/communities.yaml",
    "portfolios/end-users.yaml",
    "portfolios/environments",
    "portfolios/organization.yaml",
    "portfolios/tag-options.yaml",
    "products/shared",
    "vendor",
    "rustfmt.toml",
];

/// What of a product's folder its commands read.
const OF_PRODUCT: [&str; 3] = ["files", "guide.yaml", "legacy.json"];

/// Why a checkout can't be made.
#[derive(Debug)]
pub enum SyntheticError {
    /// A file or folder can't be read or written.
    Io(PathBuf, std::io::Error),
    /// A file isn't what it should be.
    Yaml(PathBuf, String),
}

impl fmt::Display for SyntheticError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SyntheticError::Io(path, error) => write!(f, "{}: {error}", path.display()),
            SyntheticError::Yaml(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for SyntheticError {}

/// Makes a checkout of copies in a folder that isn't there yet, from the checkout at `root`. What is
/// generated, `generate` makes there.
///
/// # Errors
/// Files that can't be read or written.
pub fn make(root: &Path, copies: Copies, folder: &Path) -> Result<(), SyntheticError> {
    if folder.exists() {
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(SyntheticError::Io(folder.to_owned(), taken));
    }
    for path in SAME {
        copy(&root.join(path), &folder.join(path))?;
    }
    for product in products::all() {
        for number in copies.numbers() {
            copy_product(root, product.key(), number, folder)?;
        }
    }
    for entry in list(&root.join("portfolios"))? {
        let is_portfolio = entry.is_file() && load(&entry)?.contains_key("principals");
        if is_portfolio {
            copy_portfolio(&entry, copies, &folder.join("portfolios"))?;
        }
    }
    let foundation = "portfolios/foundation.yaml";
    let mut file = load(&root.join(foundation))?;
    if let Some(roles) = file.get_mut("launchRoles").and_then(Value::as_sequence_mut) {
        *roles = repeated(roles, copies.numbers(), launch_role);
    }
    let actions = file.get_mut("serviceActions");
    for action in actions
        .and_then(Value::as_sequence_mut)
        .into_iter()
        .flatten()
    {
        if let Some(products) = action.get_mut("products").and_then(Value::as_sequence_mut) {
            *products = repeated(products, copies.numbers(), copied_text);
        }
    }
    // A policy takes 6,144 characters, which the names of a hundred products would fill alone: so many
    // share what their roles may do at most.
    let boundary = file.get_mut("boundary");
    for statement in boundary
        .and_then(Value::as_sequence_mut)
        .into_iter()
        .flatten()
    {
        if let Some(statement) = statement.as_mapping_mut() {
            statement.remove("rolesOf");
        }
    }
    save(&folder.join(foundation), &file)
}

fn copy_product(
    root: &Path,
    original: &Key,
    number: usize,
    folder: &Path,
) -> Result<(), SyntheticError> {
    let name = copy_name(original.as_str(), number);
    let from = root.join("products").join(original.as_str());
    let to = folder.join("products").join(&name);
    let key = |error: KeyError| SyntheticError::Yaml(to.clone(), error.to_string());
    let copied: Key = name.parse().map_err(key)?;
    for part in OF_PRODUCT {
        if from.join(part).exists() {
            copy(&from.join(part), &to.join(part))?;
        }
    }
    copy_history(
        original,
        &copied,
        &from.join("history"),
        &to.join("history"),
    )?;
    let path = from.join("settings.yaml");
    let mut settings = load(&path)?;
    let entry = settings.get_mut("catalog");
    let name = entry.and_then(|entry| entry.get_mut("name"));
    let name = name.ok_or_else(|| SyntheticError::Yaml(path, "no catalog.name".to_owned()))?;
    *name = copied_text(name, number);
    save(&to.join("settings.yaml"), &settings)
}

/// The released versions, as the copy would have released them: the first line and the path of its
/// roles hold its key, and the ledger the digests of these bodies.
fn copy_history(
    original: &Key,
    copied: &Key,
    from: &Path,
    to: &Path,
) -> Result<(), SyntheticError> {
    let versions = from.join("versions.yaml");
    let mut ledger = read(&versions)?;
    let own_lines = |key: &Key| {
        [
            format!("# Generated from products/{key} by "),
            format!("Path: {}\n", role_path(key)),
        ]
    };
    for path in list(from)?.into_iter().filter(|path| *path != versions) {
        let body = read(&path)?;
        let mut own = body.clone();
        for (was, is) in own_lines(original).iter().zip(own_lines(copied)) {
            own = own.replace(was, &is);
        }
        let [was, is] = [&body, &own].map(|body| Digest::of(body.as_bytes()));
        ledger = ledger.replace(was.hex(), is.hex());
        write(&to.join(path.file_name().unwrap_or_default()), &own)?;
    }
    write(&to.join("versions.yaml"), &ledger)
}

/// A portfolio of each so many copies, with the products of the original.
fn copy_portfolio(path: &Path, copies: Copies, folder: &Path) -> Result<(), SyntheticError> {
    let original = load(path)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbers: Vec<usize> = copies.numbers().collect();
    for (group, numbers) in numbers.chunks(COPIES_PER_PORTFOLIO).enumerate() {
        let mut portfolio = original.clone();
        for name in ["stack", "name"] {
            if let Some(value) = portfolio.get_mut(name) {
                *value = copied_text(value, group);
            }
        }
        if let Some(placed) = portfolio
            .get_mut("products")
            .and_then(Value::as_sequence_mut)
        {
            *placed = repeated(placed, numbers.iter().copied(), placement);
        }
        save(
            &folder.join(format!("{}.yaml", copy_name(&stem, group))),
            &portfolio,
        )?;
    }
    Ok(())
}

/// Every item for every copy.
fn repeated(
    items: &[Value],
    numbers: impl Iterator<Item = usize>,
    copied: fn(&Value, usize) -> Value,
) -> Vec<Value> {
    let copies = numbers.flat_map(|number| items.iter().map(move |item| copied(item, number)));
    copies.collect()
}

fn copied_text(value: &Value, number: usize) -> Value {
    match value.as_str() {
        Some(text) => Value::from(copy_name(text, number)),
        None => value.clone(),
    }
}

/// A product in a portfolio; only the original has logical ids of its own.
fn placement(value: &Value, number: usize) -> Value {
    with_names(value, number, &["product"], "logicalIds")
}

/// A launch role; only the original replaces a stack of others.
fn launch_role(value: &Value, number: usize) -> Value {
    with_names(value, number, &["product", "stack"], "legacyStack")
}

fn with_names(value: &Value, number: usize, names: &[&str], only_original: &str) -> Value {
    let mut copied = value.clone();
    for name in names {
        if let Some(text) = copied.get_mut(*name) {
            *text = copied_text(text, number);
        }
    }
    if let Some(map) = copied.as_mapping_mut().filter(|_| number > 0) {
        map.remove(only_original);
    }
    copied
}

fn load(path: &Path) -> Result<Mapping, SyntheticError> {
    serde_yaml::from_str(&read(path)?)
        .map_err(|error| SyntheticError::Yaml(path.to_owned(), error.to_string()))
}

fn save(path: &Path, file: &Mapping) -> Result<(), SyntheticError> {
    let text = serde_yaml::to_string(file)
        .map_err(|error| SyntheticError::Yaml(path.to_owned(), error.to_string()))?;
    write(path, &text)
}

fn read(path: &Path) -> Result<String, SyntheticError> {
    fs::read_to_string(path).map_err(|error| SyntheticError::Io(path.to_owned(), error))
}

fn write(path: &Path, text: &str) -> Result<(), SyntheticError> {
    let failed = |error| SyntheticError::Io(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, SyntheticError> {
    let failed = |error| SyntheticError::Io(folder.to_owned(), error);
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// Copies a file, or a folder with all below it.
fn copy(from: &Path, to: &Path) -> Result<(), SyntheticError> {
    if from.is_dir() {
        for path in list(from)? {
            copy(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
        return Ok(());
    }
    let failed = |error| SyntheticError::Io(from.to_owned(), error);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::copy(from, to).map(drop).map_err(failed)
}
