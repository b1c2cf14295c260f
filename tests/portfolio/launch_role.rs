//! What launch roles are able to do, asked of their policies as IAM decides them.

use super::Organisation;
use super::account::{ACCOUNT, BOUNDARY, allows, document_of, policies, policy_of};
use compute_catalog::iam::{Policy, Request};

fn roles() -> Vec<(String, Vec<Policy>)> {
    let mut all = Vec::new();
    for organisation in [Organisation::first(), Organisation::second()] {
        for (product, (template, _)) in organisation.launch_roles() {
            all.push((product.to_string(), policies(&template).0));
        }
    }
    all
}

fn role_arn(path: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role{path}SC-{ACCOUNT}-pp-abc-Role-XYZ")
}

#[test]
fn no_role_makes_a_role_without_the_boundary() {
    for (product, policy) in roles() {
        let own = role_arn(&format!("/service-catalog/{product}/"));
        for action in ["iam:CreateRole", "iam:PutRolePermissionsBoundary"] {
            let bare = Request::new(action, &own);
            assert!(!allows(&policy, &bare), "{product} {action}");
            let other = bare.clone().with(
                "iam:PermissionsBoundary",
                "arn:aws:iam::aws:policy/AdministratorAccess",
            );
            assert!(!allows(&policy, &other), "{product} {action}");
            let bounded = bare.with("iam:PermissionsBoundary", BOUNDARY);
            assert!(allows(&policy, &bounded), "{product} {action}");
        }
        for path in ["/", "/service-catalog/another/"] {
            let elsewhere = Request::new("iam:CreateRole", &role_arn(path))
                .with("iam:PermissionsBoundary", BOUNDARY);
            assert!(!allows(&policy, &elsewhere), "{product} {path}");
        }
        for action in [
            "iam:DeleteRolePermissionsBoundary",
            "iam:CreateUser",
            "iam:CreateAccessKey",
        ] {
            assert!(
                !allows(&policy, &Request::new(action, &own)),
                "{product} {action}"
            );
        }
    }
}

#[test]
fn no_role_attaches_a_policy_outside_its_list() {
    for (product, policy) in roles() {
        let attach = |arn: &str| {
            Request::new(
                "iam:AttachRolePolicy",
                &role_arn(&format!("/service-catalog/{product}/")),
            )
            .with("iam:PermissionsBoundary", BOUNDARY)
            .with("iam:PolicyARN", arn)
        };
        for outside in [
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/IAMFullAccess",
            "arn:aws:iam::aws:policy/PowerUserAccess",
            &format!("arn:aws:iam::{ACCOUNT}:policy/Administrators"),
        ] {
            assert!(!allows(&policy, &attach(outside)), "{product} {outside}");
        }
    }
    let machine = &roles()[0].1;
    let request = Request::new(
        "iam:AttachRolePolicy",
        &role_arn("/service-catalog/linux-docker/"),
    )
    .with(
        "iam:PolicyARN",
        "arn:aws:iam::aws:policy/AWSQuickSetupPatchPolicyBaselineAccess",
    );
    assert!(
        !allows(machine, &request),
        "the role must have the boundary"
    );
    assert!(allows(
        machine,
        &request.with("iam:PermissionsBoundary", BOUNDARY)
    ));
}

#[test]
fn no_role_is_passed_to_another_service() {
    for (product, policy) in roles() {
        let pass = |path: &str, service: &str| {
            Request::new("iam:PassRole", &role_arn(path)).with("iam:PassedToService", service)
        };
        let own = format!("/service-catalog/{product}/");
        for service in [
            "glue.amazonaws.com",
            "sagemaker.amazonaws.com",
            "cloudformation.amazonaws.com",
        ] {
            assert!(
                !allows(&policy, &pass(&own, service)),
                "{product} {service}"
            );
        }
        let admin = Request::new(
            "iam:PassRole",
            &format!("arn:aws:iam::{ACCOUNT}:role/Admin"),
        );
        for service in ["ec2.amazonaws.com", "lambda.amazonaws.com"] {
            let request = admin.clone().with("iam:PassedToService", service);
            assert!(!allows(&policy, &request), "{product} {service}");
        }
        let taken = [
            "ec2.amazonaws.com",
            "lambda.amazonaws.com",
            "batch.amazonaws.com",
        ];
        assert!(
            taken
                .iter()
                .any(|service| allows(&policy, &pass(&own, service))),
            "{product} passes no role at all"
        );
    }
}

