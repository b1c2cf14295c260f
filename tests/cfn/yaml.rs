//! Written YAML reads back as the same value, through two independent readers.

use compute_catalog::cfn::{Intrinsic, Map, Node, Resource, Template, read, write};

/// Text that YAML 1.1 or a careless writer would turn into something else.
pub const TRICKY: [&str; 75] = [
    "098765432109",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "y",
    "n",
    "Y",
    "N",
    "true",
    "True",
    "TRUE",
    "false",
    "False",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "~",
    "",
    " ",
    "012",
    "0o14",
    "0x1F",
    "0b11",
    "1_000",
    "12:30",
    "12:30:45",
    "190:20:30",
    "1e3",
    "1.5",
    ".5",
    "-1",
    "+1",
    "123456789012",
    "000400",
    "2010-09-09",
    "2001-12-14t21:59:43.10-05:00",
    "<<",
    "=",
    "-",
    "- a",
    "? a",
    "a: b",
    "a #b",
    "#a",
    "a:",
    ":a",
    "@a",
    "`a",
    "%a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "[a]",
    "{a}",
    ",a",
    "'a'",
    "\"a\"",
    " lead",
    "trail ",
    "a\tb",
    ".inf",
    ".nan",
    "é ☃ 🦀",
];

fn template_of(value: Node) -> Template {
    let mut resource = Resource::new("AWS::SSM::Parameter");
    resource.properties = Map::from_iter([("Value".to_owned(), value)]);
    let mut template = Template {
        description: Some("One parameter".into()),
        ..Template::default()
    };
    template.resources.insert("Parameter".to_owned(), resource);
    template
}

fn other_reader(text: &str) -> serde_yaml::Value {
    let document: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    document["Resources"]["Parameter"]["Properties"]["Value"].clone()
}

#[test]
fn tricky_strings_survive_both_readers_as_values_keys_and_items() {
    for text in TRICKY {
        let value = Node::List(vec![
            text.into(),
            Node::Map(Map::from_iter([(format!("{text}k"), Node::from(text))])),
        ]);
        let template = template_of(value);
        let written = write(&template, None).unwrap();
        assert_eq!(
            read(&written).as_ref(),
            Ok(&template),
            "{text:?} in\n{written}"
        );
        let other = other_reader(&written);
        assert_eq!(other[0].as_str(), Some(text), "{written}");
        assert_eq!(
            other[1][format!("{text}k").as_str()].as_str(),
            Some(text),
            "{written}"
        );
    }
}

#[test]
fn scripts_are_literal_blocks_and_survive() {
    let scripts = [
        "#!/bin/bash\nset -euo pipefail\necho \"${HOME}\" 'x: y'\n",
        "a\n\n\nb",
        "a\n  b\n\tc\n\n",
        "one line\n",
        "\tfirst line starts with a tab\nb\n",
        "\n leading break\n",
        "trailing blanks  \nb\n",
        "bell \u{7} in two\nlines\n",
    ];
    for script in scripts {
        let template = template_of(script.into());
        let written = write(&template, None).unwrap();
        assert_eq!(
            read(&written).as_ref(),
            Ok(&template),
            "{script:?} in\n{written}"
        );
        assert_eq!(other_reader(&written).as_str(), Some(script), "{written}");
    }
    let written = write(&template_of(scripts[0].into()), None).unwrap();
    assert!(
        written.contains("Value: |\n        #!/bin/bash\n"),
        "{written}"
    );
}

#[test]
fn long_and_short_form_are_the_same_template() {
    let short = "Resources:\n  P:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Value: !Sub '${AWS::Region}-x'\n      Type: !GetAtt A.B.C\n      Name: !If [C, !Ref P, !Ref 'AWS::NoValue']\n";
    let long = r#"{"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {
        "Value": {"Fn::Sub": "${AWS::Region}-x"},
        "Type": {"Fn::GetAtt": ["A", "B.C"]},
        "Name": {"Fn::If": ["C", {"Ref": "P"}, {"Ref": "AWS::NoValue"}]}}}}}"#;
    let template = read(short).unwrap();
    assert_eq!(read(long), Ok(template.clone()));
    let json = template.to_json();
    assert_eq!(
        json["Resources"]["P"]["Properties"]["Type"]["Fn::GetAtt"][1],
        "B.C"
    );
    assert_eq!(read(&json.to_string()), Ok(template));
}

#[test]
fn functions_are_written_as_short_tags_at_every_depth() {
    let inner = Intrinsic::Join {
        delimiter: "-".into(),
        values: vec![Intrinsic::Ref("AWS::Region".into()).into(), "a".into()].into(),
    };
    let value = Intrinsic::Base64(Intrinsic::ImportValue(inner.into()).into());
    let template = template_of(value.into());
    let written = write(&template, None).unwrap();
    assert!(written.contains("!Base64"), "{written}");
    // YAML takes one tag a node, so a function right inside another has its long form.
    assert!(written.contains("\"Fn::ImportValue\": !Join"), "{written}");
    assert_eq!(read(&written), Ok(template));
}

#[test]
fn what_is_no_template_is_refused_with_every_line() {
    let text = "Resorces: {}\nResources:\n  A:\n    Typ: AWS::S3::Bucket\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Keep\n    Properties:\n      BucketName: !Sup x\n";
    let shown: Vec<String> = read(text)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        shown,
        [
            "1:1: `Resorces` is no section of a template; did you mean `Resources`?",
            "4:5: `Typ` is no attribute of a resource; did you mean `Type`?",
            "6:21: `Keep` is no DeletionPolicy",
            "8:19: `Sup` is not an intrinsic function",
        ]
    );
}
