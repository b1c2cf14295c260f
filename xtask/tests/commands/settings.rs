//! Mistakes in files that people write.

use crate::checkout::Checkout;

#[test]
fn every_typo_is_located_with_its_nearest_name_and_nothing_is_written() {
    let checkout = Checkout::new();
    let settings = "products/s3-private/settings.yaml";
    checkout.replace(
        settings,
        "intelligentTieringAfterDays: 1",
        "inteligentTieringAfterDays: 1",
    );
    checkout.replace(settings, "  documentation: ", "  documentatoin: ");
    let before = checkout.snapshot();
    for command in [&["generate"][..], &["check"], &["generate", "--check"]] {
        let ran = checkout.run(command);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(
            ran.err.contains(&format!("{settings}:5:3: unknown key `documentatoin` in catalog\n  hint: did you mean `documentation`?")),
            "{}",
            ran.err
        );
        assert!(
            ran.err.contains(&format!("{settings}:7:3: unknown key `inteligentTieringAfterDays` in bucket\n  hint: did you mean `intelligentTieringAfterDays`?")),
            "{}",
            ran.err
        );
    }
    assert!(before == checkout.snapshot(), "something was written");
}

#[test]
fn a_mistyped_product_is_answered_with_the_nearest() {
    let ran = Checkout::new().run(&["check", "s3-privat"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("there is no product `s3-privat`\n  hint: did you mean `s3-private`?"),
        "{}",
        ran.err
    );
}

#[test]
fn an_export_that_one_account_lacks_is_named() {
    let checkout = Checkout::new();
    let file = "portfolios/environments/prod.yaml";
    let line = checkout
        .read(file)
        .lines()
        .find(|line| line.contains("VPCId:"))
        .unwrap()
        .to_owned();
    checkout.replace(file, &format!("{line}\n"), "");
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("portfolios/environments/prod.yaml:2:10: the export `VPCId` has no name"),
        "{}",
        ran.err
    );
}
