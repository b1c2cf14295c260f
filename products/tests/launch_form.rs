//! The launch forms of the machines: what people see.

#[allow(dead_code, reason = "each test file uses a part")]
mod catalog;
mod form;

use catalog::template;
use form::form;

#[test]
fn linux_docker() {
    insta::assert_snapshot!(form(&template("linux-docker")));
}

#[test]
fn notebook() {
    insta::assert_snapshot!(form(&template("notebook")));
}

#[test]
fn windows() {
    insta::assert_snapshot!(form(&template("windows")));
}
