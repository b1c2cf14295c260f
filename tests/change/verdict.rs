//! What a release must be called, and what it tells people.

use compute_catalog::cfn::{Template, read};
use compute_catalog::change::{Accounts, Body, Running, Verdict, compatibility, diff};
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
        let verdict = Verdict::between(&template(MACHINE), &template(&new), &Accounts::default());
        assert_eq!(verdict.bump, Bump::Major);
        assert!(
            verdict.reasons.contains(&expected.to_owned()),
            "{:?}",
            verdict.reasons
        );
    }
}

/// A verdict over versions, oldest first: `v1.0.0`, `v1.1.0` and so on.
fn over(versions: &[&Template], new: &Template) -> Verdict {
    let running: Vec<Running<'_>> = versions
        .iter()
        .enumerate()
        .map(|(index, template)| Running {
            name: format!("v1.{index}.0").parse().unwrap(),
            body: Body::Template(template),
        })
        .collect();
    Verdict::of(&running, new, &Accounts::default())
}

#[test]
fn products_of_every_version_are_told_and_the_step_is_what_is_new_for_them() {
    let first = template(MACHINE);
    let image = template(&MACHINE.replace("ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb"));
    let text = MACHINE
        .replace("ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb")
        .replace("Key: Name", "Key: Title");
    // The machine of the first version is replaced, whatever the last step was.
    let verdict = over(&[&first, &image], &template(&text));
    assert_eq!(verdict.bump, Bump::Patch, "{:?}", verdict.reasons);
    assert_eq!(
        verdict.sentence,
        "From v1.0.0: Replaces the machine: files on it are lost. Save them first. \
         From v1.1.0: Updates what is running without an interruption."
    );
    // Back to the first image: news for the second version alone.
    let verdict = over(&[&first, &image], &first);
    assert_eq!(verdict.bump, Bump::Major);
    assert_eq!(
        verdict.sentence,
        "From v1.1.0: Replaces the machine: files on it are lost. Save them first. \
         From v1.0.0: What is running stays as it is."
    );
}

#[test]
fn a_shorter_list_of_refused_values_is_no_news() {
    let list = |values: &str| {
        template(&MACHINE.replace(
            "Default: one}",
            &format!("Default: one, AllowedValues: [{values}]}}"),
        ))
    };
    let (first, second) = (list("one, two, three"), list("one"));
    let verdict = over(&[&first, &second], &list("one, two"));
    assert_eq!(verdict.bump, Bump::Minor, "{:?}", verdict.reasons);
    let wider = over(&[&template(MACHINE), &second], &list("one, four"));
    assert_eq!(wider.bump, Bump::Minor, "{:?}", wider.reasons);
    // What the newest version took, and the next one doesn't, is.
    let verdict = over(&[&first, &list("one, two")], &list("one, three"));
    assert_eq!(verdict.bump, Bump::Major);
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
      "resources": {"Machine": "AWS::EC2::Instance", "Gone": "Acme::Things::Thing"},
      "outputs": ["Address"]
    }
  }
}"#,
    )
    .unwrap();
    let running = [Running {
        name: "v1.5.0".parse().unwrap(),
        body: Body::Facts(&facts),
    }];
    let verdict = Verdict::of(&running, &template(MACHINE), &Accounts::default());
    assert_eq!(verdict.bump, Bump::Major);
    assert_eq!(
        verdict.reasons,
        [
            "Machine: replaced by Properties.ImageId",
            "Machine: files on the machine: the root volume is deleted with the machine",
            "Gone: removed",
            "Gone: what it holds: nothing is known here of this type: it may hold data",
            "Size no longer takes values above 100: products with such a value can't update as they are",
            "the output Address is gone",
            "v1.5.0 was published before this catalog, and its template isn't kept: what else an update from it changes can't be told",
        ]
    );
    assert_eq!(
        verdict.sentence,
        "Replaces the machine: files on it are lost. Save them first."
    );
}

#[test]
fn a_first_version_and_an_equal_one_require_nothing() {
    let new = template(MACHINE);
    assert_eq!(
        Verdict::of(&[], &new, &Accounts::default()).bump,
        Bump::Patch
    );
    let verdict = Verdict::between(&new, &new, &Accounts::default());
    assert_eq!(verdict.bump, Bump::Patch);
    assert_eq!(verdict.sentence, "What is running stays as it is.");
}
