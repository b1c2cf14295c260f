//! A checkout of copies is a catalog like any other: every command takes it.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{arguments:?}: {text}");
    text
}

#[test]
fn copies_are_generated_checked_and_compared_like_their_originals() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("copies");
    let copies = env!("CARGO_BIN_EXE_copies");
    run(copies, &["12", folder.to_str().unwrap()], root);

    let catalog = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_catalog"), arguments, &folder);
    catalog(&["generate"]);
    catalog(&["generate", "--check"]);
    let checked = catalog(&["check"]);
    assert!(checked.contains("12 products checked"), "{checked}");
    assert!(checked.contains("nothing found"), "{checked}");
    let compared = catalog(&["diff"]);
    assert_eq!(
        compared.matches("nothing changes").count(),
        12,
        "{compared}"
    );

    // A copy stands where its original stands: released as it is, or not yet.
    let as_released = |key: &str| -> Vec<String> {
        let template = fs::read(folder.join(format!("generated/products/{key}.yaml"))).unwrap();
        let history = fs::read_dir(folder.join(format!("products/{key}/history"))).unwrap();
        let paths = history.map(|entry| entry.unwrap().path());
        let same = paths.filter(|path| fs::read(path).unwrap() == template);
        same.map(|path| path.file_name().unwrap().to_string_lossy().into())
            .collect()
    };
    for product in products::all() {
        let key = product.key();
        assert_eq!(
            as_released(&format!("{key}-1")),
            as_released(key.as_str()),
            "{key}"
        );
    }

    let of_key = |key: &str| {
        let path = folder.join(format!("generated/launch-roles/{key}.yaml"));
        fs::read_to_string(path).unwrap()
    };
    let [original, copy] = ["windows", "windows-1"].map(of_key);
    assert!(copy.contains("/service-catalog/windows-1/"), "{copy}");
    assert_eq!(copy.lines().count(), original.lines().count());
}

#[test]
fn a_number_that_is_no_multiple_of_the_originals_is_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_copies"))
        .args(["7", temporary.path().join("copies").to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("7 products can't be copies of 6"), "{said}");
}
