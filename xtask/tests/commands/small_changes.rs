//! A line of a portfolio or environment file changes a few lines below `generated/`, all in the files
//! that it is about: a reviewer reads them in a minute.

use crate::checkout::Checkout;
use std::collections::BTreeMap;

/// What changes below `generated/`: lines added and taken away, by file.
fn changed(path: &str, from: &str, to: &str) -> BTreeMap<String, Vec<String>> {
    let checkout = Checkout::new();
    checkout.replace(path, from, to);
    let ran = checkout.run(&["generate", "--check"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut file = String::new();
    for line in ran.out.lines() {
        if let Some(stale) = line.strip_prefix("stale: ") {
            file = stale.to_owned();
        } else if line.starts_with("--- ") || line.starts_with("+++ ") {
            // The names of the two sides.
        } else if line.starts_with(['+', '-']) {
            let lines = files.entry(file.clone()).or_default();
            lines.push(line.to_owned());
        }
    }
    assert!(!ran.out.contains("missing: "), "{}", ran.out);
    files
}

/// Holds what changes against the files that may change, and a number of lines.
fn expect(path: &str, from: &str, to: &str, files: &[&str], most: usize) {
    let changed = changed(path, from, to);
    let names: Vec<&str> = changed.keys().map(String::as_str).collect();
    assert_eq!(names, files, "{to}: {changed:#?}");
    let lines: usize = changed.values().map(Vec::len).sum();
    assert!((1..=most).contains(&lines), "{to}: {lines} {changed:#?}");
}

const EC2: &str = "portfolios/ec2.yaml";

#[test]
fn a_principal_is_one_resource_of_one_stack() {
    let added = "  - endUserRole: staff\n  - roleName: research/Analysts";
    let files = ["generated/portfolios/ec2.yaml"];
    expect(EC2, "  - endUserRole: staff", added, &files, 10);
}

#[test]
fn a_share_is_one_resource_of_one_stack() {
    let added = "tagOptions: [CostCenter]\nshares: [{ account: \"111122223333\" }]";
    let files = ["generated/portfolios/ec2.yaml"];
    expect(EC2, "tagOptions: [CostCenter]", added, &files, 10);
}

#[test]
fn a_constraint_is_one_resource_of_one_stack() {
    let files = ["generated/portfolios/ec2.yaml"];
    let never = "  - product: notebook\n    tagUpdate: notAllowed";
    expect(
        EC2,
        "  - product: notebook\n    tagUpdate: allowed",
        never,
        &files,
        2,
    );
}

#[test]
fn a_cost_center_is_an_option_with_its_portfolios() {
    let path = "portfolios/tag-options.yaml";
    let files = ["generated/tag-options.yaml"];
    let added = "values: [Genomics / 123456]";
    expect(path, "values: []", added, &files, 50);
}

#[test]
fn an_export_of_one_account_is_a_line_of_each_template_that_imports_it() {
    let path = "portfolios/environments/prod.yaml";
    let files =
        ["linux-docker", "notebook", "windows"].map(|key| format!("generated/products/{key}.yaml"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    expect(path, &value(path, "VPCId"), "another-VPCId", &files, 6);
}

#[test]
fn an_account_of_its_own_is_a_row_of_each_table() {
    let path = "portfolios/environments/strides.yaml";
    let account = value(path, "account").replace('"', "");
    let mut changed = changed(path, &account, "111122223333");
    // Released templates don't know the account: what an update does there is told anew.
    let told = changed.remove("generated/updates.md").unwrap();
    let mut refused = told.iter().filter(|row| row.contains("can't update"));
    assert!(refused.clone().count() >= 3, "{told:#?}");
    assert!(refused.all(|row| row.contains("| strides |")), "{told:#?}");
    let rows: Vec<&String> = changed.values().flatten().collect();
    assert!((1..=20).contains(&rows.len()), "{changed:#?}");
    let is_row = |row: &&String| row.contains(&account) || row.contains("111122223333");
    assert!(rows.iter().all(is_row), "{changed:#?}");
}

/// The value of a key that stands once in a file.
fn value(path: &str, key: &str) -> String {
    let text = Checkout::new().read(path);
    let mut values = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "));
    let value = values.next().unwrap().to_owned();
    assert_eq!(values.next(), None, "{path}: {key}");
    value
}

#[test]
fn a_description_is_a_line_of_its_stack_and_of_each_page_that_tells_it() {
    let files = [
        "generated/pages/linux-docker.md",
        "generated/pages/notebook.md",
        "generated/pages/windows.md",
        "generated/portfolios/ec2.yaml",
    ];
    let from = "description: EC2 Products";
    expect(EC2, from, "description: Machines", &files, 10);
}
