//! What the line of a version says to those who run an earlier one.

use crate::catalog::catalog;
use compute_catalog::page::{PageSource, ProductPage};

#[test]
fn who_has_a_value_that_is_no_longer_offered_is_told_by_the_label_of_its_field() {
    let catalog = catalog();
    let product = catalog.product("linux-docker");
    let newest = product.ledger.newest_released().unwrap().name;
    let names = ["EC2InstanceType", "VolumeSize"].map(str::to_owned);
    let narrowed = [(newest, names.to_vec())].into();
    let told = |page: &ProductPage| {
        let mut lines = page.versions.iter().flat_map(|version| {
            let impact = version.impact.iter();
            impact.map(|line| (version.name.clone(), line.clone()))
        });
        lines.find(|(_, line)| line.starts_with("Choose anew"))
    };
    // What stands in the ledger is for reviewers: nobody reads a sentence out of it.
    assert_eq!(told(&catalog.page("linux-docker")), None);
    let source = PageSource {
        narrowed: &narrowed,
        ..catalog.source(product)
    };
    let line = "Choose anew for “EC2 Instance Type” and “Disk Size”, where what you have is no longer offered.";
    assert_eq!(
        told(&ProductPage::of(&source)),
        Some((newest.to_string(), line.to_owned()))
    );
}
