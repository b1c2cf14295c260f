//! What the launch roles and the boundary that stood with version 2.0.0 kept from happening, and the
//! ones of today allow: calls of a product's life, decided as IAM decides them.

use super::account::{ACCOUNT, account, allows, policies, policy_of};
use super::rules::export;
use super::{Organisation, file};
use compute_catalog::cfn::{Evaluation, IndexMap, Template, read};
use compute_catalog::iam::{Policy, Request};
use compute_catalog::product::Key;

const FORMER: &str = "products/tests/fixtures/v2.0.0-roles";
const STACK: &str = "SC-123456789012-pp-abc";

fn former(path: &str) -> Template {
    read(&file(&format!("{FORMER}/{path}.yaml")).text).unwrap()
}

/// The policies of a product's launch role: with version 2.0.0, and today.
fn roles(product: &str) -> [Vec<Policy>; 2] {
    let before = policies(&former(&format!("launch-roles/{product}"))).0;
    let roles = Organisation::first().launch_roles();
    let key: Key = product.parse().unwrap();
    let (now, _) = &roles[&key];
    [before, policies(now).0]
}

/// A call that was refused, and is allowed today.
fn is_mended(product: &str, request: &Request) {
    let [before, now] = roles(product);
    assert!(!allows(&before, request), "{product} before: {request:?}");
    assert!(allows(&now, request), "{product} now: {request:?}");
}

fn iam(kind: &str, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}")
}

fn regional(service: &str, rest: &str) -> String {
    format!("arn:aws:{service}:ap-southeast-2:{ACCOUNT}:{rest}")
}

/// The account's function for rules of the load balancer, as the account of these tests exports it.
fn rule_function() -> String {
    let name = export("ALBRuleFunctionArn").replace("${AWS::Region}", "ap-southeast-2");
    format!("arn:aws:lambda:::function:{name}")
}

fn invoke(function: &str) -> Request {
    Request::new("lambda:InvokeFunction", function)
}

#[test]
fn a_policy_that_names_its_role_is_attached_and_detached() {
    let role = iam(
        "role",
        &format!("service-catalog/notebook/{STACK}-InstanceRole-X"),
    );
    let policy = format!("service-catalog/notebook/{STACK}-NotebookTokenPolicy-X");
    let on = |action: &str, policy: &str| {
        Request::new(action, &role)
            .with("iam:PermissionsBoundary", super::account::BOUNDARY)
            .with("iam:PolicyARN", &iam("policy", policy))
    };
    is_mended("notebook", &on("iam:AttachRolePolicy", &policy));
    let [_, now] = roles("notebook");
    assert!(allows(&now, &on("iam:DetachRolePolicy", &policy)));
    for foreign in [
        "Administrators",
        &format!("{STACK}-NotebookTokenPolicy-X"),
        &format!("service-catalog/scheduled-job/{STACK}-SecretsAccessPolicy-X"),
    ] {
        assert!(
            !allows(&now, &on("iam:AttachRolePolicy", foreign)),
            "{foreign}"
        );
    }
}

#[test]
fn the_functions_of_earlier_versions_are_called() {
    // CloudFormation calls the function of a custom resource in the name of whoever ends the product.
    is_mended("notebook", &invoke(&rule_function()));
    let macros = [
        ("windows", "cfn-macro-ssm-param-Function-X"),
        ("scheduled-job", "PyPlate-TransformFunction-X"),
    ];
    for (product, name) in macros {
        is_mended(
            product,
            &invoke(&regional("lambda", &format!("function:{name}"))),
        );
    }
    let [_, now] = roles("linux-docker");
    assert!(!allows(
        &now,
        &invoke(&regional("lambda", "function:somebodys"))
    ));
}

