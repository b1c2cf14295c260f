//! What roles may, some call of a rehearsed life asks for: what no call asks for, no rehearsal would miss
//! where a boundary or a new statement took it away. What is left stands here with its reason.

use crate::harness::{Checkout, NOW};
use compute_catalog::cfn::Node;
use compute_catalog::iam::{Decision, Policy, Request, decide};
use compute_catalog::rehearsal::WrittenDecisions;
use compute_catalog::resource;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const PRODUCTS: [&str; 6] = [
    "linux-docker",
    "notebook",
    "windows",
    "s3-private",
    "s3-synapse",
    "scheduled-job",
];

/// What no page says of Service Catalog.
const STACKS: &str =
    "on the product's own stacks it gives nothing that UpdateStack and DeleteStack don't";
/// What no page says of Batch.
const BATCH: &str =
    "AWS's policy for Batch's service role holds it, and no page says when Batch calls it";

/// A statement, an action of it, and why no call asks for it.
const REASONS: &[(&str, &str, &str)] = &[
    (
        "EndOfRoles",
        "iam:ListRoleTags",
        "AWS's schema lists it among the permissions of a role's tags, and for no handler",
    ),
    ("ProductStacks", "cloudformation:CancelUpdateStack", STACKS),
    (
        "ProductStacks",
        "cloudformation:ContinueUpdateRollback",
        STACKS,
    ),
    (
        "ProductStacks",
        "cloudformation:DescribeStackResources",
        STACKS,
    ),
    ("ProductStacks", "cloudformation:GetStackPolicy", STACKS),
    ("ProductStacks", "cloudformation:GetTemplate", STACKS),
    ("ProductStacks", "cloudformation:UntagResource", STACKS),
    ("RunContainers", "ecs:ListTasks", BATCH),
    ("RunContainers", "ecs:TagResource", BATCH),
    ("SeeJobs", "ecs:DescribeTaskDefinition", BATCH),
    ("SeeJobs", "ecs:ListTaskDefinitionFamilies", BATCH),
    ("SeeJobs", "ecs:ListTaskDefinitions", BATCH),
    (
        "StartActions",
        "ssm:GetDocument",
        "no page says whether Systems Manager reads a document as whoever starts it",
    ),
];

/// An action that a statement allows.
type Grant = (String, String);

/// Whether some call asks for it, by what documents of policies grant.
type Asked = BTreeMap<Grant, bool>;

fn list(value: &Value) -> Vec<Value> {
    value
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![value.clone()])
}

/// The request of each decision, with its principal.
fn requests(written: &WrittenDecisions) -> Vec<(usize, Request)> {
    let decisions = written.decisions.iter();
    let request = decisions.map(|decision| {
        let mut request = Request::new(&decision.action, &decision.resource);
        for (key, values) in &decision.context {
            for value in values {
                request = request.with(key, value);
            }
        }
        (decision.principal, request)
    });
    request.collect()
}

/// Notes of each action of a document's statements whether it, alone, allows one of the calls.
fn note(asked: &mut Asked, document: &str, calls: &[&Request]) {
    let document: Value = serde_json::from_str(document).unwrap();
    let statements = list(&document["Statement"]);
    for statement in statements.iter().filter(|one| one["Effect"] == "Allow") {
        for action in list(&statement["Action"]) {
            let mut alone = statement.clone();
            alone["Action"] = action.clone();
            let alone = json!({ "Version": "2012-10-17", "Statement": [alone] });
            let alone = [Policy::read(&Node::from_json(&alone)).unwrap()];
            let is_asked = || {
                calls
                    .iter()
                    .any(|call| decide(&alone, call) == Decision::Allowed)
            };
            let sid = statement["Sid"].as_str().unwrap_or("").to_owned();
            let grant = (sid, action.as_str().unwrap().to_owned());
            let noted = asked.entry(grant).or_default();
            *noted = *noted || is_asked();
        }
    }
}

#[test]
fn what_roles_may_is_asked_for() {
    let managed: Value =
        serde_json::from_str(include_str!("../../vendor/managed-policies.json")).unwrap();
    let managed: Vec<&Value> = managed.as_object().unwrap().values().collect();
    let mut own = Asked::new();
    let mut boundary = Asked::new();
    for product in PRODUCTS {
        let written = Checkout::of(NOW).decisions(product);
        let requests = requests(&written);
        for (principal, policies) in written.principals.iter().enumerate() {
            let calls = requests.iter().filter(|(by, _)| *by == principal);
            let calls: Vec<&Request> = calls.map(|(_, call)| call).collect();
            for document in &policies.identity {
                // What AWS's own policies hold isn't ours to make smaller.
                let read: Value = serde_json::from_str(document).unwrap();
                if !managed.contains(&&read) {
                    note(&mut own, document, &calls);
                }
            }
            if let Some(document) = &policies.boundary {
                note(&mut boundary, document, &calls);
            }
        }
    }
    for asked in [&own, &boundary] {
        assert!(asked.values().filter(|asked| **asked).count() > 50);
    }
    let unasked: BTreeSet<Grant> = [own, boundary]
        .into_iter()
        .flatten()
        .filter(|((sid, action), is_asked)| !is_asked && !is_handlers_own(sid, action))
        .map(|(grant, _)| grant)
        .collect();
    let reasons = REASONS.iter();
    let reasons = reasons.map(|(sid, action, _)| ((*sid).to_owned(), (*action).to_owned()));
    assert_eq!(unasked, reasons.collect::<BTreeSet<Grant>>());
}

/// Whether a statement speaks of resources of the product, and a schema of AWS says that a handler calls
/// the action: to change what no version has changed yet, say.
fn is_handlers_own(sid: &str, action: &str) -> bool {
    const HANDLERS: [&str; 8] = [
        "Batch",
        "CloudFormationStack",
        "EndOfRoles",
        "IAM",
        "KMS",
        "Lambda",
        "Logs",
        "SecretsManager",
    ];
    let listed = || {
        resource::types().any(|one| {
            let permissions = &one.permissions;
            let by_handler = [
                permissions.create,
                permissions.read,
                permissions.update,
                permissions.delete,
                permissions.list,
            ];
            by_handler
                .concat()
                .iter()
                .any(|listed| listed.eq_ignore_ascii_case(action))
        })
    };
    HANDLERS.iter().any(|start| sid.starts_with(start)) && listed()
}
