//! Whether the resource types on disk are those that the generator would write, without running it.
//!
//! The generator writes a stamp: the digest of all that it read and of its own source, and the
//! digest of each file that it wrote. Where both still hold, running it again would change nothing.

use super::FOLDER;
use crate::vendor::Error;
use compute_catalog::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// The stamp, from the root of the repository.
pub const STAMP: &str = "src/resource/stamp.json";

/// What decides the generated files beside the schemas, whose digests stand in the provenance.
const INPUTS: [&str; 4] = [
    "vendor/PROVENANCE.toml",
    "vendor/patches.yaml",
    "vendor/types.txt",
    "rustfmt.toml",
];

/// The generator itself: another one may write other files.
const GENERATOR: [&str; 10] = [
    include_str!("facts.rs"),
    include_str!("mod.rs"),
    include_str!("module.md"),
    include_str!("name.rs"),
    include_str!("read.rs"),
    include_str!("rustfmt.rs"),
    include_str!("service.rs"),
    include_str!("shape.rs"),
    include_str!("types.rs"),
    include_str!("../vendor/patch.rs"),
];

#[derive(Deserialize, PartialEq, Serialize)]
struct Stamp {
    inputs: Digest,
    files: BTreeMap<String, Digest>,
}

/// The paths of the generated files, where they are what the generator would write now; none where
/// it has to run. The vendored schemas must be what the provenance says.
pub fn fresh_files(root: &Path) -> Option<Vec<String>> {
    let text = std::fs::read(root.join(STAMP)).ok()?;
    let stamp: Stamp = serde_json::from_slice(&text).ok()?;
    if stamp.files.is_empty() || inputs(root)? != stamp.inputs {
        return None;
    }
    let mut paths = vec![STAMP.to_owned()];
    for (path, digest) in stamp.files {
        let file = File::open(root.join(&path)).ok()?;
        if Digest::read(file).ok()? != digest {
            return None;
        }
        paths.push(path);
    }
    Some(paths)
}

/// The stamp of these files.
pub(super) fn stamp(vendor: &Path, files: &BTreeMap<String, String>) -> Result<String, Error> {
    let root = vendor.join("..");
    let inputs = inputs(&root)
        .ok_or_else(|| Error::new(format!("can't read one of {}", INPUTS.join(", "))))?;
    let files = files
        .iter()
        .map(|(path, text)| (path.clone(), Digest::of(text.as_bytes())))
        .collect();
    let json = serde_json::to_string_pretty(&Stamp { inputs, files })
        .map_err(|cause| Error::new(format!("can't write {FOLDER}")).cause(cause))?;
    Ok(format!("{json}\n"))
}

fn inputs(root: &Path) -> Option<Digest> {
    let mut all = Vec::new();
    for path in INPUTS {
        let file = File::open(root.join(path)).ok()?;
        all.extend_from_slice(Digest::read(file).ok()?.hex().as_bytes());
    }
    for source in GENERATOR {
        all.extend_from_slice(Digest::of(source.as_bytes()).hex().as_bytes());
    }
    Some(Digest::of(&all))
}
