//! What another value of one parameter does to a running product.

use compute_catalog::cfn::{Template, read};
use compute_catalog::change::{Effect, Kept, ParameterImpact, parameter_impacts};

const TEMPLATE: &str = r##"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Size: { Type: String, Default: t3a.small, AllowedValues: [t3a.small, t3a.large] }
  Disk: { Type: Number, Default: 30 }
  Name: { Type: String, Default: "" }
  Days: { Type: Number, Default: 7 }
  Keep: { Type: String, Default: "no", AllowedValues: ["no", "yes"] }
  Idle: { Type: String }
  System: { Type: String, Default: old, AllowedValues: [old, same, new] }
Mappings:
  Images:
    old: { Id: ami-0123456789abcdef0 }
    same: { Id: ami-0123456789abcdef0 }
    new: { Id: ami-0fedcba9876543210 }
Conditions:
  HasName: !Not [!Equals [!Ref Name, ""]]
  Keeps: !Equals [!Ref Keep, "yes"]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !If [HasName, !Ref Name, !Ref AWS::NoValue]
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Size
      ImageId: !FindInMap [Images, !Ref System, Id]
      BlockDeviceMappings:
        - DeviceName: /dev/xvda
          Ebs: { VolumeSize: !Ref Disk }
  Alias:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Name: !Sub "/machines/${Machine}", Value: on }
  Logs:
    Type: AWS::Logs::LogGroup
    Condition: Keeps
    Properties: { RetentionInDays: !Ref Days }
"##;

fn impact(name: &str) -> ParameterImpact {
    let template: Template = read(TEMPLATE).unwrap();
    parameter_impacts(&template, &Kept::default())
        .shift_remove(name)
        .unwrap()
}

fn effects(name: &str) -> Vec<(String, Effect)> {
    let touched = impact(name).touched.into_iter();
    touched.map(|one| (one.id, one.effect)).collect()
}

fn id(id: &str, effect: Effect) -> (String, Effect) {
    (id.to_owned(), effect)
}

#[test]
fn another_size_interrupts_and_another_disk_replaces() {
    assert_eq!(effects("Size"), [id("Machine", Effect::Interrupted)]);
    // What refers to the machine goes with it.
    assert_eq!(
        effects("Disk"),
        [
            id("Machine", Effect::Replaced),
            id("Alias", Effect::Replaced)
        ]
    );
}

#[test]
fn what_is_lost_and_what_is_left_behind_is_told() {
    let disk = impact("Disk");
    assert_eq!(disk.touched[0].lost, ["files on the machine"]);
    let name = impact("Name");
    assert_eq!(name.touched[0].effect, Effect::Replaced);
    assert_eq!(name.touched[0].left, ["objects"]);
    assert!(name.touched[0].lost.is_empty());
}

#[test]
fn conditions_are_followed() {
    assert_eq!(effects("Keep"), [id("Logs", Effect::Added)]);
    // The log group is not there by default.
    assert_eq!(effects("Days"), []);
    assert_eq!(effects("Idle"), []);
}

#[test]
fn each_value_that_a_mapping_is_asked_for_is_tried() {
    let system = impact("System");
    let machine = &system.touched[0];
    assert_eq!(
        (machine.id.as_str(), machine.effect),
        ("Machine", Effect::Replaced)
    );
    assert!(!machine.always, "only the third value has another image");
}
