//! `vendor add`: further resource types, out of the package that the others come from, with the
//! Rust types and facts that follow.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use codegen::resource_files;
use serde::Serialize;

use super::data::Data;
use super::provenance::Provenance;
use super::wheel::Wheel;
use super::{CFN_LINT, Error, PROVENANCE, Wanted};
use crate::workspace::Workspace;

/// What was added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    /// The types that weren't there yet, sorted.
    pub types: Vec<String>,
    /// The files that were written, from the root of the repository, sorted.
    pub files: Vec<String>,
    /// The module of Rust that their services' modules are in.
    #[serde(skip)]
    pub module: &'static str,
}

/// Adds these types to a repository: their lines in `types.txt`, their schemas, and what `generate`
/// makes of those. Types that are there already stay as they are. Everything is fetched and read before
/// anything is written.
///
/// # Errors
/// Names that AWS publishes no schema for; a package that can't be fetched, or isn't the one that
/// `PROVENANCE.toml` names; a file that can't be written.
pub fn add(workspace: &Workspace, types: &[String]) -> Result<Added, Error> {
    let root = workspace.root();
    let vendor = root.join("vendor");
    let wanted = Wanted::read(&vendor)?;
    let mut new = types.to_vec();
    new.sort();
    new.dedup();
    new.retain(|name| !wanted.types.contains(name));
    if new.is_empty() {
        return Ok(Added::default());
    }
    let mut provenance = Provenance::read(&vendor)?;
    let mut wheel = pinned(&provenance, &root.join("target/vendor"))?;
    let mut data = Data::default();
    data.schemas(&new, "schemas", &mut wheel)?;

    // What only `check` knew so far has a schema among the others now.
    let is_checked = |name: &&String| wanted.checked.contains(name);
    let checked: Vec<String> = new.iter().filter(is_checked).cloned().collect();
    let moved: Vec<String> = checked
        .iter()
        .map(|name| format!("checked/{}.json", name.replace("::", "-")))
        .collect();
    provenance.files.append(&mut data.provenance.files);
    provenance.files.retain(|file| !moved.contains(&file.path));
    provenance.files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut files = data.contents;
    files.insert(PROVENANCE.to_owned(), provenance.to_toml()?);
    let list = |name: &str| read(workspace, &format!("vendor/{name}"));
    files.insert(
        "types.txt".to_owned(),
        with_lines(&list("types.txt")?, &new),
    );
    if !checked.is_empty() {
        let text = without_lines(&list("checked-types.txt")?, &checked);
        files.insert("checked-types.txt".to_owned(), text);
    }
    let mut written = BTreeMap::new();
    for (path, text) in files {
        written.insert(format!("vendor/{path}"), text);
    }
    let made = resource_files(&next(workspace, &written, &moved)?)?;
    written.extend(made);
    for path in &moved {
        let removed = workspace.remove(&format!("vendor/{path}"));
        removed.map_err(|cause| Error::new(format!("can't remove vendor/{path}")).cause(cause))?;
    }
    let files = write_changed(workspace, written)?;
    Ok(Added {
        types: new,
        files,
        module: "resource",
    })
}

/// `vendor/` as it will be, in a folder of its own: the generator reads it from the disk.
fn next(
    workspace: &Workspace,
    written: &BTreeMap<String, String>,
    moved: &[String],
) -> Result<PathBuf, Error> {
    let folder = workspace.root().join("target/vendor/next");
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |cause: std::io::Error| Error::new(format!("can't write {path}")).cause(cause)
    };
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed(&folder))?;
    }
    let put = |path: &str, contents: &[u8]| {
        let to = folder.join(path);
        let parents = to.parent().map_or(Ok(()), std::fs::create_dir_all);
        let put = parents.and_then(|()| std::fs::write(&to, contents));
        put.map_err(failed(&to))
    };
    let listed = workspace.files_below("vendor");
    let mut kept = listed.map_err(|cause| Error::new("can't list vendor/").cause(cause))?;
    kept.push("rustfmt.toml".to_owned());
    kept.retain(|path| !moved.iter().any(|moved| path == &format!("vendor/{moved}")));
    for path in kept {
        let bytes = workspace.bytes(&path);
        let bytes = bytes.map_err(|cause| Error::new(format!("can't read {path}")).cause(cause))?;
        put(&path, &bytes.unwrap_or_default())?;
    }
    for (path, text) in written {
        put(path, text.as_bytes())?;
    }
    Ok(folder.join("vendor"))
}

