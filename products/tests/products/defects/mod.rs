//! No number of the defect list is forgotten: each is in `defects.yaml`, with a test that is there.

use crate::catalog;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

mod boot;
mod jobs_buckets;
mod launch;
mod notebook;
mod outputs;
mod roles;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    numbers: Numbers,
    /// By number: tests of this program, by their whole path.
    templates: IndexMap<String, Vec<String>>,
    elsewhere: IndexMap<String, Elsewhere>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Numbers {
    last: u32,
    unused: Vec<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    /// A test of another part of the catalog, as FOLDER::TEST.
    test: Option<String>,
    /// Why no part of the catalog can.
    reason: Option<String>,
}

fn table() -> Table {
    let path = "products/tests/products/defects/defects.yaml";
    compute_catalog::yaml::load(path, &catalog::read(path))
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn number(id: u32) -> String {
    format!("D{id:02}")
}

/// The tests of a file, by their names.
fn tests(text: &str) -> BTreeSet<String> {
    text.split("#[test]\n")
        .skip(1)
        .filter_map(|part| {
            let (_, name) = part.split_once("fn ")?;
            Some(name.split_once('(')?.0.to_owned())
        })
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The Rust files of a folder, by their names.
fn rust_files(folder: &Path) -> Vec<(String, String)> {
    std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (stem, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The tests of this program, by the path of their module.
fn own_tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut own = BTreeMap::new();
    let mut folders = vec![(root().join("products/tests/products"), String::new())];
    while let Some((folder, path)) = folders.pop() {
        for (stem, text) in rust_files(&folder) {
            let module = match stem.as_str() {
                "mod" => path.trim_end_matches("::").to_owned(),
                _ => format!("{path}{stem}"),
            };
            own.insert(module, tests(&text));
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let inner = entry.unwrap().path();
            if inner.is_dir() {
                let name = inner.file_name().unwrap().to_str().unwrap();
                folders.push((inner.clone(), format!("{path}{name}::")));
            }
        }
    }
    own
}

/// The numbers in a test's name, such as `d04_d23_every_...`.
fn numbers_of(name: &str) -> impl Iterator<Item = String> {
    name.split('_')
        .map_while(|word| word.strip_prefix('d')?.parse().ok())
        .map(number)
}

#[test]
fn every_number_has_its_place_and_only_one() {
    let table = table();
    let wanted: BTreeSet<String> = (1..=table.numbers.last)
        .filter(|id| !table.numbers.unused.contains(id))
        .map(number)
        .collect();
    let placed: Vec<&String> = table
        .templates
        .keys()
        .chain(table.elsewhere.keys())
        .collect();
    assert_eq!(
        placed.iter().copied().cloned().collect::<BTreeSet<_>>(),
        wanted
    );
    assert_eq!(placed.len(), wanted.len(), "a number stands twice");
}

#[test]
fn every_test_of_the_table_is_there() {
    let table = table();
    let own = own_tests();
    for (id, names) in &table.templates {
        assert!(!names.is_empty(), "{id}");
        for name in names {
            let (file, test) = name.rsplit_once("::").unwrap();
            let found = own.get(file).is_some_and(|tests| tests.contains(test));
            assert!(found, "{id}: there is no test {name}");
        }
    }
    for (id, Elsewhere { test, reason }) in &table.elsewhere {
        match (test, reason) {
            (Some(name), None) => {
                let (folder, test) = name.split_once("::").unwrap();
                // Some are asynchronous: their attribute is the runtime's.
                let declared = format!("fn {test}(");
                let found = rust_files(&root().join(folder))
                    .iter()
                    .any(|(_, text)| text.contains(&declared));
                assert!(found, "{id}: there is no test {name}");
            }
            (None, Some(reason)) => assert!(reason.len() > 40, "{id}: why?"),
            _ => panic!("{id}: a test, or the reason why there is none"),
        }
    }
}

#[test]
fn every_test_that_bears_a_number_stands_in_the_table() {
    let table = table();
    let mut borne = 0;
    for (file, tests) in own_tests() {
        for test in tests {
            for id in numbers_of(&test) {
                borne += 1;
                let name = format!("{file}::{test}");
                let listed = table.templates.get(&id);
                let is_listed = listed.is_some_and(|names| names.contains(&name));
                assert!(is_listed, "{id} doesn't name {name}");
            }
        }
    }
    assert!(borne > 40, "{borne} tests bear a number");
}
