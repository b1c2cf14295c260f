//! The reviewer's report.

use compute_catalog::cfn::read;
use compute_catalog::change::{Accounts, Report, markdown, text};

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
        &Accounts::default(),
    )
}

#[test]
fn the_comment_tells_impact_first_and_folds_the_details() {
    insta::assert_snapshot!("markdown", markdown(&[report()], &[]));
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

const ROLE: &str = r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: servicecatalog.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: one
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: !Sub "arn:aws:s3:::${AWS::AccountId}-one/*"}
              - {Effect: Allow, Action: "ec2:RunInstances", Resource: "*"}
"#;

fn of_role(new: &str) -> Report {
    let (old, new) = (read(ROLE).unwrap(), read(new).unwrap());
    Report::of_stack(
        "launch-roles/one.yaml",
        "v1",
        &old,
        &new,
        &Accounts::default(),
    )
}

#[test]
fn a_role_is_told_by_what_it_may_do_more_and_less() {
    let new = ROLE
        .replace(", \"s3:PutObject\"]", ", \"s3:DeleteObject\"]")
        .replace(
            "\"ec2:RunInstances\", Resource: \"*\"",
            "\"ec2:RunInstances\", Resource: \"*\", Condition: {StringEquals: {\"aws:RequestedRegion\": us-east-1}}",
        )
        .replace("servicecatalog.amazonaws.com", "ec2.amazonaws.com");
    let report = of_role(&new);
    insta::assert_snapshot!("role_text", text(&report));
    insta::assert_snapshot!("role_markdown", markdown(&[report], &[]));
}

#[test]
fn statements_written_another_way_grant_the_same() {
    let new = ROLE.replace(
        "              - {Effect: Allow, Action: [\"s3:GetObject\", \"s3:PutObject\"], Resource: !Sub \"arn:aws:s3:::${AWS::AccountId}-one/*\"}\n",
        "              - {Effect: Allow, Action: \"s3:PutObject\", Resource: !Join [\"\", [\"arn:aws:s3:::\", !Ref AWS::AccountId, \"-one/*\"]]}\n              - {Effect: Allow, Action: \"s3:GetObject\", Resource: !Sub \"arn:aws:s3:::${AWS::AccountId}-one/*\"}\n",
    );
    assert_ne!(new, ROLE);
    assert!(of_role(&new).roles.is_empty(), "{:#?}", of_role(&new).roles);
}

#[test]
fn a_stack_has_no_release() {
    let json = of_role(&ROLE.replace("s3:PutObject", "s3:DeleteObject")).json();
    assert_eq!(json["topic"], "stack");
    assert!(json["bump"].is_null() && json["sentence"].is_null());
    let role = &json["roles"][0];
    assert_eq!(role["granted"][0]["effect"], "allow");
    assert_eq!(role["granted"][0]["actions"][0], "s3:DeleteObject");
    assert_eq!(role["removed"][0]["actions"][0], "s3:PutObject");
}