#[test]
fn an_update_within_earlier_versions_runs_their_macros() {
    let of_aws = |name: &str| format!("arn:aws:cloudformation:ap-southeast-2:aws:transform/{name}");
    let own = |name: &str| regional("cloudformation", &format!("transform/{name}"));
    for (product, transform) in [
        ("linux-docker", of_aws("Include")),
        ("notebook", of_aws("Include")),
        ("windows", of_aws("Include")),
        ("windows", own("SsmParam")),
        ("s3-private", of_aws("Serverless-2016-10-31")),
        ("s3-synapse", of_aws("Serverless-2016-10-31")),
        ("scheduled-job", of_aws("Serverless-2016-10-31")),
        ("scheduled-job", own("PyPlate")),
    ] {
        is_mended(
            product,
            &Request::new("cloudformation:CreateChangeSet", &transform),
        );
    }
    let snippet =
        "arn:aws:s3:::cfn-snippets-bucket-cloudformationsnippetsbucket-elu83sv8ocdz/mapping.yaml";
    is_mended("windows", &Request::new("s3:GetObject", snippet));
}

#[test]
fn keys_are_ended_though_cloudformation_does_not_tag_them() {
    let key = regional("kms", "key/1");
    let alias = "alias/service-catalog/synapse/cred/i-1";
    for action in [
        "kms:ScheduleKeyDeletion",
        "kms:DisableKey",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:UpdateKeyDescription",
        "kms:UntagResource",
    ] {
        // CloudFormation deletes the alias before the key; a change of tags or aliases takes minutes
        // to reach what KMS decides by.
        let bare = Request::new(action, &key);
        let named = bare.clone().with("kms:ResourceAliases", alias);
        let [before, now] = roles("notebook");
        if !matches!(action, "kms:EnableKeyRotation" | "kms:PutKeyPolicy") {
            assert!(!allows(&before, &bare), "{action}");
        }
        assert!(allows(&now, &bare) && allows(&now, &named), "{action}");
        let foreign = bare.with("kms:ResourceAliases", "alias/payroll");
        assert!(!allows(&now, &foreign), "{action}");
        assert!(
            !allows(&now, &foreign.with("kms:ResourceAliases", alias)),
            "{action}"
        );
    }
}

#[test]
fn the_nested_stack_of_restricted_buckets_is_ended() {
    let policy = iam(
        "policy",
        &format!("{STACK}-SameRegionDownloadRestriction-Y-Policy-X"),
    );
    let role = iam(
        "role",
        &format!("{STACK}-SameRegionDownloadRestriction-Y-Role-X"),
    );
    for product in ["s3-private", "s3-synapse"] {
        for action in [
            "iam:GetPolicy",
            "iam:ListPolicyVersions",
            "iam:DeletePolicyVersion",
            "iam:ListEntitiesForPolicy",
            "iam:DeletePolicy",
        ] {
            is_mended(product, &Request::new(action, &policy));
        }
        is_mended(product, &Request::new("iam:DetachRolePolicy", &role));
        let own = regional("lambda", &format!("function:{STACK}-SameRegion-Function-X"));
        assert!(allows(&roles(product)[1], &invoke(&own)));
        let topic = "arn:aws:sns:us-east-1:806199016981:AmazonIpSpaceChanged";
        for subscription in [topic.to_owned(), format!("{topic}:1-2")] {
            let end = Request::new("sns:Unsubscribe", &subscription);
            assert!(allows(&roles(product)[1], &end), "{subscription}");
        }
    }
}

#[test]
fn a_role_makes_no_other_version_of_a_policy_from_before_this_catalog() {
    // Such a policy may sit on a role without boundary.
    let policy = iam("policy", &format!("{STACK}-SecretsAccessPolicy-X"));
    let [before, now] = roles("scheduled-job");
    for action in [
        "iam:CreatePolicyVersion",
        "iam:CreatePolicy",
        "iam:SetDefaultPolicyVersion",
    ] {
        let request = Request::new(action, &policy);
        assert!(!allows(&now, &request), "{action}");
    }
    assert!(allows(
        &before,
        &Request::new("iam:CreatePolicyVersion", &policy)
    ));
    assert!(allows(&now, &Request::new("iam:DeletePolicy", &policy)));
    let own = format!("service-catalog/scheduled-job/{STACK}-SecretsAccessPolicy-X");
    let own = Request::new("iam:CreatePolicyVersion", &iam("policy", &own));
    assert!(allows(&now, &own));
}

