//! Who may depend on whom.

use crate::sources::{root, rust_files};
use std::process::Command;

/// The rooms of the core, top to bottom: a room uses only rooms above it.
const ROOMS: [&str; 13] = [
    "digest",
    "yaml",
    "cfn",
    "resource",
    "iam",
    "product",
    "portfolio",
    "environment",
    "release",
    "check",
    "change",
    "publish",
    "page",
];

#[test]
fn a_room_uses_only_rooms_above_it() {
    let mut wrong = Vec::new();
    for file in rust_files(&["src"]) {
        let Some(room) = file.path.split('/').nth(1) else {
            continue;
        };
        // A small room is one file.
        let room = room.trim_end_matches(".rs");
        let Some(level) = ROOMS.iter().position(|name| *name == room) else {
            assert!(room == "lib", "{} is in no room of this list", file.path);
            continue;
        };
        for (number, line) in file.text.lines().enumerate() {
            for below in &ROOMS[level + 1..] {
                let used = line.contains(&format!("crate::{below}::"))
                    || line.contains(&format!("use crate::{below};"));
                if used && !line.trim_start().starts_with("//") {
                    wrong.push(format!("{}:{}: uses `{below}`", file.path, number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = rust_files(&["src", "products", "xtask", "tests", "benches"])
        .into_iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| file.path)
        .collect();
    assert!(
        silent.is_empty(),
        "these files open without `//!`: {silent:#?}"
    );
}

#[test]
fn the_commands_of_every_day_never_compile_the_aws_sdk() {
    for package in ["compute-catalog", "products", "xtask", "benchmarks"] {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--package",
                package,
                "--edges",
                "normal,build,dev",
                "--prefix",
                "none",
            ])
            .args(["--offline", "--locked"])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(
            tree.contains("serde"),
            "cargo tree printed no dependencies:\n{tree}"
        );
        let sdk: Vec<&str> = tree
            .lines()
            .filter(|line| line.starts_with("aws-"))
            .collect();
        assert!(sdk.is_empty(), "{package} depends on {sdk:?}");
    }
}

#[test]
fn only_the_publisher_names_the_aws_sdk() {
    let wrong: Vec<String> = rust_files(&["src", "products", "xtask/src", "xtask/local-aws/src"])
        .into_iter()
        .filter(|file| file.text.contains("aws_sdk_"))
        .map(|file| file.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_core_touches_no_disk_network_clock_or_environment() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::net",
        "std::time",
        "SystemTime",
        "Instant::now",
        "std::process",
    ];
    let mut wrong = Vec::new();
    for file in rust_files(&["src"]) {
        for word in forbidden {
            if file.text.contains(word) {
                wrong.push(format!("{}: {word}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
