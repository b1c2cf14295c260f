//! A template evaluated for given parameter values is what CloudFormation would make of it.

use compute_catalog::cfn::{Evaluation, IndexMap, Node, Pseudo, Template, read};
use serde_json::{Value as Json, json};

const TEXT: &str = r"
Parameters:
  Size: {Type: String, Default: small, AllowedValues: [small, large]}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Count: {Type: Number, Default: 3}
  Needed: {Type: String}
Mappings:
  Sizes:
    small: {memory: '1024'}
    large: {memory: '4096'}
Conditions:
  IsLarge: !Equals [!Ref Size, large]
  IsNeeded: !Not [!Equals [!Ref Needed, '']]
  Both: !And [!Condition IsLarge, !Condition IsNeeded]
  AtRunTime: !Equals [!Ref 'AWS::NotificationARNs', x]
  LargeAnyway: !Or [!Condition AtRunTime, !Condition IsLarge]
Resources:
  Always:
    Type: Custom::Thing
    Properties:
      Memory: !FindInMap [Sizes, !Ref Size, memory]
      Second: !Select [1, !Ref Names]
      Joined: !Join ['-', [!Ref 'AWS::Region', !Ref Needed]]
      Text: !Sub ['${Here}/${AWS::AccountId}/${!HOME}/${Count}', {Here: !Ref Size}]
      Cut: !Split ['.', x.y]
      Gone: !If [IsLarge, kept, !Ref 'AWS::NoValue']
      Items: [one, !If [IsLarge, two, !Ref 'AWS::NoValue']]
      Unknown: !Sub '${AWS::Region}-${Other.Arn}'
      Import: !ImportValue {'Fn::Sub': '${AWS::Region}-vpc'}
  OnlyLarge:
    Type: Custom::Thing
    Condition: Both
";

fn pseudo() -> Pseudo {
    Pseudo {
        account_id: "111122223333".into(),
        region: "us-east-1".into(),
        partition: "aws".into(),
        stack_name: "stack".into(),
        stack_id: "arn".into(),
    }
}

fn properties(template: &Template, given: &[(&str, &str)]) -> (Json, Option<bool>) {
    let given: IndexMap<String, String> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let pseudo = pseudo();
    let evaluation = Evaluation::new(template, &given, &pseudo).unwrap();
    let always = Node::Map(evaluation.properties(&template.resources["Always"])).to_json();
    (always, evaluation.creates(&template.resources["OnlyLarge"]))
}

#[test]
fn functions_are_evaluated_and_what_is_unknown_stays() {
    let (always, only_large) = properties(&read(TEXT).unwrap(), &[("Needed", "n")]);
    assert_eq!(
        always,
        json!({
            "Memory": "1024",
            "Second": "b",
            "Joined": "us-east-1-n",
            "Text": "small/111122223333/${HOME}/3",
            "Cut": ["x", "y"],
            "Items": ["one"],
            "Unknown": {"Fn::Sub": "us-east-1-${Other.Arn}"},
            "Import": {"Fn::ImportValue": "us-east-1-vpc"},
        })
    );
    assert_eq!(only_large, Some(false));
}

#[test]
fn given_values_take_the_place_of_defaults() {
    let given = [("Needed", "n"), ("Size", "large"), ("Names", "x,y")];
    let (always, only_large) = properties(&read(TEXT).unwrap(), &given);
    assert_eq!(always["Memory"], "4096");
    assert_eq!(always["Second"], "y");
    assert_eq!(always["Gone"], "kept");
    assert_eq!(always["Items"], json!(["one", "two"]));
    assert_eq!(only_large, Some(true));
}

#[test]
fn conditions_are_unknown_only_where_they_must_be() {
    let template = read(TEXT).unwrap();
    let given = |size: &str| {
        IndexMap::from_iter([
            ("Needed".to_owned(), "n".to_owned()),
            ("Size".to_owned(), size.to_owned()),
        ])
    };
    let pseudo = pseudo();
    let small = Evaluation::new(&template, &given("small"), &pseudo).unwrap();
    assert_eq!(small.condition("AtRunTime"), None);
    assert_eq!(small.condition("LargeAnyway"), None);
    let large = Evaluation::new(&template, &given("large"), &pseudo).unwrap();
    assert_eq!(large.condition("LargeAnyway"), Some(true));
}

#[test]
fn parameters_without_value_and_default_are_named() {
    let template = read(TEXT).unwrap();
    let missing = Evaluation::new(&template, &IndexMap::default(), &pseudo()).err();
    assert_eq!(missing, Some(vec!["Needed".to_owned()]));
}
