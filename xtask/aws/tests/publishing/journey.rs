//! `try`: products launched, used, updated and ended in a local AWS that stands for an account.

use crate::checkout::Checkout;

/// A journey as `try` plays it; nothing else has been published there before.
fn try_out(checkout: &Checkout, arguments: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["try"], arguments].concat();
    let ran = checkout.run("", &arguments);
    (ran.code, format!("{}{}", ran.out, ran.err))
}

#[test]
fn what_looks_its_network_up_and_what_needs_a_macro_go_all_the_way_and_what_is_missing_is_told() {
    let checkout = Checkout::whole();
    let text = std::fs::read_to_string(checkout.path("portfolios/environments/develop.yaml"));
    let text = text.unwrap();
    let mut lines = text.lines();
    let account = lines.find_map(|line| line.strip_prefix("account: "));
    let account = account.unwrap().trim_matches('"');
    let (code, said) = try_out(&checkout, &["notebook"]);
    assert_eq!(code, Some(0), "{said}");
    for word in [
        &format!("account {account}"),
        &format!("as arn:aws:iam::{account}:role/"),
        "CREATE_COMPLETE          AWS::EC2::Instance LinuxInstance  in AWS the machine boots",
        "SUCCEEDED                Stop",
        "SUCCEEDED                Restart",
        "UPDATE_COMPLETE          AWS::EC2::Instance LinuxInstance",
        "DELETE_COMPLETE          AWS::EC2::Instance LinuxInstance",
        "The whole journey works.",
    ] {
        assert!(said.contains(word), "{word} in {said}");
    }

    let (code, said) = try_out(&checkout, &["s3-synapse", "--set", "SynapseIDs=1234567"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("CREATE_COMPLETE          AWS::S3::Object"),
        "{said}"
    );

    checkout.replace(
        "portfolios/outside.yaml",
        "      AWS::S3::Object:",
        "      AWS::S3::Other:",
    );
    let (code, said) = try_out(&checkout, &["s3-synapse", "--set", "SynapseIDs=1234567"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("CREATE_FAILED            AWS::S3::Object SynapseOwnerFile"),
        "{said}"
    );

    let (code, said) = try_out(&checkout, &["windows", "--as", "nobody"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("hint: choose with `--as`: ServiceCatalogEndusers"),
        "{said}"
    );
}

#[test]
fn nothing_is_tried_in_aws() {
    let checkout = Checkout::whole();
    let ran = checkout.run(
        "https://servicecatalog.us-east-1.amazonaws.com",
        &["try", "notebook"],
    );
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("is no server on this machine"),
        "{}",
        ran.err
    );
}
