//! Ways from one role to another.

use crate::account::Account;
use compute_catalog::access::{Edge, Path, Questions, Search};

/// What others have: everything that a way may lead over. Roles have no boundary, so that what is
/// written on them goes unbounded.
const VICTIMS: &str = r#"
  Trusting:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "sts:AssumeRole" }
          - { Effect: Allow, Principal: { Service: [ec2.amazonaws.com, lambda.amazonaws.com, ecs-tasks.amazonaws.com, cloudformation.amazonaws.com, ssm.amazonaws.com] }, Action: "sts:AssumeRole" }
      ManagedPolicyArns: [!Ref Policy]
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "logs:PutLogEvents", Resource: "*" }] }
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: { Roles: [!Ref Trusting] }
  Machine:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-0123456789abcdef0, InstanceType: t3.micro, IamInstanceProfile: !Ref Profile }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Trusting.Arn, Runtime: python3.13, Handler: index.handler, Code: { ZipFile: "def handler(event, context): return 1" } }
  Definition:
    Type: AWS::Batch::JobDefinition
    Properties: { Type: container, ContainerProperties: { Image: debian, JobRoleArn: !GetAtt Trusting.Arn } }
  Bucket:
    Type: AWS::S3::Bucket
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "kms:*", Resource: "*" }] }
  Secret:
    Type: AWS::SecretsManager::Secret
"#;

/// A product with a role that holds a policy.
fn product(policies: &str) -> String {
    format!(
        r#"
Resources:
  Start:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{ Version: "2012-10-17", Statement: [{{ Effect: Allow, Principal: {{ Service: ec2.amazonaws.com }}, Action: "sts:AssumeRole" }}] }}
      Policies: {policies}
{VICTIMS}"#
    )
}

fn policy(actions: &[&str]) -> String {
    format!(
        r#"[{{ PolicyName: planted, PolicyDocument: {{ Version: "2012-10-17", Statement: [{{ Effect: Allow, Action: [{}], Resource: "*" }}] }} }}]"#,
        actions
            .iter()
            .map(|action| format!("\"{action}\""))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

fn paths(account: &Account) -> Vec<Path> {
    account.ask(|cast, questions| Search::new(cast, questions, 4).paths().unwrap())
}

fn of_start(account: &Account) -> Vec<Path> {
    let mut paths = paths(account);
    paths.retain(|path| path.who == "machine: Start");
    paths
}

fn edges() -> &'static [Edge] {
    &Questions::known().unwrap().edges
}

#[test]
fn a_role_without_a_right_gets_nowhere() {
    assert_eq!(paths(&Account::of(&product("[]"))), []);
}

#[test]
fn each_kind_of_way_is_found_where_it_is_planted() {
    let mut missed = Vec::new();
    for edge in edges() {
        let actions: Vec<&str> = edge.calls.iter().map(|call| call.action.as_str()).collect();
        let found = of_start(&Account::of(&product(&policy(&actions))));
        let is_it = |path: &Path| path.steps.iter().any(|step| step.edge == edge.id);
        if !found.iter().any(is_it) {
            missed.push(edge.id.as_str());
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn one_call_of_two_that_a_way_needs_is_no_way() {
    for edge in edges().iter().filter(|edge| edge.calls.len() > 1) {
        for call in &edge.calls {
            let found = of_start(&Account::of(&product(&policy(&[&call.action]))));
            let is_it = |path: &&Path| path.steps.iter().any(|step| step.edge == edge.id);
            assert_eq!(
                found.iter().find(is_it),
                None,
                "{} by {}",
                edge.id,
                call.action
            );
        }
    }
}

#[test]
fn a_way_over_several_roles_is_told_step_by_step() {
    // Of one's own machine, whose role may change the code of everybody's functions.
    let mut account = Account::of(
        &product(&policy(&["lambda:UpdateFunctionCode"]))
            .replace("Roles: [!Ref Trusting]", "Roles: [!Ref Start]"),
    );
    account.people = policy(&["ssm:StartSession"]).replace(
        "Resource: \"*\"",
        "Resource: \"*\", Condition: { StringEquals: { \"ssm:resourceTag/Approved\": \"${aws:userid}\" } }",
    );
    let found = paths(&account);
    let path = found
        .iter()
        .find(|path| path.who == "people" && path.to == "Trusting of machine")
        .unwrap_or_else(|| panic!("{found:#?}"));
    let steps: Vec<&str> = path.steps.iter().map(|step| step.edge.as_str()).collect();
    assert_eq!(steps, ["session", "code"]);
}

#[test]
fn a_boundary_binds_what_is_written_on_a_role() {
    let bound = product(&policy(&["iam:PutRolePolicy"])).replace(
        "      ManagedPolicyArns: [!Ref Policy]",
        "      PermissionsBoundary: arn:aws:iam::111111111111:policy/boundary",
    );
    let found = of_start(&Account::of(&bound));
    let everything = |path: &&Path| path.to == "everything in the account";
    // The launch role and people have no boundary; the role that has one isn't the way.
    let way = found
        .iter()
        .find(everything)
        .map(|path| path.steps[0].text.clone());
    assert!(
        way.is_some_and(|text| !text.contains("Trusting")),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|path| path.to == "Trusting of machine"),
        "{found:#?}"
    );
}
