//! Who may depend on whom.

use crate::sources::{root, rust_files};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::process::Command;

/// The rooms of the core, top to bottom: a room uses only rooms above it.
const ROOMS: [&str; 15] = [
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
    "rehearsal",
    "access",
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
            assert!(
                ["lib", "cloudformation", "Cargo.toml"].contains(&room),
                "{} is in no room of this list",
                file.path
            );
            continue;
        };
        for named in rooms_named(&file.text) {
            if ROOMS[level + 1..].contains(&named.as_str()) {
                wrong.push(format!("{}: uses `{named}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The rooms that a file names from the crate's root, wherever in the code: `crate::room::Name`,
/// `use crate::{room, other::Name}`, in macros as well.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    find_rooms(text.parse().unwrap(), &mut named);
    named
}

fn find_rooms(tokens: TokenStream, named: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            find_rooms(group.stream(), named);
        }
        let is_root = matches!(token, TokenTree::Ident(name) if name == "crate");
        let after = tokens
            .get(index + 3)
            .filter(|_| is_root && index + 3 < tokens.len());
        match after {
            Some(TokenTree::Ident(room)) => {
                named.insert(room.to_string());
            }
            Some(TokenTree::Group(list)) => {
                let mut begins = true;
                for token in list.stream() {
                    if let (true, TokenTree::Ident(room)) = (begins, &token) {
                        named.insert(room.to_string());
                    }
                    begins = matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',');
                }
            }
            _ => {}
        }
    }
}

#[test]
fn a_room_is_seen_however_it_is_named() {
    let text = "//! crate::digest::No\nuse crate::{check, iam::{Policy, Role}};\n\
                fn f() { vec![crate::page::of(super::cfn::x)]; } mod m { use crate::yaml; }";
    let named: Vec<String> = rooms_named(text).into_iter().collect();
    assert_eq!(named, ["check", "iam", "page", "yaml"]);
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
