//! Commands that need AWS build the publisher first: a person who waits is told what for.
#![cfg(unix)]

use crate::checkout::{Checkout, Ran};
use std::os::unix::fs::PermissionsExt;

/// A machine on which building the publisher takes so many seconds, and ends with this code.
struct Machine(Checkout);

impl Machine {
    fn new(seconds: &str, code: u8) -> Machine {
        let checkout = Checkout::new();
        let path = |name: &str| checkout.path(name).display().to_string();
        let publisher = "#!/bin/sh\necho \"publisher $*\"\nexit 3\n".to_owned();
        let message = format!(
            r#"{{"reason":"compiler-artifact","target":{{"name":"publisher"}},"executable":"{}"}}"#,
            path("publisher")
        );
        let other = r#"{"reason":"compiler-artifact","target":{"name":"serde"},"executable":null}"#;
        let cargo = format!(
            "#!/bin/sh\nsleep {seconds}\necho '{other}'\necho '{message}'\necho '{{}}'\nexit {code}\n"
        );
        for (name, text) in [("publisher", publisher), ("cargo", cargo)] {
            checkout.write(name, &text);
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(checkout.path(name), executable).unwrap();
        }
        Machine(checkout)
    }

    fn plan(&self) -> Ran {
        let cargo = self.0.path("cargo").display().to_string();
        self.0
            .run_as(&["plan", "--env", "prod"], &[("CARGO", cargo.as_str())])
    }
}

#[test]
fn a_long_build_is_explained_and_a_short_one_is_not() {
    let ran = Machine::new("2", 0).plan();
    assert!(ran.err.contains("Building the publisher"), "{}", ran.err);
    // The publisher gets the same arguments, and its exit code is the command's.
    assert_eq!(
        (ran.out.as_str(), ran.code),
        ("publisher plan --env prod\n", 3)
    );
    let ran = Machine::new("0", 0).plan();
    assert_eq!((ran.err.as_str(), ran.code), ("", 3));
}

#[test]
fn a_publisher_that_does_not_build_is_not_started() {
    let ran = Machine::new("0", 101).plan();
    assert_eq!((ran.out.as_str(), ran.code), ("", 2));
    assert!(
        ran.err
            .starts_with("error: the publisher doesn't build\n  hint: "),
        "{}",
        ran.err
    );
}
