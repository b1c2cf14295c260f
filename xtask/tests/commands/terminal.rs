//! What `check` and `diff` show in a terminal.

#[path = "../terminal/mod.rs"]
mod recording;

use crate::checkout::Checkout;
use recording::Recording;
use std::path::Path;

fn recorded(checkout: &Checkout, arguments: &[&str]) -> String {
    let recording = Recording {
        program: Path::new(env!("CARGO_BIN_EXE_xtask")),
        arguments,
        folder: &checkout.path("."),
    };
    recording.text()
}

#[test]
fn check_fits_its_terminal() {
    let checkout = Checkout::new();
    let bucket = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      BucketName: !Sub \"a-name-that-is-far-too-long-for-a-bucket-because-of-${AWS::AccountId}\"\n      BucketNam: data\n";
    checkout.write("bucket.yaml", bucket);
    let text = recorded(&checkout, &["check", "bucket.yaml"]);
    insta::assert_snapshot!("terminal_check", text);
}

#[test]
fn diff_fits_its_terminal() {
    let checkout = Checkout::new();
    let old = "Parameters:\n  Size:\n    Type: String\n    AllowedValues: [small, large]\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: news\n      DisplayName: News\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      RetentionInDays: 30\n";
    let new = old
        .replace("[small, large]", "[small]")
        .replace("TopicName: news", "TopicName: announcements")
        .replace("RetentionInDays: 30", "RetentionInDays: 60");
    checkout.write("old.yaml", old);
    checkout.write("new.yaml", &new);
    let text = recorded(&checkout, &["diff", "old.yaml", "new.yaml"]);
    insta::assert_snapshot!("terminal_diff", text);
}
