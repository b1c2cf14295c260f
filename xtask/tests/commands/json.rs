//! `--format json`: one document, whatever was found.

use crate::checkout::Checkout;
use serde_json::Value;

/// Runs a command and reads all that it printed as one document, of the form that its schema says.
fn whole(checkout: &Checkout, arguments: &[&str], code: i32) -> Value {
    let ran = checkout.run(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    let document: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", ran.out));
    let command = document["command"].as_str().unwrap().replace(' ', "-");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join(format!("generated/schemas/json/{command}.json"));
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{arguments:?}: {}", errors.join("\n"));
    document
}

/// The result of a command.
fn document(checkout: &Checkout, arguments: &[&str], code: i32) -> Value {
    whole(checkout, arguments, code)["result"].take()
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
    let rehearsed = document(&checkout, &["rehearse", "s3-private"], 0);
    assert_eq!(rehearsed["products"][0]["product"], "s3-private");
}

#[test]
fn what_fails_is_a_document_too() {
    let checkout = Checkout::new();
    let failed = whole(&checkout, &["rehearse", "no-such-product"], 2);
    let error = &failed["error"];
    assert_eq!(error["exit"], 2, "{failed}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("no-such-product"), "{message}");
    let failed = whole(&checkout, &["diff", "--base", "no-such-revision"], 2);
    assert_eq!(failed["error"]["exit"], 2, "{failed}");
    let settings = "products/notebook/settings.yaml";
    checkout.replace(settings, "catalog:", "katalog:");
    let failed = whole(&checkout, &["generate", "--check"], 2);
    let message = failed["error"]["message"].as_str().unwrap();
    assert!(message.contains(settings), "{message}");
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
