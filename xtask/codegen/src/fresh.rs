//! Whether the resource types on disk are those that the generator would write, without running it.
//!
//! The generator writes a stamp: the digest of all that it read and of its own source, and the
//! digest of each file that it wrote. Where both still hold, running it again would change nothing.

use super::FOLDER;
use crate::vendored::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
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

/// The generator itself: another one may write other files. `build.rs` finds all of this crate.
const GENERATOR: &[&str] = &include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The SHA-256 of some bytes, in lower-case hex.
type Digest = String;

fn digest(bytes: &[u8]) -> Digest {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

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
    for (path, known) in stamp.files {
        if digest(&std::fs::read(root.join(&path)).ok()?) != known {
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
        .map(|(path, text)| (path.clone(), digest(text.as_bytes())))
        .collect();
    let json = serde_json::to_string_pretty(&Stamp { inputs, files })
        .map_err(|cause| Error::new(format!("can't write {FOLDER}")).cause(cause))?;
    Ok(format!("{json}\n"))
}

fn inputs(root: &Path) -> Option<Digest> {
    let mut all = String::new();
    for path in INPUTS {
        all.push_str(&digest(&std::fs::read(root.join(path)).ok()?));
    }
    for source in GENERATOR {
        all.push_str(&digest(source.as_bytes()));
    }
    Some(digest(all.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::GENERATOR;

    #[test]
    fn the_stamp_covers_every_file_of_the_generator() {
        let mine = include_str!("fresh.rs");
        let rules = include_str!("property.rs");
        let below = include_str!("vendored/patch.rs");
        let beside = include_str!("module.md");
        for source in [mine, rules, below, beside, include_str!("../Cargo.toml")] {
            assert!(GENERATOR.contains(&source), "{source}");
        }
    }
}
