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
            "#!/bin/sh\necho asked >>{}\nsleep {seconds}\necho '{other}'\necho '{message}'\necho '{{}}'\nexit {code}\n",
            path("asked"),
        );
        for (name, text) in [("publisher", publisher), ("cargo", cargo)] {
            checkout.write(name, &text);
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(checkout.path(name), executable).unwrap();
        }
        Machine(checkout)
    }

    /// What cargo leaves beside the publisher that it has built from these files.
    fn made_from(self, files: &[&str]) -> Machine {
        let paths = files.iter().map(|file| {
            let path = self.0.path(file).display().to_string();
            format!(" {}", path.replace(' ', "\\ "))
        });
        let listed = format!("publisher:{}\n", paths.collect::<String>());
        self.0.write("publisher.d", &listed);
        self
    }

    /// How many times cargo was asked for the publisher while this was done.
    fn asked(&self, done: impl FnOnce()) -> usize {
        let count = || self.0.read("asked").lines().count();
        let before = count();
        done();
        let ran = self.plan();
        assert_eq!(
            (ran.out.as_str(), ran.code),
            ("publisher plan --env prod\n", 3)
        );
        count() - before
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

#[test]
fn cargo_is_asked_again_only_where_something_may_have_changed() {
    let machine = Machine::new("0", 0).made_from(&["a name.rs", "vendor", "products"]);
    for file in [
        "a name.rs",
        "vendor/deep/data.json",
        "products/lib.rs",
        "asked",
    ] {
        machine.0.write(file, "");
    }
    machine.0.write("products/Cargo.toml", "");
    let nothing = || ();
    let write = |file: &'static str| {
        let machine = &machine;
        move || machine.0.write(file, "changed")
    };
    let remove = |file: &'static str| {
        let machine = &machine;
        move || std::fs::remove_file(machine.0.path(file)).unwrap()
    };
    assert_eq!(machine.asked(nothing), 1, "the first time");
    assert_eq!(machine.asked(nothing), 0, "nothing changed");
    assert_eq!(machine.asked(write("README.md")), 0, "not of the program");
    assert_eq!(machine.asked(write("a name.rs")), 1, "a source");
    assert_eq!(
        machine.asked(write("vendor/deep/data.json")),
        1,
        "in a folder"
    );
    assert_eq!(
        machine.asked(write("vendor/deep/new.json")),
        1,
        "a new file"
    );
    assert_eq!(machine.asked(write("Cargo.lock")), 1, "the locked versions");
    assert_eq!(machine.asked(write("products/Cargo.toml")), 1, "a manifest");
    assert_eq!(machine.asked(nothing), 0, "nothing since");
    assert_eq!(
        machine.asked(remove("vendor/deep/new.json")),
        1,
        "a file less"
    );
    // Another build has put another program there: which sources it has, nobody knows.
    let program = machine.0.read("publisher");
    let relink = || machine.0.write("publisher", &program);
    assert_eq!(machine.asked(relink), 1, "another program");
    assert_eq!(
        machine.asked(write("target/publisher/look.json")),
        1,
        "no look"
    );
    assert_eq!(machine.asked(nothing), 0, "looked again");
    // A folder of builds that was copied from another repository tells of that one's sources.
    let other = Machine::new("0", 0).made_from(&["a name.rs"]);
    other.0.write("a name.rs", "");
    other.plan();
    let copied = || {
        machine.0.write(
            "target/publisher/look.json",
            &other.0.read("target/publisher/look.json"),
        )
    };
    assert_eq!(machine.asked(copied), 1, "another repository's");
    // A source that is gone can't be looked at: each time is the first.
    assert_eq!(
        machine.asked(remove("a name.rs")),
        1,
        "a source that is gone"
    );
    assert_eq!(machine.asked(nothing), 1, "it is still gone");
}