#[test]
fn a_role_changes_the_code_of_its_own_functions_alone() {
    let function = regional("lambda", &format!("function:{STACK}-Some-X"));
    let update = |id: &str| {
        Request::new("lambda:UpdateFunctionCode", &function)
            .with("aws:ResourceTag/aws:cloudformation:logical-id", id)
    };
    let own = [
        ("notebook", "NotebookRuleFunction"),
        ("s3-private", "DownloadRestrictionFunction"),
        ("scheduled-job", "SubmitFunction"),
    ];
    for (product, id) in own {
        let [before, now] = roles(product);
        assert!(allows(&now, &update(id)), "{product}");
        for (_, other) in own.iter().filter(|(_, other)| *other != id) {
            assert!(allows(&before, &update(other)), "{product} {other}");
            assert!(!allows(&now, &update(other)), "{product} {other}");
        }
    }
}

#[test]
fn a_role_ends_apis_and_subscriptions_of_products_alone() {
    let api = |stack: &str, path: &str| {
        let arn = format!("arn:aws:apigateway:ap-southeast-2::/restapis/{path}");
        Request::new("apigateway:DELETE", &arn)
            .with("aws:ResourceTag/aws:cloudformation:stack-name", stack)
    };
    let [before, now] = roles("scheduled-job");
    for path in ["a1", "a1/deployments/d1", "a1/stages/Prod"] {
        assert!(
            allows(&now, &api(&format!("{STACK}-BatchTrigger-X"), path)),
            "{path}"
        );
        assert!(allows(&before, &api("payroll", path)), "{path}");
        assert!(!allows(&now, &api("payroll", path)), "{path}");
    }
    let topic = regional("sns", "alarms:1-2");
    let [before, now] = roles("s3-private");
    assert!(allows(&before, &Request::new("sns:Unsubscribe", &topic)));
    assert!(!allows(&now, &Request::new("sns:Unsubscribe", &topic)));
}

#[test]
fn service_actions_start_whatever_aws_asks_for() {
    for product in ["linux-docker", "notebook", "windows"] {
        let execution = regional("ssm", "automation-execution/1");
        is_mended(
            product,
            &Request::new("ssm:StartAutomationExecution", &execution),
        );
    }
}

#[test]
fn what_a_handler_reads_back_is_granted_whatever_templates_set() {
    let any = "*";
    let function = regional(
        "lambda",
        &format!("function:{STACK}-NotebookRuleFunction-X"),
    );
    let bucket = "arn:aws:s3:::somebodys".to_owned();
    for (product, action, resource) in [
        ("linux-docker", "logs:DescribeIndexPolicies", any),
        ("linux-docker", "logs:DescribeResourcePolicies", any),
        ("linux-docker", "ssm:ListAssociations", any),
        ("linux-docker", "ec2:DescribeLaunchTemplates", any),
        ("notebook", "lambda:GetFunctionScalingConfig", &function),
        ("notebook", "lambda:ListTags", &function),
        ("s3-private", "s3:GetReplicationConfiguration", &bucket),
    ] {
        is_mended(product, &Request::new(action, resource));
    }
    let association = regional("ssm", "association/1");
    is_mended(
        "windows",
        &Request::new("ssm:DescribeAssociation", &association),
    );
    let role = iam(
        "role",
        &format!("service-catalog/windows/{STACK}-InstanceRole-X"),
    );
    is_mended("windows", &Request::new("iam:ListRoleTags", &role));
}

/// The trust policy of a launch role's stack.
fn trust(template: &Template) -> Vec<Policy> {
    let account = account();
    let evaluation = Evaluation::new(template, &IndexMap::default(), &account).unwrap();
    let role = evaluation.properties(&template.resources["LaunchRole"]);
    vec![Policy::read(&role["AssumeRolePolicyDocument"]).unwrap()]
}

