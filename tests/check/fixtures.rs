//! Each rule finds what it is for, and nothing in what is right.

use compute_catalog::cfn::{Suppression, read};
use compute_catalog::check::{
    Check, Finding, check_artifact, check_ledger, check_template, page, rules, unreadable,
};
use compute_catalog::product::{ArtifactFile, FileKind, ProductType};
use compute_catalog::release::Ledger;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Whether a rule looks at the catalog's files: `tests/portfolio/rules.rs` has those, and the sabotages
/// of `xtask` that of versions in accounts.
fn looks_at_files(rule: &str) -> bool {
    let mut of_files = rules()
        .iter()
        .filter(|rule| matches!(rule.check, Check::Catalog(_)));
    rule == "offered-versions" || of_files.any(|one| one.id == rule)
}

/// The files and links that a fixture lists.
fn artifact(text: &str) -> Vec<ArtifactFile> {
    let listed: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    let each = |list: &str, kind: FileKind| -> Vec<ArtifactFile> {
        let names = listed[list].as_sequence().unwrap().iter();
        let file = |name: &serde_yaml::Value| ArtifactFile {
            path: name.as_str().unwrap().to_owned(),
            kind,
            bytes: Vec::new(),
        };
        names.map(file).collect()
    };
    let mut files = each("files", FileKind::Plain);
    files.extend(each("links", FileKind::Link));
    files
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/fixtures")
}

/// The text of a fixture, and what its rule finds in it. A fixture is a template; that of the rule
/// for ledgers is a folder with a ledger and its bodies.
fn findings(rule: &str, fixture: &str) -> (String, Vec<Finding>) {
    let name = format!("{rule}/{fixture}");
    let read_text = |path: &Path| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let key = "fixture".parse().unwrap();
    let path = folder().join(rule).join(fixture);
    let (text, found) = if path.is_dir() {
        let mut bodies = BTreeMap::new();
        for entry in std::fs::read_dir(&path).unwrap() {
            let entry = entry.unwrap();
            let file = entry.file_name().into_string().unwrap();
            bodies.insert(file, std::fs::read(entry.path()).unwrap());
        }
        let text = String::from_utf8(bodies.remove("versions.yaml").unwrap()).unwrap();
        let ledger = Ledger::read(&name, &text).unwrap_or_else(|errors| panic!("{errors:?}"));
        (
            text,
            check_ledger(&key, &ledger, &bodies, ProductType::default()),
        )
    } else {
        let text = read_text(&path.with_extension("yaml"));
        let found = match read(&text) {
            _ if rule == "external-artifact" => {
                check_artifact(&key, &artifact(&text), &[".tf".to_owned()])
            }
            Ok(template) => check_template(&key, &template, &text),
            Err(errors) => {
                assert_eq!(rule, "syntax", "{name}: {errors:?}");
                unreadable(&name, &text, &errors)
            }
        };
        (text, found)
    };
    let of_rule = |finding: &Finding| finding.rule == rule;
    (text, found.into_iter().filter(of_rule).collect())
}

#[test]
fn every_rule_finds_its_fault_at_its_place_and_nothing_in_what_is_right() {
    let mut wrong = Vec::new();
    for rule in rules() {
        if looks_at_files(rule.id) {
            continue;
        }
        let (text, found) = findings(rule.id, "fail");
        let mut wanted: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# finds:"))
            .map(str::trim)
            .collect();
        wanted.sort_unstable();
        assert!(
            !wanted.is_empty(),
            "{}: fail says nothing of what is found",
            rule.id
        );
        let mut paths: Vec<&str> = found.iter().map(|finding| finding.path.as_str()).collect();
        paths.sort_unstable();
        if paths != wanted {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            wrong.push(format!(
                "{}: found {paths:#?}, wanted {wanted:#?}\n{}",
                rule.id,
                found.join("\n")
            ));
        }
        let (_, found) = findings(rule.id, "pass");
        if !found.is_empty() {
            wrong.push(format!("{}: found in pass: {found:#?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_fixture_has_a_rule() {
    let ids: BTreeSet<String> = rules().iter().map(|rule| rule.id.to_owned()).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(ids.contains(&name), "no rule `{name}`");
    }
    assert_eq!(ids.len(), rules().len(), "two rules have one id");
}

#[test]
fn the_page_describes_every_rule() {
    let suppressed = Suppression {
        rule: "tls".to_owned(),
        reason: "it is meant to be".to_owned(),
    };
    let page = page(rules(), &[("one".to_owned(), "Url".to_owned(), suppressed)]);
    assert!(page.contains("\n- one, `Url`, `tls`: it is meant to be\n"));
    for rule in rules() {
        assert!(page.contains(&format!("\n## {}\n", rule.id)), "{}", rule.id);
        assert!(rule.source.starts_with("https://docs."), "{}", rule.id);
        for text in [rule.what, rule.why] {
            assert!(text.ends_with('.'), "{}: {text}", rule.id);
        }
    }
}
