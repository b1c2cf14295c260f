//! Another organisation adopts the catalog: it writes data files, and nothing else.

use crate::legacy::Checkout;
use compute_catalog::environment::Environments;
use std::path::Path;
use xtask::workspace::Workspace;

/// What only the first organisation has: its name, addresses, accounts, and names of exports.
fn words_of_first_organisation() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let environments = Workspace::containing(&root).unwrap().environments();
    let Environments {
        organization,
        by_key,
    } = environments.unwrap();
    let exports = organization.exports.into_values();
    let mut words: Vec<String> = exports
        .filter_map(|export| export.name)
        .map(|name| name.replace("${AWS::Region}-", ""))
        .collect();
    let support = organization.support;
    words.extend([organization.name, support.email, support.url]);
    let accounts = by_key.values().map(|environment| &environment.account);
    words.extend(accounts.map(|account| account.to_string()));
    for environment in by_key.into_values() {
        words.extend(environment.exports.into_values().map(|name| name.value));
    }
    assert!(words.len() > 20, "{words:?}");
    words
}

#[test]
fn a_second_organisation_generates_checks_releases_and_publishes_by_data_files_alone() {
    let checkout = Checkout::of_second_organisation();
    checkout.generate(false);
    checkout.check();
    for product in ["linux-docker", "s3-private"] {
        checkout.release(product);
    }
    // The pages of products tell their versions.
    checkout.generate(false);
    checkout.generate(true);
    checkout.check();

    let offered = checkout.texts("generated/products");
    assert_eq!(offered.len(), 2, "{offered:?}");
    let ours = words_of_first_organisation();
    for (path, text) in checkout.texts("generated") {
        // The schemas and rules describe every product there is.
        let is_reference = path.starts_with("generated/schemas") || path.ends_with("rules.md");
        for word in ours.iter().filter(|_| !is_reference) {
            assert!(
                !text.contains(word.as_str()),
                "{} holds `{word}`",
                path.display()
            );
        }
    }

    let published = checkout.publisher(&["publish"]);
    assert!(published.contains("121212121212"), "{published}");
    let account = checkout.account();
    for wanted in [
        "Research Machine",
        "Research Bucket",
        "Example Institute",
        "help@example.org",
        "Genome Atlas / 120001",
        "Proteome Atlas / 120002",
        "Another / 999999",
        "arn:aws:iam:::role/lab-*",
        "109876543210",
        "ou-ab12-cdef3456",
        "STACKSET",
        "outreach-execution",
        "Ask the help desk for a larger machine",
        ":launches",
    ] {
        assert!(account.contains(wanted), "the account lacks `{wanted}`");
    }
    for word in &ours {
        assert!(
            !account.contains(word.as_str()),
            "the account holds `{word}`"
        );
    }
    let again = checkout.publisher(&["plan", "--detailed-exit"]);
    assert!(!again.contains("create"), "{again}");
    let preflight = checkout.publisher(&["preflight"]);
    assert!(preflight.contains("Nothing keeps"), "{preflight}");
}
