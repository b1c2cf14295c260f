//! What CloudFormation takes is read, and what it refuses is refused, with the line.

use compute_catalog::cfn::{Node, Template, read, write};

/// A template with these sections, and a log group where there are no resources yet.
fn template(sections: &str) -> String {
    match sections.contains("Resources:") {
        true => sections.to_owned(),
        false => format!("{sections}\nResources: {{Log: {{Type: AWS::Logs::LogGroup}}}}\n"),
    }
}

fn reads(sections: &str) -> Template {
    let text = template(sections);
    let read_once = read(&text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
    let written = write(&read_once, None).unwrap();
    let again = read(&written).unwrap_or_else(|errors| panic!("{written}\n{errors:?}"));
    let without_open = |template: &Template| Template {
        open: Vec::new(),
        ..template.clone()
    };
    assert_eq!(without_open(&read_once), without_open(&again), "{written}");
    read_once
}

fn refuses(sections: &str, part: &str) {
    let text = template(sections);
    let errors = match read(&text) {
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
        Ok(template) => {
            let defects = template.defects().into_iter();
            defects.map(|defect| defect.message).collect::<Vec<_>>()
        }
    };
    assert!(
        errors.iter().any(|error| error.contains(part)),
        "{text}\n{errors:?}"
    );
}

#[test]
fn transforms_have_names_and_parameters() {
    let one = reads("Transform: AWS::LanguageExtensions");
    assert!(one.has_language_extensions() && one.macros().next().is_none());
    let many = reads(
        "Transform: [AWS::LanguageExtensions, {Name: Own, Parameters: {Prefix: a, Count: 2}}]",
    );
    assert_eq!(many.transform[1].parameters["Count"], Node::Integer(2));
    refuses("Transform: [{Nme: Own}]", "did you mean `Name`?");
    refuses("Transform: [{Parameters: {A: b}}]", "needs the Name");
}

#[test]
fn resources_have_what_cloudformation_gives_them() {
    let custom = reads(
        "Resources: {A: {Type: Custom::A, Version: '1.0', Description: why, Properties: {ServiceToken: arn}}}",
    );
    assert_eq!(custom.resources["A"].description.as_deref(), Some("why"));
    let computed = reads(
        "Transform: AWS::LanguageExtensions
Parameters: {Keep: {Type: String}}
Resources: {Log: {Type: AWS::Logs::LogGroup, DeletionPolicy: !Ref Keep}}",
    );
    assert!(computed.resources["Log"].deletion_policy.is_none());
    assert_eq!(computed.defects(), []);
    refuses(
        "Resources: {Log: {Type: AWS::Logs::LogGroup, DeletionPolicy: !Ref Keep}}",
        "the template needs `Transform: AWS::LanguageExtensions`",
    );
    refuses(
        "Resources: {Log: {Type: A::B::C, DeletionPolicy: {Key: text}}}",
        "is text, or a function",
    );
    refuses(
        "Resources: {Log: {Type: A::B::C, DeletionPolicy: Keep}}",
        "no DeletionPolicy",
    );
}

#[test]
fn functions_of_the_language_extensions() {
    let text = "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: 'List<String>', Default: 'a, b'}}
Mappings: {M: {a: {x: one}}}
Outputs:
  One: {Value: !FindInMap [M, b, x, {DefaultValue: two}]}
  Two: {Value: {Fn::Length: !Ref Names}}
  Three: {Value: {Fn::ToJsonString: {a: [1, !Ref AWS::Region]}}}
  Four: {Value: !FindInMap [!Sub M, a, x]}
";
    assert_eq!(reads(text).defects(), []);
    let without = text.replace("Transform: AWS::LanguageExtensions\n", "");
    refuses(&without, "needs `Transform: AWS::LanguageExtensions`");
}

#[test]
fn loops_are_unrolled_before_anything_is_looked_at() {
    let text = "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'one,two-2'}}
Resources:
  Fn::ForEach::Topics:
    - Name
    - [red, blue]
    - Topic${Name}:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !Ref Name, DisplayName: !Sub 'the ${Name} one'}
  Fn::ForEach::More:
    - Name
    - !Ref Names
    - More&{Name}: {Type: AWS::SNS::Topic, Properties: {DisplayName: '${Name}'}}
Outputs:
  Fn::ForEach::Arns:
    - Name
    - [red, blue]
    - Arn${Name}: {Value: !GetAtt 'Topic${Name}.TopicArn'}
";
    let unrolled = reads(text);
    let ids: Vec<&str> = unrolled.resources.keys().map(String::as_str).collect();
    assert_eq!(ids, ["Topicred", "Topicblue", "Moreone", "Moretwo2"]);
    let blue = &unrolled.resources["Topicblue"].properties;
    assert_eq!(blue["TopicName"], Node::from("blue"));
    assert_eq!(unrolled.defects(), []);
    refuses(&text.replace("[red, blue]", "[red, red]"), "a second time");
    refuses(
        "Transform: AWS::LanguageExtensions
Resources: {Fn::ForEach::A: [Name, [a], {x: 1}, more]}",
        "takes a name, a collection and a map",
    );
    // What a loop over something unknown makes isn't known: references to it may be right.
    let unknown = "Transform: AWS::LanguageExtensions
Resources:
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref TopicA}}
  Fn::ForEach::Topics: [Name, !Split [',', !ImportValue names], {'Topic${Name}': {Type: AWS::SNS::Topic}}]
