//! `vendor` in a repository that `init` has made: AWS's data is the library's there, and the
//! organisation adds the resource types that the library lacks.
//!
//! They come from the package that the library's come from, of the same version and bytes, until
//! `vendor refresh` follows a newer library: all that an organisation adds is of one edition.

use super::add::{Added, pinned, read, with_lines, write_changed};
use super::data::Data;
use super::provenance::{Finding, Package, Provenance};
use super::{CFN_LINT, Error, PROVENANCE};
use crate::workspace::Workspace;
use codegen::{own_files, schema_path};
use compute_catalog::digest::Digest;
use compute_catalog::resource::{schema, types};
use std::collections::BTreeMap;

/// The list of the types that were added, from the root.
const TYPES: &str = "vendor/types.txt";

/// What the list says of itself.
const HEAD: &str = "# AWS's resource types beside those of compute-catalog. `cargo xtask vendor add TYPE` adds one.\n";

/// The list of the products, which makes the types known.
const PRODUCTS: &str = "products/lib.rs";

/// Where the library's data comes from.
const LIBRARY: &str = include_str!("../../../vendor/PROVENANCE.toml");

/// Where AWS's documentation says otherwise than AWS's schemas.
pub const PATCHES: &str = include_str!("../../../vendor/patches.yaml");

/// AWS's schemas of the types that the library has, by name.
pub fn library<'a>() -> impl Iterator<Item = (&'a str, &'a str)> {
    types().filter_map(|facts| Some((facts.name, schema(facts.name)?)))
}

/// The types that were added here, sorted; none where there is no list.
pub fn names(workspace: &Workspace) -> Vec<String> {
    let text = workspace.read(TYPES).unwrap_or_default();
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut names: Vec<String> = lines.map(str::to_owned).collect();
    names.retain(|name| !types().any(|facts| facts.name == name));
    names.sort();
    names.dedup();
    names
}

/// AWS's schemas of the types that were added here, by name.
///
/// # Errors
/// A schema that can't be read.
pub fn schemas(workspace: &Workspace) -> Result<Vec<(String, String)>, Error> {
    let read = |name: String| Ok((name.clone(), schema_of(workspace, &name)?));
    names(workspace).into_iter().map(read).collect()
}

fn schema_of(workspace: &Workspace, name: &str) -> Result<String, Error> {
    read(workspace, &format!("vendor/{}", schema_path(name)))
        .map_err(|error| error.hint("`cargo xtask vendor refresh` fetches it again"))
}

/// The package that the library's types come from.
fn of_library() -> Result<Package, Error> {
    let provenance: Provenance = toml::from_str(LIBRARY)
        .map_err(|cause| Error::new("the library's PROVENANCE.toml can't be read").cause(cause))?;
    let package = provenance.package(CFN_LINT).cloned();
    package.ok_or_else(|| Error::new(format!("the library names no version of {CFN_LINT}")))
}

/// Adds these types. Those that the library has, or that are there already, stay as they are.
/// Everything is fetched and read before anything is written.
///
/// # Errors
/// Names that AWS publishes no schema for; a package that can't be fetched, or isn't the one that the
/// library's types come from; a list of products that doesn't make the types known; a file that can't be
/// written.
pub fn add(workspace: &Workspace, wanted: &[String]) -> Result<Added, Error> {
    let before = names(workspace);
    let mut new = wanted.to_vec();
    new.sort();
    new.dedup();
    new.retain(|name| !before.contains(name) && !types().any(|facts| facts.name == name));
    match new.is_empty() {
        true => Ok(Added::default()),
        false => {
            let provenance = recorded(workspace)?;
            let package = provenance.package(CFN_LINT).cloned();
            fetched(workspace, new, provenance, package)
        }
    }
}

/// Fetches every type that was added once more: after another version of the library.
///
/// # Errors
/// As [`add`].
pub fn refresh(workspace: &Workspace) -> Result<Added, Error> {
    let all = names(workspace);
    match all.is_empty() {
        true => Ok(Added::default()),
        false => fetched(workspace, all, Provenance::default(), None),
    }
}

/// What was fetched already, and from which package.
fn recorded(workspace: &Workspace) -> Result<Provenance, Error> {
    let path = format!("vendor/{PROVENANCE}");
    match workspace.has(&path) {
        true => Provenance::parse(&path, &read(workspace, &path)?),
        false => Ok(Provenance::default()),
    }
}

