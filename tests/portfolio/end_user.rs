//! What people may do, and what machines may do with their own parameters.

use super::Organisation;
use super::account::{ACCOUNT, allows, policy_of};
use compute_catalog::iam::{Policy, Request};
use compute_catalog::portfolio::end_user::EndUsers;

const REGION: &str = "ap-southeast-2";
const ME: &str = "AROAEXAMPLE:3388489";
const ANOTHER: &str = "AROAEXAMPLE:1";

/// What a role of the first organisation may do: all its policies together.
fn role(key: &str) -> Vec<Policy> {
    let organisation = Organisation::first();
    let template = organisation.stacks().all.remove(1).template;
    let EndUsers {
        policies, roles, ..
    } = &organisation.catalog.end_users;
    let role = roles.iter().find(|role| role.key.as_str() == key).unwrap();
    let granted = policies
        .iter()
        .filter(|policy| role.abilities.contains(&policy.ability));
    granted
        .flat_map(|policy| policy_of(&template, policy.logical_id.as_str()))
        .collect()
}

fn may(policies: &[Policy], action: &str, resource: &str) -> bool {
    allows(
        policies,
        &Request::new(action, resource).with("aws:userid", ME),
    )
}

fn arn(service: &str, rest: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}")
}

#[test]
fn people_launch_and_change_and_end_what_is_their_own() {
    for key in ["staff", "external"] {
        let role = role(key);
        let product = format!("arn:aws:catalog:{REGION}:999999999999:product/prod-abcdefghijklm");
        for action in ["DescribeProduct", "ListLaunchPaths", "ProvisionProduct"] {
            let action = format!("servicecatalog:{action}");
            assert!(may(&role, &action, &product), "{key} {action}");
        }
        assert!(may(&role, "servicecatalog:SearchProducts", "*"), "{key}");
        for action in [
            "ExecuteProvisionedProductServiceAction",
            "SearchProvisionedProducts",
            "TerminateProvisionedProduct",
            "UpdateProvisionedProduct",
        ] {
            let request = Request::new(&format!("servicecatalog:{action}"), "*");
            let of = |level: &str| request.clone().with("servicecatalog:userLevel", level);
            assert!(allows(&role, &of("self")), "{key} {action}");
            assert!(!allows(&role, &of("account")), "{key} {action}");
            assert!(!allows(&role, &request), "{key} {action}");
        }
        for action in ["CreateProduct", "DeletePortfolio", "CreateConstraint"] {
            let action = format!("servicecatalog:{action}");
            assert!(!may(&role, &action, "*"), "{key} {action}");
        }
        let change_set = |stack: &str| {
            let arn = arn("cloudformation", &format!("stack/{stack}/1"));
            [
                "CreateChangeSet",
                "DeleteChangeSet",
                "ExecuteChangeSet",
                "UpdateStack",
            ]
            .iter()
            .any(|action| may(&role, &format!("cloudformation:{action}"), &arn))
        };
        // A change set would change the product of somebody else; Service Catalog's launch role makes
        // those of one's own.
        assert!(!change_set(&format!("SC-{ACCOUNT}-pp-abc")), "{key}");
        assert!(!change_set("network"), "{key}");
    }
}

#[test]
fn people_open_sessions_on_their_own_machines_and_end_their_own_sessions() {
    for key in ["staff", "external"] {
        let role = role(key);
        let start = "ssm:StartSession";
        let open = Request::new(start, &arn("ec2", "instance/i-1")).with("aws:userid", ME);
        let tag = "ssm:resourceTag/Protected/AccessApprovedCaller";
        assert!(allows(&role, &open.clone().with(tag, ME)), "{key}");
        assert!(!allows(&role, &open.clone().with(tag, ANOTHER)), "{key}");
        assert!(!allows(&role, &open), "{key}");
        for document in ["SSM-SessionManagerRunShell", "AWS-StartSSHSession"] {
            let document = arn("ssm", &format!("document/{document}"));
            assert!(may(&role, start, &document), "{key} {document}");
        }
        let root = arn("ssm", "document/AWS-RunShellScript");
        assert!(!may(&role, start, &root), "{key}");
        for action in ["ssm:TerminateSession", "ssm:ResumeSession"] {
            let end = Request::new(action, &arn("ssm", "session/x")).with("aws:userid", ME);
            let owner = "ssm:resourceTag/aws:ssmmessages:session-id";
            assert!(allows(&role, &end.clone().with(owner, ME)), "{key}");
            assert!(!allows(&role, &end.with(owner, ANOTHER)), "{key}");
        }
    }
}

#[test]
fn staff_see_logs_and_jobs_and_collaborators_do_not() {
    let (staff, external) = (role("staff"), role("external"));
    let group = |name: &str| arn("logs", &format!("log-group:{name}:log-stream:i-1"));
    let own = group(&format!("/aws/ec2/system/SC-{ACCOUNT}-pp-abc"));
    for (action, resource) in [
        ("logs:GetLogEvents", own.as_str()),
        ("logs:DescribeLogGroups", "*"),
        ("batch:DescribeJobDefinitions", "*"),
        ("batch:ListJobs", "*"),
    ] {
        assert!(may(&staff, action, resource), "{action}");
        assert!(!may(&external, action, resource), "{action}");
    }
    // What is in a job is its owner's alone, and neither its log nor its description says whose it is.
    assert!(!may(&staff, "batch:DescribeJobs", "*"));
    for name in [
        "/SC-123456789012-pp-abc/log",
        "SC-123456789012-pp-abc-SubmitLogGroup-X",
    ] {
        assert!(!may(&staff, "logs:GetLogEvents", &group(name)), "{name}");
    }
    let windows = group("SC-123456789012-pp-abc-SystemLogGroup-X");
    assert!(may(&staff, "logs:GetLogEvents", &windows));
    assert!(!may(
        &staff,
        "logs:GetLogEvents",
        &group("/aws/lambda/login")
    ));
    for role in [&staff, &external] {
        assert!(may(role, "cloudwatch:GetMetricData", "*"));
    }
}

#[test]
fn people_change_nothing_but_through_the_catalog() {
    let actions = super::actions();
    for key in ["staff", "external"] {
        let role = role(key);
        for service in [
            "batch",
            "ec2",
            "iam",
            "kms",
            "lambda",
            "logs",
            "s3",
            "secretsmanager",
        ] {
            for action in actions.of_service(service) {
                let is_reading = [
                    "describe",
                    "filter",
                    "get",
                    "list",
                    "startquery",
                    "stopquery",
                ]
                .iter()
                .any(|verb| action[service.len() + 1..].starts_with(verb));
                if !is_reading {
                    assert!(!may(&role, &action, "*"), "{key}: {action}");
                }
            }
        }
        let bucket = "arn:aws:s3:::SC-bucket/data.csv";
        assert!(!may(&role, "s3:GetObject", bucket), "{key}");
    }
}

#[test]
fn a_machine_writes_the_parameters_that_carry_its_own_tag() {
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let policy = policy_of(&foundation, "WriteToSSMPolicy");
    let parameter = arn("ssm", "parameter/service-catalog/synapse/cred/i-1/token");
    let write = |tag: &str| {
        Request::new("ssm:PutParameter", &parameter)
            .with("aws:PrincipalTag/service-catalog:notebook", "mine")
            .with("aws:ResourceTag/service-catalog:notebook", tag)
    };
    assert!(allows(&policy, &write("mine")));
    assert!(!allows(&policy, &write("another's")));
}
