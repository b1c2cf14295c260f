//! Each rule finds what it is for, and nothing in what is right.

use compute_catalog::cfn::read;
use compute_catalog::check::{Finding, check_template, file_rule, page, rules};
use compute_catalog::portfolio::FileRule;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Whether a rule looks at something else than a template: at a ledger, as `tests/release` has it, or
/// at the catalog's files, as `tests/portfolio/rules.rs` has it.
fn looks_elsewhere(rule: &str) -> bool {
    rule == "ledger" || FileRule::ALL.iter().any(|of| file_rule(*of).id == rule)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/fixtures")
}

fn findings(rule: &str, file: &str) -> (String, Vec<Finding>) {
    let path = folder().join(rule).join(file);
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{rule}/{file}: {error}"));
    let template = read(&text).unwrap_or_else(|errors| panic!("{rule}/{file}: {errors:?}"));
    let key = "fixture".parse().unwrap();
    let found = check_template(&key, &template, &text)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .collect();
    (text, found)
}

#[test]
fn every_rule_finds_its_fault_at_its_place_and_nothing_in_what_is_right() {
    let mut wrong = Vec::new();
    for rule in rules() {
        if looks_elsewhere(rule.id) {
            continue;
        }
        let (text, found) = findings(rule.id, "fail.yaml");
        let mut wanted: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# finds: "))
            .collect();
        wanted.sort_unstable();
        assert!(
            !wanted.is_empty(),
            "{}: fail.yaml says nothing of what is found",
            rule.id
        );
        let mut paths: Vec<&str> = found.iter().map(|finding| finding.path.as_str()).collect();
        paths.sort_unstable();
        if paths != wanted {
            wrong.push(format!("{}: found {found:#?}, wanted {wanted:#?}", rule.id));
        }
        let (_, found) = findings(rule.id, "pass.yaml");
        if !found.is_empty() {
            wrong.push(format!("{}: found in pass.yaml: {found:#?}", rule.id));
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
    let page = page(rules());
    for rule in rules() {
        assert!(page.contains(&format!("\n## {}\n", rule.id)), "{}", rule.id);
        assert!(rule.source.starts_with("https://docs."), "{}", rule.id);
        for text in [rule.what, rule.why] {
            assert!(text.ends_with('.'), "{}: {text}", rule.id);
        }
    }
}
