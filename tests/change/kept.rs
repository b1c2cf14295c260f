//! What a script leaves alone on a running machine isn't told as changed in place.

use compute_catalog::cfn::Places;
use compute_catalog::cfn::read;
use compute_catalog::change::{Effect, Imports, Kept, diff, impact_in, parameter_impacts};

const MACHINE: &str = r#"
Parameters:
  Kind: {Type: String, Default: one, AllowedValues: [one, other]}
  Group: {Type: String, Default: a}
Mappings:
  Kinds: {one: {Image: "x:1", Proxy: "p:1"}, other: {Image: "y:1", Proxy: "q:1"}}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        configSets: {Setup: [product]}
        product:
          files:
            /opt/stack.env:
              content: !Sub
                - |
                  KIND=${Kind}
                  IMAGE=${Image}
                  PROXY=${Proxy}
                  GROUP=${Group}
                - Image: !FindInMap [Kinds, !Ref Kind, Image]
                  Proxy: !FindInMap [Kinds, !Ref Kind, Proxy]
            /etc/cfn/hooks.d/reload.conf:
              content: |
                [reload]
                triggers=post.update
                path=Resources.Machine.Metadata.AWS::CloudFormation::Init
                action=cfn-init --resource Machine --configsets Setup
          services: {systemd: {cfn-hup: {enabled: true, ensureRunning: true}}}
    Properties: {ImageId: ami-0aaaaaaaaaaaaaaaa, InstanceType: t3.small}
"#;

const KEPT: &str = "
- line: KIND
  keeps: [KIND, IMAGE, PROXY]
  instead: it stays of its kind
- line: IMAGE
  keeps: [IMAGE]
  instead: it stays on its image
";

fn told(from: &str, to: &str, kept: &str) -> (Effect, String) {
    let old = read(MACHINE).unwrap();
    let changed = MACHINE.replace(from, to);
    assert_ne!(changed, MACHINE, "{from}");
    let new = read(&changed).unwrap();
    let kept = Kept::read("kept.yaml", kept).unwrap();
    let changes = diff(&old, &new);
    let impact = impact_in(
        &old,
        &new,
        &changes,
        &Places::anywhere(),
        &kept,
        &Imports::default(),
    );
    let machine = &impact.resources[0];
    (machine.effect, machine.reasons[0].why.clone())
}

#[test]
fn a_line_that_a_script_leaves_alone_is_not_applied() {
    let image = told("Image: \"x:1\"", "Image: \"x:2\"", KEPT);
    assert_eq!(
        image,
        (Effect::NotApplied, "it stays on its image".to_owned())
    );
    let told_without = told("Image: \"x:1\"", "Image: \"x:2\"", "[]");
    assert_eq!(told_without.0, Effect::InPlace);
    // The proxy follows its settings.
    assert_eq!(
        told("Proxy: \"p:1\"", "Proxy: \"p:2\"", KEPT).0,
        Effect::InPlace
    );
    let both = told("\"x:1\", Proxy: \"p:1\"", "\"x:2\", Proxy: \"p:2\"", KEPT);
    assert_eq!(both.0, Effect::InPlace);
}

#[test]
fn another_value_that_is_kept_is_not_applied_with_all_that_goes_with_it() {
    let kept = Kept::read("kept.yaml", KEPT).unwrap();
    let impacts = parameter_impacts(&read(MACHINE).unwrap(), &kept);
    assert_eq!(impacts["Kind"].worst(), Effect::NotApplied);
    let instead = impacts["Kind"].touched[0].instead.as_deref();
    assert_eq!(instead, Some("it stays of its kind"));
    assert_eq!(impacts["Group"].worst(), Effect::InPlace);
    assert_eq!(impacts["Group"].touched[0].instead, None);
}

#[test]
fn a_misspelt_field_is_told() {
    let errors = Kept::read("kept.yaml", "- line: A\n  keep: [A]\n").unwrap_err();
    assert!(
        errors
            .iter()
            .any(|error| error.to_string().contains("`keep`")),
        "{errors:?}"
    );
}
