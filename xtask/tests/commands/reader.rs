//! Whoever reads the output may go away, and the disk may be full.

use crate::checkout::Checkout;
use std::fs::File;
use std::process::{Command, Stdio};

/// Every command that prints a result without AWS.
const COMMANDS: [&[&str]; 12] = [
    &["generate"],
    &["generate", "--check"],
    &["check"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif"],
    &["diff"],
    &["diff", "--format", "json"],
    &["preview"],
    &["doctor"],
    &["completions", "bash"],
    &["man"],
    &["vendor", "check"],
];

fn run(checkout: &Checkout, arguments: &[&str], out: Stdio) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(checkout.path(""))
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn a_reader_that_goes_away_ends_every_command_without_a_word() {
    let checkout = Checkout::new();
    for arguments in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (code, said) = run(&checkout, arguments, writer.into());
        assert_eq!(said, "", "{arguments:?}");
        assert_eq!(code, Some(141), "{arguments:?}");
    }
}

#[test]
fn listeners_to_errors_may_go_away_too() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check", "no-such-product"])
        .current_dir(Checkout::new().path(""))
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let (code, said) = run(&Checkout::new(), &["check"], full.into());
    assert!(
        said.starts_with("error: cannot write to standard output: "),
        "{said}"
    );
    assert_eq!(code, Some(2));
}
