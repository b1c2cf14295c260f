//! Commands that write many files, on a disk that fills up or stopped midway: nothing half is left.
#![cfg(unix)]

use crate::checkout::{Checkout, root};
use std::process::{Command, Output};

/// Runs a command whose files must not grow beyond what the models need.
fn limited(checkout: &Checkout, before: &str, arguments: &[&str]) -> Output {
    Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -c 0; ulimit -f 1; {before} exec \"$@\""),
        ])
        .args(["sh", env!("CARGO_BIN_EXE_xtask")])
        .args(arguments)
        .current_dir(checkout.path(""))
        .output()
        .unwrap()
}

#[test]
fn what_cannot_be_written_whole_is_not_written() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    let template = root().join("tests/newcomer/team-queue/imported.yaml");
    let template = template.to_str().unwrap();
    let import = ["import", template, "--product", "team-queue", "--offline"];
    let portfolio = ["--portfolio", "scheduled-jobs"];
    let new = ["new", "product", "team-job", "--kind", "job"];
    let external = ["new", "product", "team-dns", "--kind", "external"];
    for arguments in [&import[..], &new, &external] {
        let arguments = [arguments, &portfolio].concat();
        // The limit is an error to those that ignore its signal.
        let full = limited(&checkout, "trap '' XFSZ;", &arguments);
        let told = String::from_utf8(full.stderr).unwrap();
        assert_eq!(full.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains("cannot write "), "{told}");
        assert!(told.contains("all files are as they were"), "{told}");
        assert!(full.stdout.is_empty(), "something is said to be written");
        assert!(
            before == checkout.snapshot(),
            "{arguments:?} left something"
        );

        // It ends those that don't; the next command clears up after them.
        let stopped = limited(&checkout, "", &arguments);
        assert_eq!(stopped.status.code(), None, "{arguments:?} wasn't stopped");
        assert!(checkout.path(".staged").exists(), "{arguments:?}");
        let next = checkout.run(&["vendor", "check"]);
        assert_eq!(next.code, 0, "{}", next.err);
        assert!(
            before == checkout.snapshot(),
            "{arguments:?} left something"
        );
    }
}
