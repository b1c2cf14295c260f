//! The reviewer's report.

use compute_catalog::cfn::read;
use compute_catalog::change::{Report, markdown, text};

const OLD: &str = "
Parameters:
  Kind: {Type: String, Default: plain, AllowedValues: [plain, gpu]}
Mappings:
  Images: {plain: {Id: ami-0aaaaaaaaaaaaaaaa}, gpu: {Id: ami-0bbbbbbbbbbbbbbbb}}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties: {ImageId: !FindInMap [Images, !Ref Kind, Id], InstanceType: t3.small}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 7}
";

fn report() -> Report {
    let new = OLD
        .replace("ami-0bbbbbbbbbbbbbbbb", "ami-0cccccccccccccccc")
        .replace("Days: 7", "Days: 14")
        .replace("[plain, gpu]", "[plain, gpu, a|b]")
        .replace("gpu: {Id", "a|b: {Id: ami-0dddddddddddddddd}, gpu: {Id");
    Report::new(
        "notebook",
        "v2.0.0",
        &read(OLD).unwrap(),
        &read(&new).unwrap(),
    )
}

#[test]
fn the_comment_tells_impact_first_and_folds_the_details() {
    insta::assert_snapshot!("markdown", markdown(&[report()]));
}

#[test]
fn the_terminal_gets_the_same() {
    insta::assert_snapshot!("text", text(&report()));
}

#[test]
fn programs_get_stable_names() {
    let json = report().json();
    assert_eq!(json["bump"], "major");
    assert_eq!(json["worst"], "replaced");
    assert_eq!(json["impact"][0]["id"], "Machine");
    assert_eq!(json["impact"][0]["type"], "AWS::EC2::Instance");
    assert_eq!(json["impact"][0]["reasons"][0]["when"]["Kind"][0], "`gpu`");
    assert_eq!(json["impact"][0]["data"][0]["isDeleted"], true);
    assert_eq!(json["changes"]["mappings"][0]["fate"], "changed");
}