/// Fetches these types from a package, the library's where none is named, and writes them beside those
/// that were fetched before.
fn fetched(
    workspace: &Workspace,
    new: Vec<String>,
    mut provenance: Provenance,
    package: Option<Package>,
) -> Result<Added, Error> {
    knows_the_types(workspace)?;
    let package = match package {
        Some(package) => package,
        None => of_library()?,
    };
    let from = Provenance {
        packages: vec![package.clone()],
        files: Vec::new(),
    };
    let mut wheel = pinned(&from, &workspace.root().join("target/vendor"))?;
    let mut data = Data::default();
    data.schemas(&new, "schemas", &mut wheel)?;
    provenance
        .files
        .retain(|file| !data.contents.contains_key(&file.path));
    provenance.files.append(&mut data.provenance.files);
    provenance.files.sort_by(|a, b| a.path.cmp(&b.path));
    provenance.packages = vec![package];

    let before = names(workspace);
    let kept = before.iter().filter(|name| !new.contains(name));
    let mut all = kept
        .map(|name| Ok((name.clone(), schema_of(workspace, name)?)))
        .collect::<Result<BTreeMap<_, _>, Error>>()?;
    for name in &new {
        let text = data.contents.get(&schema_path(name));
        all.extend(text.map(|text| (name.clone(), text.clone())));
    }
    let own: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let generated = own_files(&own, library(), PATCHES)?;

    let list = match workspace.has(TYPES) {
        true => read(workspace, TYPES)?,
        false => HEAD.to_owned(),
    };
    let is_new = |name: &&String| !before.contains(name);
    let lines: Vec<String> = new.iter().filter(is_new).cloned().collect();
    let mut files = generated;
    let fetched = data.contents.into_iter();
    files.extend(fetched.map(|(path, text)| (format!("vendor/{path}"), text)));
    files.insert(TYPES.to_owned(), with_lines(&list, &lines));
    files.insert(format!("vendor/{PROVENANCE}"), provenance.to_toml()?);
    let files = write_changed(workspace, files)?;
    Ok(Added {
        types: new,
        files,
        module: "crate::resource",
    })
}

/// Whether the list of products makes the types known: without that no rule and no launch role would
/// hear of them.
fn knows_the_types(workspace: &Workspace) -> Result<(), Error> {
    let text = read(workspace, PRODUCTS)?;
    match text.contains("pub mod resource;") && text.contains("resource::extend(resource::ALL)") {
        true => Ok(()),
        false => Err(Error::new(format!(
            "{PRODUCTS} doesn't make the types of this repository known"
        ))
        .hint(
            "write `pub mod resource;` in it, and `compute_catalog::resource::extend(resource::ALL);` as the first line of `all()`",
        )),
    }
}

/// What is no longer as it was fetched, or as it is made of that.
///
/// # Errors
/// Files that can't be read.
pub fn verify(workspace: &Workspace) -> Result<Vec<Finding>, Error> {
    let list = format!("vendor/{PROVENANCE}");
    if !workspace.has(&list) && names(workspace).is_empty() {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    let mut report = |path: &str, problem: &str| {
        findings.push(Finding {
            path: path.to_owned(),
            problem: problem.to_owned(),
        });
    };
    let provenance = Provenance::parse(&list, &read(workspace, &list)?)?;
    for file in &provenance.files {
        let path = format!("vendor/{}", file.path);
        let bytes = workspace.bytes(&path).ok().flatten();
        if let Some(problem) = file.problem(bytes.map(|bytes| Digest::of(&bytes)).as_ref()) {
            report(&path, problem);
        }
    }
    for name in names(workspace) {
        let path = schema_path(&name);
        if !provenance.files.iter().any(|file| file.path == path) {
            report(&format!("vendor/{path}"), "was never fetched");
        }
    }
    if findings.is_empty() {
        let all = schemas(workspace)?;
        let own: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        for (path, text) in own_files(&own, library(), PATCHES)? {
            if workspace.read(&path).ok().as_deref() != Some(&text) {
                findings.push(Finding {
                    path,
                    problem: "is not what the schemas make".to_owned(),
                });
            }
        }
    }
    findings.sort();
    Ok(findings)
}
