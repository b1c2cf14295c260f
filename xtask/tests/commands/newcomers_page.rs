//! What `docs/newcomers.md` claims, a test each.

use crate::checkout::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of the functions in the tests below a folder.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["target", ".git", "vendor"].contains(&name.as_str()) {
            functions(&path, found);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).unwrap();
            for marker in ["#[test]", "#[tokio::test"] {
                found.extend(text.split(marker).skip(1).filter_map(|test| {
                    let (_, name) = test.split_once("fn ")?;
                    Some(name.split('(').next()?.to_owned())
                }));
            }
        }
    }
}

#[test]
fn every_claim_for_newcomers_names_a_test_that_there_is() {
    let page = fs::read_to_string(root().join("docs/newcomers.md")).unwrap();
    let mut tests = BTreeSet::new();
    for folder in ["tests", "xtask", "products"] {
        functions(&root().join(folder), &mut tests);
    }
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    let mut claims = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [kind, _, test] = cells.as_slice() else {
            panic!("a claim has three cells: {row}");
        };
        assert!(["stays", "changes", "gain"].contains(kind), "{row}");
        let test = test.trim_matches('`');
        assert!(tests.contains(test), "there is no test `{test}`: {row}");
        claims += 1;
    }
    assert!(claims > 20, "{claims}");
}
