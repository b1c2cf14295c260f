//! One build serves `cargo xtask`, the publisher and `--workspace`: their crates have the same features.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::process::Command;

/// Each crate with its version, and the sets of features with which Cargo builds it.
type Features = BTreeMap<String, BTreeSet<String>>;

/// The crates of a selection of members, as Cargo resolves them.
fn features(selection: &[&str]) -> Features {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none"])
        .args(["--format", "{p}|{f}|"])
        .args(selection)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut found = Features::new();
    // A line is `syn v2.0.119 (proc-macro)|default,full|`, and ` (*)` where its dependencies stand above.
    for line in text.lines().filter(|line| !line.is_empty()) {
        let [krate, features, _] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("cargo tree printed {line:?}");
        };
        let name: Vec<&str> = krate.split(' ').take(2).collect();
        let sets = found.entry(name.join(" ")).or_default();
        sets.insert(features.to_owned());
    }
    found
}

#[test]
fn what_the_workspace_has_built_serves_every_command() {
    let workspace = features(&["--workspace", "--edges", "normal,build,dev"]);
    let mut missing = Vec::new();
    for package in ["xtask", "publisher"] {
        let own = features(&["--package", package, "--edges", "normal,build"]);
        for (krate, sets) in own {
            let wanted = &workspace[&krate];
            for set in sets.difference(wanted) {
                missing.push(format!("{package}: {krate} has [{set}], not {wanted:?}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "built once for --workspace and once more for a command; give the features in xtask/workspace-hack:\n{}",
        missing.join("\n")
    );
}
