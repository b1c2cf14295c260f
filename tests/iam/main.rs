//! Policies as models write them, as templates hold them and as IAM decides them.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

use compute_catalog::cfn::{Json, Node, Value, pseudo, sub};
use compute_catalog::iam::{
    Condition, Decision, Policy, PolicyDocument, Principal, Request, Statement, actions, decide,
};

fn node(document: PolicyDocument) -> Node {
    Value::<Json>::from(document).into_node()
}

fn policy(document: PolicyDocument) -> Policy {
    Policy::read(&node(document)).unwrap()
}

#[test]
fn a_document_reads_as_a_person_would_write_it() {
    let document = PolicyDocument::new([
        Statement::allow("ReadOwnSecret")
            .actions(["secretsmanager:GetSecretValue"])
            .on([sub("arn:${AWS::Partition}:secretsmanager:*:*:secret:x")]),
        Statement::deny("TlsOnly")
            .principal(Principal::Anyone)
            .actions(["s3:GetObject", "s3:PutObject"])
            .on(["a", "b"])
            .when(Condition::bool("aws:SecureTransport", false)),
    ]);
    let expected = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadOwnSecret",
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:*:*:secret:x"}
            },
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": ["a", "b"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}}
            }
        ]
    });
    let written = node(document).to_json();
    // Compared as text: the order of keys is part of the promise.
    assert_eq!(written.to_string(), expected.to_string());
}

#[test]
fn a_trust_policy_can_be_bound_to_the_account() {
    let document = PolicyDocument::trust_within_account(["servicecatalog.amazonaws.com"]);
    let json = node(document).to_json();
    let statement = &json["Statement"][0];
    assert_eq!(
        statement["Principal"]["Service"],
        "servicecatalog.amazonaws.com"
    );
    assert_eq!(
        statement["Condition"]["StringEquals"]["aws:SourceAccount"],
        pseudo::account_id().into_node().to_json()
    );
}

#[test]
fn every_fault_of_a_document_is_found() {
    let actions = actions();
    let document = PolicyDocument::new([
        Statement::allow("Read")
            .actions(["s3:GetObject", "s3:GetObjekt", "s3:*"])
            .on_any()
            .when(Condition::string_equals("aws:PrincipalTag/a", ["1"]))
            .when(Condition::string_equals("aws:principaltag/A", ["2"])),
        Statement::allow("Read")
            .actions(["nosuch:Thing", "nothing"])
            .on_any(),
        Statement::allow("not-a-sid").on_any(),
    ]);
    let faults: Vec<String> = document
        .faults(actions)
        .into_iter()
        .map(|fault| fault.message)
        .collect();
    assert_eq!(
        faults,
        [
            "IAM has no action `s3:GetObjekt`\n  hint: did you mean `s3:GetObject`?",
            "`s3:*` has a wildcard",
            "a second condition `StringEquals aws:principaltag/A`; JSON has room for one",
            "the Sid `Read` stands a second time",
            "IAM has no service with the prefix of `nosuch:Thing`\n  hint: `cargo xtask vendor refresh` fetches AWS's newest list",
            "`nothing` is not of the form service:Action",
            "`not-a-sid` is no Sid: letters and digits only",
        ]
    );
}

#[test]
fn the_vendored_list_knows_what_an_action_takes() {
    let actions = actions();
    assert_eq!(actions.resource_types("IAM:CreateRole").unwrap(), ["role"]);
    assert!(
        actions
            .resource_types("s3:ListAllMyBuckets")
            .unwrap()
            .is_empty()
    );
    assert_eq!(actions.takes_resource("IAM:CreateRole"), Some(true));
    assert_eq!(actions.takes_resource("s3:ListAllMyBuckets"), Some(false));
    assert_eq!(actions.takes_resource("s3:REST.PUT.OBJECT"), None);
    assert_eq!(actions.resource_types("s3:REST.PUT.OBJECT"), None);
    assert!(actions.arn_patterns("iam", "role")[0].ends_with(":role/.*"));
    assert!(actions.size() > (400, 20_000));
}

#[test]
fn a_deny_is_stronger_than_an_allow() {
    let policy = policy(PolicyDocument::new([
        Statement::allow("All")
            .actions(["s3:Get*"])
            .on(["arn:aws:s3:::b/*"]),
        Statement::deny("NotSecret")
            .actions(["s3:GetObject"])
            .on(["arn:aws:s3:::b/secret"]),
    ]));
    let ask = |action: &str, resource: &str| {
        decide(
            std::slice::from_ref(&policy),
            &Request::new(action, resource),
        )
    };
    assert_eq!(ask("s3:getobject", "arn:aws:s3:::b/x"), Decision::Allowed);
    assert_eq!(
        ask("s3:GetObject", "arn:aws:s3:::b/secret"),
        Decision::Denied
    );
    assert_eq!(
        ask("s3:PutObject", "arn:aws:s3:::b/x"),
        Decision::NotMentioned
    );
}

#[test]
fn conditions_hold_as_iam_has_them_hold() {
    let with = |condition: Condition| {
        policy(PolicyDocument::new([Statement::allow("A")
            .actions(["a:B"])
            .on_any()
            .when(condition)]))
    };
    let bare = Request::new("a:B", "*");
    let one = bare.clone().with("k", "1");
    let two = one.clone().with("K", "2");
    let cases = [
        (
            Condition::string_equals("k", ["1", "3"]),
            [false, true, false],
        ),
        (
            Condition::string_equals("k", ["1"]).if_exists(),
            [true, true, false],
        ),
        (
            Condition::string_equals("k", ["1"]).for_any_value(),
            [false, true, true],
        ),
        (
            Condition::string_equals("k", ["1", "2"]).for_all_values(),
            [true, true, true],
        ),
        (
            Condition::string_not_equals("k", ["1"]),
            [true, false, false],
        ),
        (Condition::string_like("k", ["?"]), [false, true, true]),
        (Condition::null("k", true), [true, false, false]),
        (Condition::numeric_less_than("k", 2), [false, true, false]),
        (
            Condition::string_equals("k", ["${k}"]),
            [false, true, false],
        ),
    ];
    for (condition, expected) in cases {
        let shown = condition.to_string();
        let policy = with(condition);
        let got = [&bare, &one, &two]
            .map(|request| decide(std::slice::from_ref(&policy), request) == Decision::Allowed);
        assert_eq!(got, expected, "{shown}");
    }
}

#[test]
fn a_policy_that_cannot_be_decided_is_refused() {
    let unresolved = PolicyDocument::new([Statement::allow("A")
        .actions(["a:B"])
        .on([pseudo::account_id()])]);
    assert_eq!(
        Policy::read(&node(unresolved)).unwrap_err().to_string(),
        "Statement.0.Resource: is not plain text"
    );
    let by_address = PolicyDocument::new([Statement::allow("A")
        .actions(["a:B"])
        .on_any()
        .when(Condition::ip_address("aws:SourceIp", ["10.0.0.0/8"]))]);
    assert!(Policy::read(&node(by_address)).is_err());
}
