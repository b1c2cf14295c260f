//! JSON documents with references in them.

use compute_catalog::cfn::{
    Builder, Document, Intrinsic, Json, Node, Output, ParameterDeclaration, Sub, Value, json,
    select,
};
use compute_catalog::resource::logs;

fn document() -> Document {
    let mut builder = Builder::new("a document");
    let log = builder.resource("Log", logs::LogGroup::new());
    let days = builder.parameter("Days", ParameterDeclaration::number());
    let text = Sub::new("${who} said \"${AWS::Region}\"").with("who", log.reference());
    json!({
        "arn": log.arn(),
        "days": &days,
        "said": text,
        "list": [1, "two", [true, null, {"three": 3.5}], -4],
        "shell": "${HOME}",
        "chosen": select::<String>(0, ["a", "b"]),
    })
}

#[test]
fn a_document_is_the_json_that_was_written() {
    let written = Value::<Json>::from(document()).node().to_json();
    assert_eq!(
        written,
        serde_json::json!({
            "arn": {"Fn::GetAtt": ["Log", "Arn"]},
            "days": {"Ref": "Days"},
            "said": {"Fn::Sub": "${Log} said \"${AWS::Region}\""},
            "list": [1, "two", [true, null, {"three": 3.5}], -4],
            "shell": "${HOME}",
            "chosen": {"Fn::Select": [0, ["a", "b"]]},
        })
    );
}

#[test]
fn a_document_as_text_refers_by_sub() {
    let Node::Intrinsic(function) = Value::<String>::from(document()).into_node() else {
        panic!("text that refers is a function");
    };
    let Intrinsic::Sub { text, variables } = *function else {
        panic!("text that refers is Fn::Sub");
    };
    assert_eq!(
        text,
        r#"{"arn":"${Log.Arn}","days":${Days},"said":"${Log} said \"${AWS::Region}\"","list":[1,"two",[true,null,{"three":3.5}],-4],"shell":"${!HOME}","chosen":"${value1}"}"#
    );
    assert_eq!(variables.len(), 1);
}

#[test]
fn a_document_without_references_is_plain_text() {
    let text = Value::<String>::from(json!({"a": ["${b}", "\n"]})).into_node();
    assert_eq!(text, Node::from(r#"{"a":["${b}","\n"]}"#));
}

#[test]
fn what_a_document_refers_to_is_looked_for() {
    let mut builder = Builder::new("a document");
    let mut elsewhere = Builder::new("another template");
    let log = elsewhere.resource("Elsewhere", logs::LogGroup::new());
    let text: Value<String> = json!({"log": &log}).into();
    builder.output("Text", Output::new(text, "refers to nothing"));
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("Elsewhere"), "{error}");
}
