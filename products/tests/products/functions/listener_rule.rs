//! The function that keeps a notebook's path on the load balancer, run with stand-ins for AWS.

#[allow(dead_code, reason = "each test file uses a part")]
use crate::functions::Function;
use serde_json::{Value, json};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:rule";

const RULE: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/notebooks/1/2/3";

fn function(answer: Value) -> Function {
    Function::new(
        "notebook/files/listener_rule.py",
        json!({ "RULE_FUNCTION": FUNCTION }),
        json!({ "lambda.invoke": answer }),
    )
}

fn event(kind: &str) -> Value {
    json!({
        "RequestType": kind,
        "ResponseURL": "https://cloudformation.example/answer",
        "LogicalResourceId": "NotebookListenerRule",
        "PhysicalResourceId": RULE,
        "ResourceProperties": { "InstanceId": "i-new", "TargetGroupArn": "arn:target", "ListenerArn": "arn:listener" },
        "OldResourceProperties": { "InstanceId": "i-old" },
    })
}

#[test]
fn a_replaced_instance_gets_a_new_rule() {
    let Some(run) = function(json!({})).run(&[event("Update")]) else {
        return;
    };
    let calls = run.calls_of("lambda.invoke");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["FunctionName"], FUNCTION);
    assert_eq!(calls[0]["InvocationType"], "Event");
    let handed_on: Value = serde_json::from_str(calls[0]["Payload"].as_str().unwrap()).unwrap();
    assert_eq!(
        handed_on,
        json!({
            "RequestType": "Create",
            "ResponseURL": "https://cloudformation.example/answer",
            "LogicalResourceId": "NotebookListenerRule",
            "ResourceProperties": { "InstanceId": "i-new", "TargetGroupArn": "arn:target", "ListenerArn": "arn:listener" },
        })
    );
    // The account's function answers; a second answer would come in between.
    assert!(run.sent.is_empty());
}

#[test]
fn creation_and_deletion_are_handed_on_as_they_are() {
    for kind in ["Create", "Delete"] {
        let Some(run) = function(json!({})).run(&[event(kind)]) else {
            return;
        };
        let payload = run.calls_of("lambda.invoke")[0]["Payload"]
            .as_str()
            .unwrap();
        assert_eq!(serde_json::from_str::<Value>(payload).unwrap(), event(kind));
    }
}

#[test]
fn what_cannot_be_handed_on_fails_and_says_why() {
    let refused = json!({ "Error": { "Code": "AccessDenied", "Message": "no" } });
    let Some(run) = function(refused).run(&[event("Delete")]) else {
        return;
    };
    assert_eq!(run.sent.len(), 1);
    assert_eq!(run.sent[0]["status"], "FAILED");
    assert_eq!(run.sent[0]["id"], RULE);
    assert!(
        run.sent[0]["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
}

#[test]
fn a_role_that_is_not_known_yet_is_tried_again() {
    let refused = json!({ "Error": { "Code": "AccessDeniedException", "Message": "not yet" } });
    let answers = json!([refused.clone(), refused, {}]);
    let Some(run) = function(answers).run(&[event("Create")]) else {
        return;
    };
    assert_eq!(run.calls_of("lambda.invoke").len(), 3);
    assert!(run.sent.is_empty());
}

/// A creation that fails is rolled back by a deletion, whose physical id is what the failure named:
/// `none` here, the stack's and the logical id where the account's function answers.
#[test]
fn the_deletion_of_a_rule_that_was_never_made_succeeds() {
    for id in ["none", "SC-111122223333-pp-x-NotebookListenerRule-1ABC"] {
        let refused = json!({ "Error": { "Code": "AccessDenied", "Message": "no" } });
        let mut deletion = event("Delete");
        deletion["PhysicalResourceId"] = json!(id);
        let Some(run) = function(refused).run(&[deletion]) else {
            return;
        };
        assert!(run.calls.is_empty(), "{id}");
        assert_eq!(run.sent.len(), 1, "{id}");
        assert_eq!(run.sent[0]["status"], "SUCCESS", "{id}");
        assert_eq!(run.sent[0]["id"], id);
    }
}
