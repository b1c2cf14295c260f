//! Every dependency has a licence that deny.toml allows, and what is pinned is watched for newer ones.

use crate::sources::root;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[test]
fn dependencies_have_licences_that_are_allowed() {
    let deny: Deny =
        toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50);
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none");
        let is_allowed =
            spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|expression| {
                expression.evaluate(|requirement| {
                    requirement
                        .license
                        .id()
                        .is_some_and(|id| deny.licenses.allow.iter().any(|name| name == id.name))
                })
            });
        if !is_allowed {
            wrong.push(format!("{name}: {licence}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every list of other people's tools that is pinned in a folder of scripts is watched for newer ones.
#[test]
fn tools_that_are_pinned_are_watched() {
    let watched = std::fs::read_to_string(root().join(".github/dependabot.yml")).unwrap();
    let mut folders = vec![PathBuf::from("scripts")];
    let mut pinned = 0;
    while let Some(folder) = folders.pop() {
        let entries: Vec<_> = std::fs::read_dir(root().join(&folder))
            .unwrap()
            .map(|entry| entry.unwrap())
            .collect();
        for entry in entries {
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(folder.join(&name));
            } else if ["package.json", "requirements.txt"].contains(&name.as_str()) {
                let folder = format!("/{}", folder.display());
                let is_watched = watched
                    .split([' ', ',', '[', ']', '\n'])
                    .any(|word| word == folder);
                assert!(
                    is_watched,
                    "{folder}/{name} is not in .github/dependabot.yml"
                );
                pinned += 1;
            }
        }
    }
    assert!(pinned >= 4, "only {pinned} lists");
}
