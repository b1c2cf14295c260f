//! Credentials, tokens and secret values never leave the program, whatever happens to it.

use crate::accounts::{two_accounts, world_of_two, write_profiles};
use crate::checkout::Checkout;
use local_aws::Faults;
use std::path::Path;
use std::process::Command;

/// What must be seen nowhere: the access key, its secret, the token of its session.
const SECRETS: [&str; 3] = ["AKIADEVELOP", "open-sesame", "session-of-"];

/// Everything that the program prints and leaves on disk.
fn traces(checkout: &Checkout, mut command: Command) -> String {
    // As loud as libraries get.
    let output = command
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text += &String::from_utf8(output.stderr).unwrap();
    assert!(!text.is_empty());
    for path in ["target", "plan.json"] {
        collect(&checkout.path(path), &mut text);
    }
    text
}

fn collect(path: &Path, text: &mut String) {
    if path.is_file() {
        *text += &std::fs::read_to_string(path).unwrap();
    }
    for entry in std::fs::read_dir(path).into_iter().flatten() {
        collect(&entry.unwrap().path(), text);
    }
}

fn check(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what}: {secret} in {text}");
    }
    let lower = text.to_lowercase();
    for word in ["x-amz-security-token", "authorization:", "signature="] {
        assert!(!lower.contains(word), "{what}: {word} in {text}");
    }
}

#[test]
fn no_credential_is_in_logs_plans_receipts_or_errors_under_any_fault() {
    let (_, checkout) = two_accounts();
    let stacks = || ["lab-research".to_owned()].into();
    let days = [
        ("a good day", Faults::default()),
        (
            "throttled",
            Faults {
                throttling: 1.0,
                ..Faults::default()
            },
        ),
        (
            "internal errors",
            Faults {
                server_error: 1.0,
                ..Faults::default()
            },
        ),
        (
            "dropped before",
            Faults {
                drop_before: 1.0,
                ..Faults::default()
            },
        ),
        (
            "dropped after",
            Faults {
                seed: 4,
                drop_after: 0.5,
                ..Faults::default()
            },
        ),
        (
            "failing items",
            Faults {
                item_failures: 1.0,
                ..Faults::default()
            },
        ),
        (
            "stale reads",
            Faults {
                seed: 4,
                stale_reads: 0.5,
                ..Faults::default()
            },
        ),
        (
            "expired at once",
            Faults {
                expire_from_call: Some(1),
                ..Faults::default()
            },
        ),
        (
            "expired on the way",
            Faults {
                expire_from_call: Some(40),
                ..Faults::default()
            },
        ),
        (
            "a version that fails",
            Faults {
                failed_versions: ["v2.0.0".to_owned()].into(),
                ..Faults::default()
            },
        ),
        (
            "a change set that fails",
            Faults {
                failed_change_sets: stacks(),
                ..Faults::default()
            },
        ),
        (
            "a stack that rolls back",
            Faults {
                rolled_back_stacks: stacks(),
                ..Faults::default()
            },
        ),
    ];
    for (what, faults) in days {
        let world = world_of_two(faults);
        let _ = std::fs::remove_dir_all(checkout.path("target"));
        let endpoint = world.server.endpoint();
        // Other commands make the same calls.
        let commands: &[&[&str]] = if what == "a good day" {
            &[
                &["plan", "--out", "plan.json"],
                &["publish", "--yes"],
                &["status"],
                &["preflight"],
            ]
        } else {
            &[&["publish", "--yes"]]
        };
        for arguments in commands {
            let arguments = [*arguments, &["--env", "develop"]].concat();
            let text = traces(&checkout, checkout.publisher(endpoint, &arguments));
            check(what, &text);
        }
    }
}

#[test]
fn an_identity_that_is_refused_is_not_printed_with_its_keys() {
    let (world, checkout) = two_accounts();
    write_profiles(&checkout, "AKIAPROD", "AKIADEVELOP");
    let arguments = ["publish", "--env", "develop", "--yes"];
    let command = checkout.publisher(world.server.endpoint(), &arguments);
    let text = traces(&checkout, command);
    check("refused", &text);
    assert!(!text.contains("AKIAPROD"), "{text}");
}
