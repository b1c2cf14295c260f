//! A folder that an engine reads: what doesn't belong there, and what nobody can say of it.

use crate::checkout::Checkout;
use std::fs;

const PRODUCT: &str = "type: EXTERNAL
catalog:
  name: Team Bucket
  description: A bucket for a team
  documentation: https://example.org/team-bucket
";

const ENGINE: &str = "
externalEngine:
  roles: [TerraformEngine/TerraformExecutionRole*]
";

fn checkout() -> Checkout {
    let checkout = Checkout::new();
    checkout.write("products/team-bucket/external.yaml", PRODUCT);
    let foundation = checkout.read("portfolios/foundation.yaml");
    checkout.write("portfolios/foundation.yaml", &(foundation + ENGINE));
    checkout
}

#[test]
fn what_an_engine_cant_read_is_found_and_not_released() {
    let checkout = checkout();
    let ran = checkout.run(&["check", "team-bucket"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("artifact: there is no file"),
        "{}",
        ran.out
    );

    let folder = "products/team-bucket/artifact";
    let secret = "provider \"aws\" {\n  secret_key = \"wJalrXUtnFEMI\"\n}\n";
    checkout.write(&format!("{folder}/modules/main.tf"), secret);
    checkout.write(&format!("{folder}/terraform.tfstate"), "{}");
    checkout.write(&format!("{folder}/large"), &"x".repeat(4 * 1024 * 1024));
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", checkout.path(&format!("{folder}/users"))).unwrap();
    let before = checkout.snapshot();
    let release = ["release", "team-bucket", "--bump", "major", "--note", "one"];
    for command in [&["check", "team-bucket"][..], &release] {
        let ran = checkout.run(command);
        assert_eq!(ran.code, 1, "{}", ran.err);
        let told = ran.out + &ran.err;
        for line in [
            "artifact: no file ends with .tf: that is what the engine reads",
            "bytes together, and 4194304 are the most that is kept of a version",
            "artifact/modules/main.tf: line 2 holds a `secret_key`",
            "artifact/terraform.tfstate: it is the state of somebody's own run",
            #[cfg(unix)]
            "artifact/users: it is a link",
        ] {
            assert!(told.contains(line), "{line}: {told}");
        }
    }
    assert!(before == checkout.snapshot(), "something was written");

    // What is right is released, and nobody says that it works.
    fs::remove_dir_all(checkout.path(folder)).unwrap();
    checkout.write(&format!("{folder}/main.tf"), "");
    let rehearsed = checkout.run(&["rehearse", "team-bucket"]);
    assert_eq!(rehearsed.code, 1, "{}", rehearsed.out);
    let told = "note: team-bucket: not rehearsed";
    assert!(rehearsed.err.contains(told), "{}", rehearsed.err);
}

#[test]
fn a_product_is_made_by_a_model_or_by_an_engine_and_stays_so() {
    let checkout = checkout();
    let mistake = |text: &str, said: &str| {
        checkout.write("products/team-bucket/external.yaml", text);
        let ran = checkout.run(&["check", "team-bucket"]);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    };
    mistake(
        &PRODUCT.replace("EXTERNAL", "TERRAFORM_OPEN_SOURCE"),
        "TERRAFORM_OPEN_SOURCE",
    );
    let twice = "parameters: [{ key: team }, { key: team }]\n";
    mistake(
        &format!("{PRODUCT}{twice}"),
        "the parameter `team` stands a second time",
    );
    checkout.write("products/s3-private/external.yaml", PRODUCT);
    mistake(PRODUCT, "the product has a settings.yaml too");
    fs::remove_file(checkout.path("products/s3-private/external.yaml")).unwrap();

    // The versions of another type are another product's.
    let ledger = checkout.read("products/s3-private/history/versions.yaml");
    checkout.write("products/team-bucket/history/versions.yaml", &ledger);
    checkout.write("products/team-bucket/artifact/main.tf", "");
    let ran = checkout.run(&["check", "team-bucket"]);
    let said = "its versions are of the type CLOUD_FORMATION_TEMPLATE, and the product is of the type EXTERNAL";
    assert!(ran.out.contains(said), "{}", ran.out);
}
