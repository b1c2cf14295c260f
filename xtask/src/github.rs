//! What GitHub reads of the organisation: who reviews which files, and where people ask for help.

use crate::generated::COMMAND;
use compute_catalog::environment::{CodeOwner, Organization};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Who reviews what.
const CODE_OWNERS: &str = ".github/CODEOWNERS";
/// What stands beside the templates of issues.
const CONTACTS: &str = ".github/ISSUE_TEMPLATE/config.yml";

/// The files, by path. Without anybody who reviews there is no file of code owners: GitHub would take an
/// empty one for nobody's being needed.
pub fn files(organization: &Organization) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert(CONTACTS.to_owned(), contacts(organization));
    if !organization.code_owners.is_empty() {
        files.insert(CODE_OWNERS.to_owned(), code_owners(organization));
    }
    files
}

/// What is left out because the organisation's file names nobody.
pub fn left_out(organization: &Organization) -> Option<String> {
    organization.code_owners.is_empty().then(|| {
        format!(
            "{CODE_OWNERS} is left out: `codeOwners` of portfolios/organization.yaml names nobody who reviews changes."
        )
    })
}

fn header() -> String {
    format!("# Generated from portfolios/organization.yaml by `{COMMAND}`. Do not edit.\n")
}

/// Later patterns win, so they stand in the order of the organisation's file.
fn code_owners(organization: &Organization) -> String {
    let mut text = header();
    for (pattern, owners) in &organization.code_owners {
        let owners: Vec<&str> = owners
            .iter()
            .map(|CodeOwner(owner)| owner.as_str())
            .collect();
        let _ = writeln!(text, "{} {}", pattern.value, owners.join(" "));
    }
    text
}

/// Help with a product is no issue of this repository.
/// <https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/configuring-issue-templates-for-your-repository#configuring-the-template-chooser>
fn contacts(organization: &Organization) -> String {
    let support = &organization.support;
    // JSON's texts are YAML's.
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "{}blank_issues_enabled: true\ncontact_links:\n  - name: {}\n    url: {}\n    about: {}\n",
        header(),
        text(&support.description),
        text(&support.url),
        text(&format!(
            "Help with a product that you run; or write to {}",
            support.email
        )),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

    use super::*;
    use compute_catalog::yaml::load;

    const ORGANIZATION: &str = "name: Lab\nsupport: { description: \"Help: the \\\"desk\\\"\", email: help@example.org, url: \"https://example.org/#help\" }\n";

    #[test]
    fn who_reviews_stands_in_the_order_written_and_nobody_is_told() {
        let nobody: Organization = load("organization.yaml", ORGANIZATION).unwrap();
        assert!(!files(&nobody).contains_key(CODE_OWNERS));
        assert!(left_out(&nobody).unwrap().contains(CODE_OWNERS));

        let text = format!(
            "{ORGANIZATION}codeOwners:\n  \"*\": [\"@lab/all\"]\n  /products/: [\"@lab/core\", a@example.org]\n"
        );
        let some: Organization = load("organization.yaml", &text).unwrap();
        assert_eq!(left_out(&some), None);
        let owners = &files(&some)[CODE_OWNERS];
        assert!(
            owners.ends_with("* @lab/all\n/products/ @lab/core a@example.org\n"),
            "{owners}"
        );

        let wrong = text.replace("@lab/core", "lab core");
        assert!(load::<Organization>("organization.yaml", &wrong).is_err());
    }

    #[test]
    fn contacts_are_yaml_whatever_they_hold() {
        let organization: Organization = load("organization.yaml", ORGANIZATION).unwrap();
        let text = &files(&organization)[CONTACTS];
        let read: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
        let link = &read["contact_links"][0];
        assert_eq!(link["name"].as_str(), Some("Help: the \"desk\""));
        assert_eq!(link["url"].as_str(), Some("https://example.org/#help"));
    }
}
