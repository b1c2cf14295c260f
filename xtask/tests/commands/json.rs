//! `--format json`: one document, whatever was found.

use crate::checkout::Checkout;
use serde_json::Value;

/// Runs a command and reads all that it printed as one document.
fn document(checkout: &Checkout, arguments: &[&str], code: i32) -> Value {
    let ran = checkout.run(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(|o| o.is_empty())
}

#[test]
fn a_catalog_that_is_well_is_one_document_a_command() {
    let checkout = Checkout::new();
    for command in ["generate", "generate --check"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let done = document(&checkout, &arguments, 0);
        for part in ["stale", "missing", "orphaned"] {
            assert!(is_empty(&done[part]), "{command}: {part}: {done}");
        }
    }
    assert!(is_empty(&document(&checkout, &["check"], 0)));
    assert!(is_empty(&document(&checkout, &["vendor", "check"], 0)));
    assert!(document(&checkout, &["diff"], 0)["reports"].is_array());
    assert!(document(&checkout, &["doctor"], 0).is_array());
}

#[test]
fn what_is_wrong_is_in_the_document() {
    let checkout = Checkout::new();
    let stale = "generated/rules.md";
    checkout.replace(stale, "# Rules", "# Rulez");
    checkout.write("generated/left-over.md", "");
    std::fs::remove_file(checkout.path("generated/README.md")).unwrap();
    let found = document(&checkout, &["generate", "--check"], 1);
    let difference = found["stale"][stale].as_str().unwrap();
    assert!(difference.contains("-# Rulez\n+# Rules\n"), "{difference}");
    assert_eq!(found["missing"][0], "generated/README.md");
    assert_eq!(found["orphaned"][0], "generated/left-over.md");
    // Written, the same is what was done.
    assert_eq!(document(&checkout, &["generate"], 0), found);

    let body = "products/notebook/history/v2.0.0.yaml";
    checkout.replace(body, "Description:", "Description: #");
    let findings = document(&checkout, &["check"], 1);
    assert_eq!(findings[0]["rule"], "ledger", "{findings}");

    let file = "vendor/iam-actions.jsonl";
    checkout.replace(file, "{", "{ ");
    let findings = document(&checkout, &["vendor", "check"], 1);
    let named = |finding: &Value| finding["path"] == "iam-actions.jsonl";
    assert!(findings.as_array().unwrap().iter().any(named), "{findings}");
}