#[test]
fn service_catalog_takes_a_launch_role_whether_it_says_for_whom_or_not() {
    let bare = Request::new("sts:AssumeRole", "").by("servicecatalog.amazonaws.com");
    let own = bare.clone().with("aws:SourceAccount", ACCOUNT);
    let other = bare.clone().with("aws:SourceAccount", "210987654321");
    let before = trust(&former("launch-roles/notebook"));
    assert!(!allows(&before, &bare) && allows(&before, &own));
    for (product, (template, _)) in Organisation::first().launch_roles() {
        let now = trust(&template);
        assert!(allows(&now, &bare) && allows(&now, &own), "{product}");
        assert!(!allows(&now, &other), "{product}");
        let stranger = Request::new("sts:AssumeRole", "").by("ec2.amazonaws.com");
        assert!(!allows(&now, &stranger), "{product}");
    }
}

#[test]
fn the_boundary_lets_a_notebook_hand_on_its_rule_and_nobody_else() {
    let before = policy_of(&former("foundation"), "PermissionsBoundary");
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let now = policy_of(&foundation, "PermissionsBoundary");
    let by = |product: &str| {
        let function = rule_function();
        let role = format!("service-catalog/{product}/{STACK}-NotebookRuleRole-X");
        invoke(&function).with("aws:PrincipalArn", &iam("role", &role))
    };
    assert!(!allows(&before, &by("notebook")));
    assert!(allows(&now, &by("notebook")));
    assert!(!allows(&now, &by("linux-docker")));
}

/// What the boundary keeps, by the role of each product: nobody's buckets, secrets and functions but
/// those that the product is about.
#[test]
fn the_boundary_keeps_each_product_to_what_is_its_own() {
    let before = policy_of(&former("foundation"), "PermissionsBoundary");
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let now = policy_of(&foundation, "PermissionsBoundary");
    let secret = regional("secretsmanager", "secret:Payroll-1");
    let job_secret = regional("secretsmanager", "secret:JobSecrets-1");
    let cases = [
        ("notebook", "s3:PutBucketPolicy", "arn:aws:s3:::payroll"),
        ("notebook", "s3:DeleteBucketPolicy", "arn:aws:s3:::payroll"),
        ("linux-docker", "s3:GetObject", "arn:aws:s3:::payroll/list"),
        ("s3-private", "s3:GetObject", "arn:aws:s3:::payroll/list"),
        (
            "scheduled-job",
            "secretsmanager:GetSecretValue",
            secret.as_str(),
        ),
        (
            "windows",
            "secretsmanager:GetSecretValue",
            job_secret.as_str(),
        ),
    ];
    for (product, action, resource) in cases {
        let role = iam("role", &format!("service-catalog/{product}/{STACK}-Role-X"));
        let request = Request::new(action, resource).with("aws:PrincipalArn", &role);
        assert!(allows(&before, &request), "{product} {action} {resource}");
        assert!(!allows(&now, &request), "{product} {action} {resource}");
    }
}

/// What AWS Batch does for a job on Fargate, as the managed policy of its service role lists it.
#[test]
fn the_boundary_holds_what_batch_calls_for_fargate() {
    let before = policy_of(&former("foundation"), "PermissionsBoundary");
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let now = policy_of(&foundation, "PermissionsBoundary");
    let role = iam(
        "role",
        &format!("service-catalog/scheduled-job/{STACK}-ServiceRole-X"),
    );
    let cluster = regional("ecs", "cluster/AWSBatch-1");
    let linked = iam(
        "role",
        "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    );
    let calls = [
        ("ecs:UpdateCluster", cluster.as_str(), false),
        ("ecs:ListContainerInstances", &cluster, false),
        ("ecs:DescribeContainerInstances", &cluster, false),
        ("logs:DescribeLogGroups", "*", false),
        ("iam:CreateServiceLinkedRole", &linked, false),
        (
            "ecs:RunTask",
            &regional("ecs", "task-definition/job:1"),
            true,
        ),
        ("ecs:CreateCluster", &cluster, true),
        ("ec2:DescribeSubnets", "*", true),
    ];
    for (action, resource, was) in calls {
        let request = Request::new(action, resource).with("aws:PrincipalArn", &role);
        assert_eq!(allows(&before, &request), was, "{action}");
        assert!(allows(&now, &request), "{action}");
    }
    let other = iam("role", "aws-service-role/support.amazonaws.com/Role");
    let request = Request::new("iam:CreateServiceLinkedRole", &other);
    assert!(!allows(&now, &request.with("aws:PrincipalArn", &role)));
}
