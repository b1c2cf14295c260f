//! Python packages as sources of data: fetched by pip, read as the zip archives they are.
//! Nothing in them is run.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use compute_catalog::digest::Digest;
use flate2::read::GzDecoder;
use serde_json::Value;
use zip::ZipArchive;

use super::Error;
use super::provenance::Package;
use crate::console;

/// A wheel, opened.
pub struct Wheel {
    /// Where it comes from, for `PROVENANCE.toml`.
    pub package: Package,
    archive: ZipArchive<Cursor<Vec<u8>>>,
}

impl Wheel {
    /// Downloads `name`, the newest version unless `version` names one, into a folder of its
    /// own under `downloads`, and opens it. pip checks the file against the index's hash.
    ///
    /// # Errors
    /// pip can't be started, doesn't find the package, or the file is no wheel.
    pub fn fetch(name: &str, version: Option<&str>, downloads: &Path) -> Result<Self, Error> {
        let folder = downloads.join(name);
        // An older download in the folder would leave open which of the two to read.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|cause| {
                Error::new(format!("can't empty {}", folder.display())).cause(cause)
            })?;
        }
        let requirement = match version {
            Some(version) => format!("{name}=={version}"),
            None => name.to_owned(),
        };
        console::progress(&format!("Fetching {requirement} from the package index."));
        let output = Command::new("python3")
            .args(["-m", "pip", "download", "--quiet"])
            .args(["--disable-pip-version-check", "--no-deps"])
            .args(["--only-binary", ":all:", "--dest"])
            .arg(&folder)
            .arg(&requirement)
            .output()
            .map_err(|cause| {
                Error::new("can't start python3")
                    .cause(cause)
                    .hint("`vendor refresh` needs Python with pip; no other command does")
            })?;
        if !output.status.success() {
            return Err(Error::new(format!("pip can't download {requirement}"))
                .cause(String::from_utf8_lossy(&output.stderr).trim().to_owned())
                .hint("`python3 -m pip index versions` lists what the package index offers"));
        }
        Self::open(&only_wheel(&folder)?)
    }

    /// The one that was fetched before, where it is still there and whole.
    pub fn kept(name: &str, downloads: &Path) -> Option<Self> {
        Self::open(&only_wheel(&downloads.join(name)).ok()?).ok()
    }

    /// Opens a wheel on disk.
    ///
    /// # Errors
    /// The file can't be read, or lacks the metadata of a wheel.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = || Error::new(format!("can't read the wheel {}", path.display()));
        let bytes = std::fs::read(path).map_err(|cause| failed().cause(cause))?;
        let digest = Digest::of(&bytes);
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|cause| failed().cause(cause))?;
        let metadata = archive
            .file_names()
            .filter_map(Result::ok)
            .find(|name| name.ends_with(".dist-info/METADATA"))
            .map(|name| name.into_owned())
            .ok_or_else(|| failed().cause("it has no METADATA"))?;
        let metadata = String::from_utf8(read(&mut archive, &metadata)?)
            .map_err(|cause| failed().cause(cause))?;
        let field = |names: &[&str]| {
            metadata
                .lines()
                .take_while(|line| !line.is_empty())
                .filter_map(|line| line.split_once(": "))
                .find(|(key, _)| names.contains(key))
                .map(|(_, value)| value.to_owned())
                .ok_or_else(|| {
                    failed().cause(format!("its METADATA has no {}", names.join(" or ")))
                })
        };
        let package = Package {
            name: field(&["Name"])?,
            version: field(&["Version"])?,
            licence: field(&["License-Expression", "License"])?,
            wheel: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            sha256: digest.hex().to_owned(),
            schema_date: None,
        };
        Ok(Self { package, archive })
    }

    /// The paths of the files in the wheel.
    pub fn files(&self) -> impl Iterator<Item = String> {
        let names = self.archive.file_names().filter_map(Result::ok);
        names.map(|name| name.into_owned())
    }

    /// The JSON file at `path` in the wheel; one that ends in `.gz` is unpacked.
    ///
    /// # Errors
    /// The wheel has no such file, or it isn't JSON.
    pub fn json(&mut self, path: &str) -> Result<Value, Error> {
        let failed = |package: &Package| {
            Error::new(format!(
                "can't read {path} of {} {}",
                package.name, package.version
            ))
            .hint("the package has changed its layout; pin the version in PROVENANCE.toml with --pinned, and adapt xtask/src/vendor")
        };
        let mut bytes =
            read(&mut self.archive, path).map_err(|cause| failed(&self.package).cause(cause))?;
        if path.ends_with(".gz") {
            let mut unpacked = Vec::new();
            GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut unpacked)
                .map_err(|cause| failed(&self.package).cause(cause))?;
            bytes = unpacked;
        }
        serde_json::from_slice(&bytes).map_err(|cause| failed(&self.package).cause(cause))
    }

    /// The JSON in the first text of three quotes of the Python file at `path` in the wheel.
    ///
    /// # Errors
    /// The wheel has no such file, or it holds no such text, or that isn't JSON.
    pub fn json_in_python(&mut self, path: &str) -> Result<Value, Error> {
        let failed = |package: &Package| {
            Error::new(format!(
                "can't read {path} of {} {}",
                package.name, package.version
            ))
            .hint("the package has changed its layout; pin the version in PROVENANCE.toml with --pinned, and adapt xtask/src/vendor")
        };
        let bytes =
            read(&mut self.archive, path).map_err(|cause| failed(&self.package).cause(cause))?;
        let text = String::from_utf8(bytes).map_err(|cause| failed(&self.package).cause(cause))?;
        let json = text
            .split("\"\"\"")
            .nth(1)
            .ok_or_else(|| failed(&self.package).cause("it holds no text of three quotes"))?;
        serde_json::from_str(json).map_err(|cause| failed(&self.package).cause(cause))
    }
}

fn only_wheel(folder: &Path) -> Result<PathBuf, Error> {
    let failed = || Error::new(format!("can't list {}", folder.display()));
    let mut wheels = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|cause| failed().cause(cause))? {
        let path = entry.map_err(|cause| failed().cause(cause))?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            wheels.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(wheels) {
        Ok([wheel]) => Ok(wheel),
        Err(wheels) => Err(Error::new(format!(
            "expected one wheel in {}, found {}",
            folder.display(),
            wheels.len()
        ))),
    }
}

fn read(archive: &mut ZipArchive<Cursor<Vec<u8>>>, path: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    archive
        .by_name(path)
        .map_err(|cause| Error::new(path.to_owned()).cause(cause))?
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(path.to_owned()).cause(cause))?;
    Ok(bytes)
}
