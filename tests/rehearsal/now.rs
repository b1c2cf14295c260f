//! Every product lives in an account, as templates and roles stand now.

use crate::harness::{Checkout, NOW};

fn lives(product: &str) {
    let findings = Checkout::of(NOW).findings(product);
    let told: Vec<String> = findings.iter().map(|finding| finding.text()).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn machines_live() {
    lives("linux-docker");
    lives("windows");
}

#[test]
fn notebooks_live() {
    lives("notebook");
}

#[test]
fn buckets_live() {
    lives("s3-private");
    lives("s3-synapse");
}

#[test]
fn jobs_live() {
    lives("scheduled-job");
}
