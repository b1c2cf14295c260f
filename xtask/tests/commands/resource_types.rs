//! `src/resource/` is what the generator writes from `vendor/`, every time.

use crate::checkout::root;
use std::collections::BTreeSet;

use codegen::{FOLDER, HEADER, resource_files};

#[test]
fn the_same_data_gives_the_same_bytes() {
    let vendor = root().join("vendor");
    assert_eq!(
        resource_files(&vendor).unwrap(),
        resource_files(&vendor).unwrap()
    );
}

#[test]
fn the_files_on_disk_are_the_generated_ones_and_no_others() {
    let generated = resource_files(&root().join("vendor")).unwrap();
    let stale: Vec<&String> = generated
        .iter()
        .filter(|(path, text)| {
            std::fs::read_to_string(root().join(path)).ok().as_ref() != Some(text)
        })
        .map(|(path, _)| path)
        .collect();
    assert!(stale.is_empty(), "run `cargo xtask generate`: {stale:?}");

    let mut orphans = BTreeSet::new();
    for folder in [FOLDER.to_owned(), format!("{FOLDER}/facts")] {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && std::fs::read_to_string(&path).unwrap().starts_with(HEADER) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                orphans.insert(format!("{folder}/{name}"));
            }
        }
    }
    orphans.retain(|path| !generated.contains_key(path));
    assert_eq!(orphans, BTreeSet::new());
}