/// The text of a file, by its path from the root.
pub(super) fn read(workspace: &Workspace, path: &str) -> Result<String, Error> {
    let text = workspace.read(path);
    text.map_err(|cause| Error::new(format!("can't read {path}")).cause(cause))
}

/// Writes the files that hold something else, and answers their paths, sorted.
pub(super) fn write_changed(
    workspace: &Workspace,
    files: BTreeMap<String, String>,
) -> Result<Vec<String>, Error> {
    let mut changed = Vec::new();
    for (path, text) in files {
        if workspace.read(&path).ok().as_deref() != Some(&text) {
            let written = workspace.write(&path, text.as_bytes());
            written.map_err(|cause| Error::new(format!("can't write {path}")).cause(cause))?;
            changed.push(path);
        }
    }
    Ok(changed)
}

/// The package that the vendored schemas come from, of the same version and bytes: as it was fetched
/// before, where it is still there.
pub(super) fn pinned(provenance: &Provenance, downloads: &Path) -> Result<Wheel, Error> {
    let pinned = provenance.package(CFN_LINT).ok_or_else(|| {
        Error::new(format!("PROVENANCE.toml names no version of {CFN_LINT}"))
            .hint("`cargo xtask vendor refresh` fetches the newest")
    })?;
    if let Some(kept) = Wheel::kept(CFN_LINT, downloads)
        && kept.package.sha256 == pinned.sha256
    {
        return Ok(kept);
    }
    let wheel = Wheel::fetch(CFN_LINT, Some(&pinned.version), downloads)?;
    if wheel.package.sha256 != pinned.sha256 {
        return Err(Error::new(format!(
            "{CFN_LINT} {} of the package index isn't the one that vendor/ was made from",
            pinned.version
        ))
        .cause(format!(
            "its SHA-256 is {}, PROVENANCE.toml says {}",
            wheel.package.sha256, pinned.sha256
        ))
        .hint("`cargo xtask vendor refresh` takes another version, and says what it changes"));
    }
    Ok(wheel)
}

/// The list without the lines of these names.
fn without_lines(text: &str, names: &[String]) -> String {
    let others = text
        .lines()
        .filter(|line| !names.iter().any(|name| line.trim() == name));
    others.map(|line| format!("{line}\n")).collect()
}

/// The list with further lines, each before the first name that comes after it.
pub(super) fn with_lines(text: &str, new: &[String]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for name in new {
        let is_after = |line: &&str| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#') && line > name.as_str()
        };
        let at = lines.iter().position(is_after).unwrap_or(lines.len());
        lines.insert(at, name);
    }
    lines.join("\n") + "\n"
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.types.is_empty() {
            return f.write_str("vendor/: these types are there already\n");
        }
        for file in &self.files {
            writeln!(f, "wrote {file}")?;
        }
        for name in &self.types {
            let mut parts = name.split("::").skip(1);
            let service = parts.next().unwrap_or_default().to_ascii_lowercase();
            writeln!(f, "{name} is in the module `{}::{service}`", self.module)?;
        }
        f.write_str(
            "hint: nobody has reviewed their handlers yet: launch roles get what AWS's schemas name, \
             within the services of a product's types and on any resource, and \
             generated/launch-roles.md says so; ",
        )?;
        f.write_str(match self.module {
            "resource" => "a review is an entry in vendor/handlers.yaml\n",
            _ => "`grants` and `removals` of a launch role in portfolios/foundation.yaml change what it gets\n",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_finds_its_place_among_names_and_comments() {
        let new = ["AWS::A::A", "AWS::EFS::FileSystem", "AWS::Z::Z"].map(str::to_owned);
        let text = "# Types.\n\nAWS::Batch::JobQueue\n# Ours.\nAWS::IAM::Role\n";
        assert_eq!(
            with_lines(text, &new),
            "# Types.\n\nAWS::A::A\nAWS::Batch::JobQueue\n# Ours.\nAWS::EFS::FileSystem\nAWS::IAM::Role\nAWS::Z::Z\n"
        );
    }
}
