//! `vendor`: what a person sees of it.
#![cfg(unix)]

use crate::checkout::Checkout;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_refresh_says_what_it_waits_for_and_changes_nothing_where_that_fails() {
    let checkout = Checkout::new();
    checkout.write("bin/python3", "#!/bin/sh\necho 'no network' >&2\nexit 1\n");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(checkout.path("bin/python3"), executable).unwrap();
    let path = checkout.path("bin").display().to_string();
    let before = checkout.snapshot();
    let ran = checkout.run_as(&["vendor", "refresh"], &[("PATH", path.as_str())]);
    assert_eq!(
        ran.err,
        "Fetching cfn-lint from the package index.\n\
         error: pip can't download cfn-lint: no network\n  \
         hint: `python3 -m pip index versions` lists what the package index offers\n"
    );
    assert_eq!((ran.out.as_str(), ran.code), ("", 2));
    assert!(before == checkout.snapshot(), "something was written");
}
