//! `vendor add`: further resource types, out of the package that the others come from, with the
//! Rust types and facts that follow.

use std::fmt;
use std::path::Path;

use codegen::resource_files;
use serde::Serialize;

use super::data::Data;
use super::provenance::Provenance;
use super::refresh::{replace, write};
use super::wheel::Wheel;
use super::{CFN_LINT, Error, Wanted};

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

/// Adds these types to the repository at `root`: their lines in `types.txt`, their schemas, and
/// what `generate` makes of those. Types that are there already stay as they are. Everything is
/// fetched and read before anything is written.
///
/// # Errors
/// Names that AWS publishes no schema for; a package that can't be fetched, or isn't the one that
/// `PROVENANCE.toml` names; a file that can't be written.
pub fn add(root: &Path, types: &[String]) -> Result<Added, Error> {
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

    let mut files: Vec<String> = data.contents.keys().cloned().collect();
    // What only `check` knew so far has a schema among the others now.
    let checked: Vec<String> = new
        .iter()
        .filter(|name| wanted.checked.contains(name))
        .cloned()
        .collect();
    let moved: Vec<String> = checked
        .iter()
        .map(|name| format!("checked/{}.json", name.replace("::", "-")))
        .collect();
    provenance.files.append(&mut data.provenance.files);
    provenance.files.retain(|file| !moved.contains(&file.path));
    provenance.files.sort_by(|a, b| a.path.cmp(&b.path));
    data.provenance = provenance;
    edit(&vendor.join("types.txt"), |text| with_lines(text, &new))?;
    if !checked.is_empty() {
        edit(&vendor.join("checked-types.txt"), |text| {
            without_lines(text, &checked)
        })?;
        files.push("checked-types.txt".to_owned());
    }
    write(&data, &vendor, None)?;
    for path in moved {
        let path = vendor.join(path);
        std::fs::remove_file(&path)
            .map_err(|cause| Error::new(format!("can't remove {}", path.display())).cause(cause))?;
    }

    files.push("types.txt".to_owned());
    files.push(super::PROVENANCE.to_owned());
    for file in &mut files {
        file.insert_str(0, "vendor/");
    }
    for (path, text) in resource_files(&vendor)? {
        let written = root.join(&path);
        if std::fs::read_to_string(&written).ok().as_deref() != Some(&text) {
            replace(&written, &text)?;
            files.push(path);
        }
    }
    files.sort();
    Ok(Added {
        types: new,
        files,
        module: "resource",
    })
}

/// The package that the vendored schemas come from, of the same version and bytes.
pub(super) fn pinned(provenance: &Provenance, downloads: &Path) -> Result<Wheel, Error> {
    let pinned = provenance.package(CFN_LINT).ok_or_else(|| {
        Error::new(format!("PROVENANCE.toml names no version of {CFN_LINT}"))
            .hint("`cargo xtask vendor refresh` fetches the newest")
    })?;
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

/// Rewrites one of the lists.
fn edit(list: &Path, change: impl Fn(&str) -> String) -> Result<(), Error> {
    let failed = |cause| Error::new(format!("can't read {}", list.display())).cause(cause);
    let text = std::fs::read_to_string(list).map_err(failed)?;
    replace(list, &change(&text))
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
