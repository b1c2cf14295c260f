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
            ran.err.contains(&format!(
                "error: unknown key `documentatoin` in catalog\n --> {settings}:5:3\n"
            )) && ran.err.contains("\n  hint: did you mean `documentation`?"),
            "{}",
            ran.err
        );
        assert!(
            ran.err.contains(&format!(
                "error: unknown key `inteligentTieringAfterDays` in bucket\n --> {settings}:7:3\n"
            )) && ran
                .err
                .contains("\n  hint: did you mean `intelligentTieringAfterDays`?"),
            "{}",
            ran.err
        );
    }
    assert!(before == checkout.snapshot(), "something was written");
}

#[test]
fn broken_syntax_is_located_and_says_where_to_look() {
    let checkout = Checkout::new();
    let settings = "products/s3-private/settings.yaml";
    checkout.replace(settings, "  documentation: ", "  documentation: [");
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    let at_line = ran
        .err
        .lines()
        .any(|line| line.contains(&format!("--> {settings}:")));
    assert!(at_line, "{}", ran.err);
    assert!(ran.err.contains("error: not YAML: "), "{}", ran.err);
    assert!(
        ran.err
            .contains("\n  hint: the mistake is here or in the lines before"),
        "{}",
        ran.err
    );
}

#[test]
fn facts_about_former_versions_that_were_touched_are_refused_where_they_are_wrong() {
    let checkout = Checkout::new();
    let facts = "products/windows/legacy.json";
    checkout.replace(facts, "\"classes\": {", "\"clases\": {");
    checkout.replace("products/notebook/legacy.json", "\"version\"", "version");
    let ran = checkout.run(&["check"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    for expected in [
        "error: unknown field `clases`",
        "--> products/windows/legacy.json:4:12\n",
        "error: key must be a string\n --> products/notebook/legacy.json:3:5\n",
        "\n  hint: restore the file from git",
    ] {
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

/// As another organisation's repository has them, when this repository's program is run there.
#[test]
fn a_product_without_a_model_is_told_and_nothing_of_it_is_removed() {
    let checkout = Checkout::new();
    let settings = checkout.read("products/s3-private/settings.yaml");
    checkout.write("products/team-store/settings.yaml", &settings);
    checkout.write("generated/products/team-store.yaml", "Resources: {}\n");
    let before = checkout.snapshot();
    for command in ["generate", "check"] {
        let ran = checkout.run(&[command]);
        assert_eq!(ran.code, 2, "{command}: {}", ran.out);
        for said in [
            "this program has no product `team-store`",
            "products/team-store/settings.yaml",
            "hint: list its model in products/lib.rs",
        ] {
            assert!(ran.err.contains(said), "{command}: {said}: {}", ran.err);
        }
    }
    assert!(before == checkout.snapshot());
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
fn a_number_that_is_none_of_the_choices_is_answered_with_all_of_them() {
    let checkout = Checkout::new();
    let file = "products/notebook/settings.yaml";
    checkout.replace(file, "retentionDays: 30", "retentionDays: 50");
    let ran = checkout.run(&["check"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("hint: one of: 1, 3, 5, 7"), "{}", ran.err);
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
            .contains("the export `VPCId` has no name in this account\n --> portfolios/environments/prod.yaml:2:10\n"),
        "{}",
        ran.err
    );
}

const LINUX: &str = "products/linux-docker/settings.yaml";

#[test]
fn an_instance_family_is_one_line_of_one_file() {
    let checkout = Checkout::new();
    checkout.replace(LINUX, "t3a.2xlarge,", "t3a.2xlarge, m7a.large, m7a.xlarge,");
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let template = checkout.read("generated/products/linux-docker.yaml");
    assert!(
        template.contains("- m7a.large\n      - m7a.xlarge\n"),
        "{template}"
    );
    assert_eq!(checkout.run(&["check", "linux-docker"]).code, 0);
}

#[test]
fn an_image_is_one_entry_of_one_file_and_its_architecture_decides_what_is_offered() {
    let checkout = Checkout::new();
    checkout.replace(LINUX, "t3a.2xlarge,", "t3a.2xlarge, t4g.large,");
    let before = checkout.snapshot();
    let refused = checkout.run(&["generate"]);
    assert_eq!(refused.code, 2, "{}", refused.out);
    assert!(
        refused.err.contains("t4g.large") && refused.err.contains("arm64"),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains(&format!("{LINUX}:")),
        "{}",
        refused.err
    );
    assert!(before == checkout.snapshot(), "something was written");

    checkout.replace(
        LINUX,
        "  instanceTypes:",
        "    ForArm:\n      architecture: arm64\n      operatingSystem: Amazon Linux 2023\n      rootDevice: /dev/xvda\n      smallestVolumeGib: 30\n      ids: { us-east-1: ami-0123456789abcdef0 }\n  instanceTypes:",
    );
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let template = checkout.read("generated/products/linux-docker.yaml");
    assert!(template.contains("ami-0123456789abcdef0") && template.contains("- t4g.large\n"));
}
