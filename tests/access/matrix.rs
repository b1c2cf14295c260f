//! Answers to questions.

use crate::account::Account;
use compute_catalog::access::{Matrix, Whose};

const PRODUCT: &str = r#"
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-0123456789abcdef0, InstanceType: t3.micro }
  Logs:
    Type: AWS::Logs::LogGroup
"#;

fn statement(text: &str) -> String {
    format!(
        r#"[{{ PolicyName: own, PolicyDocument: {{ Version: "2012-10-17", Statement: [{text}] }} }}]"#
    )
}

fn answers(people: &str, question: &str) -> [String; 2] {
    let mut account = Account::of(PRODUCT);
    account.people = statement(people);
    account.ask(|cast, questions| {
        let matrix = Matrix::new(cast, questions).unwrap();
        [Whose::Own, Whose::Others].map(|whose| {
            let answer = matrix.of("people", question, whose);
            answer.map_or_else(String::new, |answer| answer.text())
        })
    })
}

#[test]
fn a_condition_on_the_session_tells_own_machines_from_those_of_others() {
    let tagged = r#"{ Effect: Allow, Action: "ssm:StartSession", Resource: "*", Condition: { StringEquals: { "ssm:resourceTag/Approved": "${aws:userid}" } } }"#;
    assert_eq!(answers(tagged, "machine-session"), ["yes", "no"]);
    let open = r#"{ Effect: Allow, Action: "ssm:StartSession", Resource: "*" }"#;
    assert_eq!(answers(open, "machine-session"), ["yes", "yes"]);
}

#[test]
fn the_level_of_service_catalog_tells_own_products() {
    let own = r#"{ Effect: Allow, Action: "servicecatalog:*", Resource: "*", Condition: { StringEquals: { "servicecatalog:userLevel": self } } }"#;
    assert_eq!(answers(own, "product-change"), ["yes", "no"]);
}

#[test]
fn some_of_the_calls_are_named() {
    let some = r#"{ Effect: Allow, Action: "ec2:StopInstances", Resource: "*" }"#;
    assert_eq!(
        answers(some, "machine-power"),
        ["StopInstances", "StopInstances"]
    );
    assert_eq!(answers(some, "machine-end"), ["no", "no"]);
}

#[test]
fn a_denial_wins() {
    let both = r#"{ Effect: Allow, Action: "logs:*", Resource: "*" }, { Effect: Deny, Action: "logs:GetLogEvents", Resource: "*" }"#;
    assert_eq!(answers(both, "logs-read"), ["no", "no"]);
    assert_eq!(answers(both, "logs-end"), ["yes", "yes"]);
}

#[test]
fn every_question_is_asked_of_what_has_nothing_to_do_with_the_catalog() {
    let mut account = Account::of(PRODUCT);
    account.people = statement(r#"{ Effect: Allow, Action: "*", Resource: "*" }"#);
    account.ask(|cast, questions| {
        let matrix = Matrix::new(cast, questions).unwrap();
        for question in &questions.questions {
            let answer = matrix.of("people", &question.id, Whose::Elsewhere);
            let answer = answer.map_or_else(String::new, |answer| answer.text());
            // The role doesn't let people in, whatever they may.
            let expected = match question.id.as_str() {
                "role-assume" => "no",
                _ => "yes",
            };
            assert_eq!(answer, expected, "{}", question.id);
        }
    });
}

#[test]
fn tags_of_product_stacks_tell_machines_from_those_elsewhere() {
    let tagged = r#"{ Effect: Allow, Action: "ec2:TerminateInstances", Resource: "*", Condition: { StringLike: { "aws:ResourceTag/aws:cloudformation:stack-name": "SC-*" } } }"#;
    let mut account = Account::of(PRODUCT);
    account.people = statement(tagged);
    account.ask(|cast, questions| {
        let matrix = Matrix::new(cast, questions).unwrap();
        let answer = |whose| matrix.of("people", "machine-end", whose).unwrap().text();
        assert_eq!(answer(Whose::Others), "yes");
        assert_eq!(answer(Whose::Elsewhere), "no");
    });
}
