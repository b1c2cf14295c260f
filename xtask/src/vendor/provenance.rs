//! `PROVENANCE.toml`: which package, version and file each vendored file comes from, and its
//! hash; and the check that the files are still those.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use compute_catalog::digest::Digest;
use serde::{Deserialize, Serialize};

use super::{Error, PROVENANCE, Wanted, api_path, schema_path, served};

/// Where the vendored data comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The packages, by name.
    #[serde(rename = "package")]
    pub packages: Vec<Package>,
    /// The vendored files, by path.
    #[serde(rename = "file")]
    pub files: Vec<File>,
}

/// A package on the Python package index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package {
    /// Its name on the index.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The licence it declares, as an SPDX expression.
    pub licence: String,
    /// The file that was read.
    pub wheel: String,
    /// That file's SHA-256, in lower-case hex.
    pub sha256: String,
    /// When AWS published the schemas in it, as the package says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_date: Option<String>,
}

/// A vendored file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where it stands, from `vendor/`.
    pub path: String,
    /// The SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// What it was made from: `package: path in the package`.
    pub sources: Vec<String>,
    /// Places at which it says something else than its source, besides what was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewritten: Vec<String>,
}

impl File {
    /// What is wrong with it by the digest that it has now; none of one that isn't there.
    pub(super) fn problem(&self, now: Option<&Digest>) -> Option<&'static str> {
        match now {
            None => Some("is missing"),
            Some(digest) if digest.hex() != self.sha256 => Some("was changed after it was fetched"),
            Some(_) => None,
        }
    }
}

impl Provenance {
    /// Reads `PROVENANCE.toml` in `vendor`.
    ///
    /// # Errors
    /// It can't be read, or isn't what `vendor refresh` writes.
    pub fn read(vendor: &Path) -> Result<Self, Error> {
        let path = vendor.join(PROVENANCE);
        let path = path.display().to_string();
        let text = std::fs::read_to_string(&path);
        Self::parse(
            &path,
            &text.map_err(|cause| unreadable(&path).cause(cause))?,
        )
    }

    /// Reads the text of `PROVENANCE.toml`, which stands at `path`.
    ///
    /// # Errors
    /// It isn't what `vendor refresh` writes.
    pub fn parse(path: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|cause| unreadable(path).cause(cause))
    }

    /// The file's text.
    ///
    /// # Errors
    /// A value that TOML can't hold.
    pub fn to_toml(&self) -> Result<String, Error> {
        let body = toml::to_string(self)
            .map_err(|cause| Error::new(format!("can't write {PROVENANCE}")).cause(cause))?;
        Ok(format!(
            "# Written by `cargo xtask vendor refresh`; don't edit.\n\
             # Schemas: descriptions and links are left out, patterns at `rewritten` end in `$`\n\
             # instead of Python's `\\Z`. cfn-lint's own keywords (enumCaseInsensitive, requiredXor,\n\
             # requiredOr, dependentExcluded, format) are part of its edition of AWS's schemas.\n\
             # Models of services: cut to the operations of operations.txt, without documentation.\n\n\
             {body}"
        ))
    }

    /// The package of that name.
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}

fn unreadable(path: &str) -> Error {
    Error::new(format!("can't read {path}")).hint("`cargo xtask vendor refresh` writes it")
}

/// A vendored file that isn't what it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, from `vendor/`.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Every difference between the files in `vendor` and what `PROVENANCE.toml` and the lists say
/// of them, sorted by path. Empty: the data is what was fetched.
///
/// # Errors
/// `PROVENANCE.toml`, a list or the folder can't be read.
pub fn verify(vendor: &Path) -> Result<Vec<Finding>, Error> {
    let provenance = Provenance::read(vendor)?;
    let wanted = Wanted::read(vendor)?;
    let present = data_files(vendor)?;
    let recorded: BTreeMap<&str, &File> = provenance
        .files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let of_types = wanted.types.iter().map(|name| schema_path(name));
    let extensions = wanted
        .extensions
        .iter()
        .map(|name| format!("extensions/{name}.json"));
    let checked = wanted
        .checked
        .iter()
        .map(|name| format!("checked/{}.json", name.replace("::", "-")));
    let expected: BTreeSet<String> = of_types.chain(extensions).chain(checked).collect();

    let services = served::by_service(&wanted.operations)?;
    let models: BTreeSet<String> = services.into_keys().map(api_path).collect();

    let mut findings = Vec::new();
    let mut report = |path: &str, problem: &str| {
        findings.push(Finding {
            path: path.to_owned(),
            problem: problem.to_owned(),
        });
    };
    for (path, file) in &recorded {
        if let Some(problem) = file.problem(present.get(*path)) {
            report(path, problem);
        }
        let is_listed = ["schemas/", "checked/", "extensions/"];
        let is_listed = is_listed.iter().any(|folder| path.starts_with(folder));
        if is_listed && !expected.contains(*path) {
            report(path, "belongs to no line of the lists");
        }
        if path.starts_with("api/") && !models.contains(*path) {
            report(path, "belongs to no line of operations.txt");
        }
    }
    for path in present.keys() {
        if !recorded.contains_key(path.as_str()) {
            report(path, "has no entry in PROVENANCE.toml");
        }
    }
    for path in &expected {
        if !recorded.contains_key(path.as_str()) && !present.contains_key(path) {
            report(path, "was not fetched yet, though types.txt names its type");
        }
    }
    for path in &models {
        if !recorded.contains_key(path.as_str()) && !present.contains_key(path) {
            report(
                path,
                "was not fetched yet, though operations.txt names its service",
            );
        }
    }
    findings.sort();
    Ok(findings)
}

/// The JSON files in `vendor` and their digests; what people write there isn't JSON.
fn data_files(vendor: &Path) -> Result<BTreeMap<String, Digest>, Error> {
    let mut files = BTreeMap::new();
    for folder in ["", "api/", "checked/", "extensions/", "schemas/"] {
        let path = vendor.join(folder);
        let failed = |cause| Error::new(format!("can't list {}", path.display())).cause(cause);
        if !path.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if !name.ends_with(".json") && !name.ends_with(".jsonl") {
                continue;
            }
            let digest = std::fs::File::open(entry.path()).and_then(Digest::read);
            let digest = digest.map_err(|cause| {
                Error::new(format!("can't read {}", entry.path().display())).cause(cause)
            })?;
            files.insert(name, digest);
        }
    }
    Ok(files)
}
