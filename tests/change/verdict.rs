//! What a release must be called, and what it tells people.

use compute_catalog::cfn::{Template, read};
use compute_catalog::change::{Base, Verdict, compatibility, diff};
use compute_catalog::product::Bump;
use compute_catalog::release::LegacyVersions;

fn template(text: &str) -> Template {
    read(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

const MACHINE: &str = "
Parameters:
  Size: {Type: Number, Default: 10, MinValue: 8, MaxValue: 100}
  Name: {Type: String, Default: one}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0aaaaaaaaaaaaaaaa, InstanceType: t3.small, Tags: [{Key: Name, Value: !Ref Name}, {Key: Size, Value: !Ref Size}]}
";

fn broken(from: &str, to: &str) -> Vec<String> {
    assert_eq!(MACHINE.matches(from).count(), 1, "{from}");
    let new = template(&MACHINE.replace(from, to));
    let changes = diff(&template(MACHINE), &new);
    compatibility(&changes)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn present_values_that_the_new_form_refuses_are_told() {
    for (from, to, expected) in [
        (
            "MaxValue: 100",
            "MaxValue: 50",
            "Size no longer takes values above 50: products with such a value can't update as they are",
        ),
        (
            "MinValue: 8",
            "MinValue: 9",
            "Size no longer takes values below 9: products with such a value can't update as they are",
        ),
        (
            "Default: one",
            "Default: one, AllowedPattern: '[a-z]+'",
            "Name has another pattern: products whose value doesn't match can't update as they are",
        ),
        (
            "Default: one",
            "Default: one, AllowedValues: [one, two]",
            "Name no longer takes anything but `one`, `two`: products with such a value can't update as they are",
        ),
        (
            "Type: String, Default: one",
            "Type: String",
            "Name no longer has a default",
        ),
        (
            "Type: String",
            "Type: CommaDelimitedList",
            "Name was of type String and is of type CommaDelimitedList",
        ),
        (
            "Default: one",
            "Default: one, MinLength: 3",
            "Name no longer takes texts shorter than 3: products with such a value can't update as they are",
        ),
        (
            "Default: one",
            "Default: one, MaxLength: 9",
            "Name no longer takes texts longer than 9: products with such a value can't update as they are",
        ),
        (
            "Default: 10, MinValue: 8, MaxValue: 100",
            "Default: 10, MinValue: 8, MaxValue: 100, AllowedValues: [10, 20]",
            "Size no longer takes anything but `10`, `20`: products with such a value can't update as they are",
        ),
        (
            "Type: String, Default: one",
            "Type: String, Default: two, AllowedValues: [two]",
            "Name no longer takes `one`, anything but `two`: products with such a value can't update as they are",
        ),
        (
            "Parameters:",
            "Parameters:\n  Owner: {Type: String}",
            "Owner is new and has no default: an update must name a value",
        ),
    ] {
        assert_eq!(broken(from, to), [expected], "{to}");
    }
    // Wider bounds, another default and a new parameter with a default ask nothing of anybody.
    for (from, to) in [
        ("MaxValue: 100", "MaxValue: 200"),
        ("MinValue: 8", "MinValue: 1"),
        ("Default: one", "Default: two"),
        ("Default: 10", "Default: 20"),
        (
            "Parameters:",
            "Parameters:\n  Owner: {Type: String, Default: \"\"}",
        ),
    ] {
        assert!(broken(from, to).is_empty(), "{to}");
    }
}

#[test]
fn a_parameter_that_is_gone_or_has_another_name_loses_what_was_chosen() {
    let without = MACHINE
        .replace(
            "  Size: {Type: Number, Default: 10, MinValue: 8, MaxValue: 100}\n",
            "",
        )
        .replace(", {Key: Size, Value: !Ref Size}", "");
    let renamed = MACHINE
        .replace("  Name: {", "  Title: {")
        .replace("!Ref Name", "!Ref Title");
    for (new, expected) in [
        (without, "Size is gone: what was chosen there is lost"),
        (
            renamed,
            "Title was Name: what was chosen there is not carried over",
        ),
    ] {
        let changes = diff(&template(MACHINE), &template(&new));
        let broken: Vec<String> = compatibility(&changes)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(broken, [expected]);
        let verdict = Verdict::of(&Base::Template(&template(MACHINE)), &template(&new), &[]);
        assert_eq!(verdict.bump, Bump::Major);
        assert!(
            verdict.reasons.contains(&expected.to_owned()),
            "{:?}",
            verdict.reasons
        );
    }
}

#[test]
fn products_of_every_active_version_are_asked_each_once() {
    // The newest version already takes 50 at most; two older ones took more.
    let newest = template(&MACHINE.replace("MaxValue: 100", "MaxValue: 50"));
    let older = compatibility(&diff(&template(MACHINE), &newest));
    let elsewhere = [
        ("v1.0.0".to_owned(), older.clone()),
        ("v1.1.0".to_owned(), older),
    ];
    let verdict = Verdict::of(&Base::Template(&newest), &newest, &elsewhere);
    assert_eq!(
        verdict.reasons,
        [
            "from v1.0.0, v1.1.0: Size no longer takes values above 50: products with such a value can't update as they are"
        ]
    );
}

#[test]
fn without_a_template_the_facts_speak_and_the_rest_is_said_to_be_unknown() {
    let facts = LegacyVersions::read(
        "legacy.json",
        r#"{
  "newest": {
    "version": "v1.5.0",
    "classes": {"Machine": "data"},
    "account": "111122223333",
    "region": "us-east-1",
    "fixed": {"Machine": {"ImageId": "ami-0bbbbbbbbbbbbbbbb"}}
  },
  "versions": {
    "v1.5.0": {
      "parameters": {"Size": {"type": "Number", "default": "10", "least": 8, "most": 200}},
      "resources": {"Machine": "AWS::EC2::Instance", "Gone": "AWS::SNS::Topic"},
      "outputs": ["Address"]
    }
  }
}"#,
    )
    .unwrap();
    let base = Base::LegacyVersions {
        version: "v1.5.0".parse().unwrap(),
        facts: Some(&facts),
    };
    let verdict = Verdict::of(&base, &template(MACHINE), &[]);
    assert_eq!(verdict.bump, Bump::Major);
    assert_eq!(
        verdict.reasons,
        [
            "Machine: replaced by ImageId, and what it holds with it",
            "Gone (AWS::SNS::Topic): removed",
            "the output Address is gone",
            "Size no longer takes values above 100: products with such a value can't update as they are",
            "v1.5.0 was published before this catalog, and its template isn't kept: what else an update from it changes can't be told",
        ]
    );
    assert_eq!(
        verdict.sentence,
        "Replaces what holds your files: save them first."
    );
}

#[test]
fn a_first_version_and_an_equal_one_require_nothing() {
    let new = template(MACHINE);
    assert_eq!(Verdict::of(&Base::None, &new, &[]).bump, Bump::Patch);
    let verdict = Verdict::of(&Base::Template(&new), &new, &[]);
    assert_eq!(verdict.bump, Bump::Patch);
    assert_eq!(verdict.sentence, "What is running stays as it is.");
}