";
    let unknown = reads(unknown);
    assert!(
        unknown
            .defects()
            .iter()
            .all(|defect| defect.unless.is_some())
    );
    assert_eq!(unknown.open.len(), 1);
}

#[test]
fn macros_may_put_in_what_is_not_there() {
    let text =
        "Mappings: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/m.yaml'}}}
Outputs: {One: {Value: !FindInMap [M, a, b]}, Two: {Value: {Fn::Transform: {Name: Own}}}}
";
    let open = reads(text);
    assert!(!open.open.is_empty());
    assert!(open.defects().iter().all(|defect| defect.unless.is_some()));
    refuses(
        "Outputs: {One: {Value: {Fn::Transform: own}}}",
        "takes the Name of a macro",
    );
}

#[test]
fn a_macro_gives_all_properties_or_the_text_of_a_sub() {
    let include = "{Name: AWS::Include, Parameters: {Location: s3://b/k}}";
    for sections in [
        format!(
            "Resources: {{Log: {{Type: AWS::Logs::LogGroup, Properties: !Transform {include}}}}}\n"
        ),
        format!("Outputs: {{A: {{Value: {{Fn::Sub: {{Fn::Transform: {include}}}}}}}}}\n"),
    ] {
        reads(&sections);
    }
}

#[test]
fn texts_are_the_texts_that_cloudformation_reads() {
    let accounts = reads("Mappings: {A: {prod: {id: 098765432109}, dev: {id: '012345670123'}}}");
    let ids = |row: &str| accounts.mappings["A"][row]["id"].scalar_text().unwrap();
    assert_eq!(
        (ids("prod").as_str(), ids("dev").as_str()),
        ("098765432109", "012345670123")
    );
    refuses("Mappings: {A: {012345670123: {x: y}}}", "quote it");
    // Readers differ about it, which the rule `syntax` tells: CloudFormation keeps the text.
    let modes = reads("Mappings: {A: {a: {x: 012345670123}}}");
    assert_eq!(modes.mappings["A"]["a"]["x"], "012345670123".into());
    refuses("Outputs: {A: {Value: }}", "no empty value");
    refuses(
        "Outputs: {A: {Value: {Fn::Ref: Log}}}",
        "`Fn::Ref` is not an intrinsic function",
    );
    reads("Parameters: {A: {Type: String, MinLength: '1', MaxLength: 5, NoEcho: 'true'}}");
    reads("Outputs: {A: {Value: !GetAtt [Log, !Ref Which]}}\nParameters: {Which: {Type: String}}");
    reads("Outputs: {A: {Value: !Select [0, !Cidr [10.0.0.0/16, 4]]}}");
    reads("Outputs: {A: {Value: {Fn::GetStackOutput: {StackName: a, OutputName: b}}}}");
}

#[test]
fn conditions_that_ask_each_other_are_told_and_end_nothing() {
    let circle = "Conditions:
  A: !Not [Condition: B]
  B: !And [Condition: A, Condition: C]
  C: !Equals [!Ref AWS::Region, us-east-1]
Resources: {Log: {Type: AWS::Logs::LogGroup, Condition: A}}
";
    refuses(circle, "conditions ask each other: A → B");
}

#[test]
fn a_body_is_no_longer_than_cloudformation_takes() {
    refuses(
        &format!("Description: {}\n", "x".repeat(1 << 20)),
        "takes templates of at most",
    );
}

#[test]
fn what_some_read_as_a_number_of_base_60_is_quoted() {
    for text in ["0:1", "00:30", "-1:2.5", "190:20:30.15"] {
        let template = reads(&format!(
            "Outputs: {{A: {{Value: {{Fn::Join: [',', ['{text}', b]]}}}}}}"
        ));
        let written = write(&template, None).unwrap();
        assert!(written.contains(&format!("\"{text}\"")), "{written}");
        let mapping = reads(&format!("Mappings: {{A: {{'{text}': {{b: c}}}}}}"));
        let written = write(&mapping, None).unwrap();
        assert!(written.contains(&format!("\"{text}\":")), "{written}");
    }
}