#[test]
fn a_role_acts_on_the_stacks_of_products_alone() {
    let stack =
        |name: &str| format!("arn:aws:cloudformation:ap-southeast-2:{ACCOUNT}:stack/{name}/1");
    let machine = |stack: &str| {
        let arn = format!("arn:aws:ec2:ap-southeast-2:{ACCOUNT}:instance/i-1");
        Request::new("ec2:TerminateInstances", &arn)
            .with("aws:ResourceTag/aws:cloudformation:stack-name", stack)
    };
    let product_stack = format!("SC-{ACCOUNT}-pp-abc");
    for (product, policy) in roles() {
        for action in ["cloudformation:CreateStack", "cloudformation:DeleteStack"] {
            assert!(
                allows(&policy, &Request::new(action, &stack(&product_stack))),
                "{product}"
            );
            assert!(
                !allows(&policy, &Request::new(action, &stack("network"))),
                "{product}"
            );
        }
        assert!(!allows(&policy, &machine("network")), "{product}");
        let delete = Request::new("s3:PutBucketPolicy", "arn:aws:s3:::templates");
        assert!(!allows(&policy, &delete), "{product}");
    }
    let first = &roles()[0].1;
    assert!(allows(first, &machine(&product_stack)));
    let tag = |key: &str| {
        let arn = format!("arn:aws:ec2:ap-southeast-2:{ACCOUNT}:instance/i-1");
        Request::new("ec2:CreateTags", &arn)
            .with("aws:TagKeys", "Name")
            .with("aws:TagKeys", key)
    };
    assert!(allows(first, &tag("CostCenter")));
    assert!(!allows(first, &tag("Protected/AccessApprovedCaller")));
}

#[test]
fn a_template_is_read_only_with_service_catalogs_tag() {
    for (product, policy) in roles() {
        let read = Request::new("s3:GetObject", "arn:aws:s3:::templates/linux.yaml");
        assert!(!allows(&policy, &read), "{product}");
        let tagged = read.with("s3:ExistingObjectTag/servicecatalog:provisioning", "true");
        assert!(allows(&policy, &tagged), "{product}");
    }
}

#[test]
fn no_role_changes_who_others_are() {
    let on = [
        ("user", "admin"),
        ("group", "admins"),
        ("policy", "Administrators"),
        ("role", "Admin"),
        ("role", "service-catalog/another/SC-1-pp-abc-Role"),
        ("instance-profile", "Admin"),
        ("saml-provider", "login"),
    ];
    let actions = super::actions();
    let changing = actions
        .of_service("iam")
        .filter(|action| {
            !["get", "list", "generate", "simulate"]
                .iter()
                .any(|read| action[4..].starts_with(read))
        })
        .collect::<Vec<_>>();
    assert!(changing.len() > 100, "{}", changing.len());
    for (product, policy) in roles() {
        for action in &changing {
            for (kind, name) in on {
                let request =
                    Request::new(action, &format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}"))
                        .with("iam:PermissionsBoundary", BOUNDARY)
                        .with("iam:PassedToService", "ec2.amazonaws.com");
                assert!(!allows(&policy, &request), "{product}: {action} on {name}");
            }
        }
    }
}

#[test]
fn no_product_of_ours_changes_the_bucket_of_templates() {
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let boundary = policy_of(&foundation, "PermissionsBoundary");
    let write = |bucket: &str| {
        let arn = format!("arn:aws:s3:::{bucket}");
        Request::new("s3:PutBucketPolicy", &arn).with(
            "aws:PrincipalArn",
            &role_arn("/service-catalog/s3-private/"),
        )
    };
    assert!(allows(&boundary, &write("a-product")));
    assert!(!allows(&boundary, &write("templates")));
}

#[test]
fn the_boundary_fits_into_a_managed_policy() {
    for organisation in [Organisation::first(), Organisation::second()] {
        let foundation = organisation.stacks().all.remove(0).template;
        let document = document_of(&foundation, "PermissionsBoundary");
        let size = document.to_json().to_string().len();
        assert!(size <= 6_144, "{size} characters");
    }
}
