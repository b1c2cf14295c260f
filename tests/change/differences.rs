//! What is a difference, and what is only another spelling.

use compute_catalog::cfn::{Template, read};
use compute_catalog::change::{ChangeKind, diff};

fn template(text: &str) -> Template {
    read(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

const OLD: &str = r#"
Parameters:
  Name: {Type: String, Default: one}
Conditions:
  IsOne: !Equals [!Ref Name, one]
Mappings:
  Sizes: {a: {b: 7}}
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Join ["", [/, !Ref Name, /log]]
      RetentionInDays: !FindInMap [Sizes, a, b]
      Tags: [{Key: a, Value: "1"}, {Key: b, Value: "2"}]
Outputs:
  Name: {Value: !GetAtt Logs.Arn}
"#;

#[test]
fn order_format_and_spelling_are_no_difference() {
    let new = r#"{
      "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Logs", "Arn"]}}},
      "Resources": {"Logs": {"Properties": {
        "Tags": [{"Value": "2", "Key": "b"}, {"Value": "1", "Key": "a"}],
        "RetentionInDays": "7",
        "LogGroupName": {"Fn::Sub": "/${Name}/log"}},
        "Type": "AWS::Logs::LogGroup"}},
      "Mappings": {"Sizes": {"a": {"b": 7}}},
      "Conditions": {"IsOne": {"Fn::Equals": [{"Ref": "Name"}, "one"]}},
      "Parameters": {"Name": {"Default": "one", "Type": "String"}}}"#;
    let changes = diff(&template(OLD), &template(new));
    assert!(changes.is_empty(), "{changes:#?}");
}

#[test]
fn a_renamed_mapping_or_condition_changes_no_resource() {
    let new = OLD.replace("Sizes", "Days").replace("IsOne", "IsFirst");
    let changes = diff(&template(OLD), &template(&new));
    assert!(changes.resources.is_empty(), "{changes:#?}");
    for (named, from) in [(&changes.mappings, "Sizes"), (&changes.conditions, "IsOne")] {
        assert_eq!(named.len(), 1);
        assert_eq!(
            named[0].fate,
            ChangeKind::Renamed {
                from: from.to_owned()
            }
        );
    }
}

#[test]
fn a_change_is_told_with_its_path_and_values() {
    let new = OLD.replace("b: 7", "b: 14");
    let changes = diff(&template(OLD), &template(&new));
    let logs = changes.resource("Logs").unwrap();
    assert_eq!(logs.properties.len(), 1);
    assert_eq!(logs.properties[0].path, ["RetentionInDays"]);
    let case = &logs.properties[0].cases[0];
    assert_eq!(case.old.as_ref().unwrap().scalar_text().unwrap(), "7");
    assert_eq!(case.new.as_ref().unwrap().scalar_text().unwrap(), "14");
    assert!(case.when.is_always());
}
