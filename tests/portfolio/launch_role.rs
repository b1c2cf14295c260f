//! What launch roles are able to do, asked of their policies as IAM decides them.

use super::{Organisation, template};
use compute_catalog::cfn::{Evaluation, Evaluator, Node, Pseudo, Template, read};
use compute_catalog::iam::{Decision, Policy, Request, decide};
use compute_catalog::portfolio::launch_role::{Handlers, launch_role_template};
use compute_catalog::product::Key;
use compute_catalog::resource::facts;
use indexmap::IndexMap;

const ACCOUNT: &str = "123456789012";
const BOUNDARY: &str = "arn:aws:iam::123456789012:policy/boundary";

/// An account in which every export is there.
struct Account(Pseudo);

impl Evaluator for Account {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.0.pseudo(name)
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Node> {
        None
    }

    fn export(&self, name: &str) -> Option<Node> {
        let value = match name {
            name if name.ends_with("PermissionsBoundary") => BOUNDARY.to_owned(),
            name if name.ends_with("TemplateBucket") => "templates".to_owned(),
            name if name.ends_with("FunctionArn") => format!("arn:aws:lambda:::function:{name}"),
            name => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
        };
        Some(value.into())
    }
}

fn account() -> Account {
    Account(Pseudo {
        account_id: ACCOUNT.to_owned(),
        region: "ap-southeast-2".to_owned(),
        partition: "aws".to_owned(),
        stack_name: "role".to_owned(),
        stack_id: "id".to_owned(),
    })
}

/// The policies of a role's template, in an account, and the size of each in characters.
fn policies(template: &Template) -> (Vec<Policy>, [usize; 2]) {
    let account = account();
    let evaluation = Evaluation::new(template, &IndexMap::new(), &account).unwrap();
    let role = evaluation.properties(&template.resources["LaunchRole"]);
    let inline = role["Policies"].as_list().unwrap()[0]
        .get("PolicyDocument")
        .unwrap();
    let managed = &evaluation.properties(&template.resources["PlatformPolicy"])["PolicyDocument"];
    let size = |document: &Node| document.to_json().to_string().len();
    let read = |document| Policy::read(document).unwrap();
    (
        vec![read(inline), read(managed)],
        [size(inline), size(managed)],
    )
}

fn roles() -> Vec<(String, Vec<Policy>)> {
    let mut all = Vec::new();
    for organisation in [Organisation::first(), Organisation::second()] {
        for (product, (template, _)) in organisation.launch_roles() {
            all.push((product.to_string(), policies(&template).0));
        }
    }
    all
}

fn allows(policies: &[Policy], request: &Request) -> bool {
    decide(policies, request) == Decision::Allowed
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
        assert!(
            !allows(
                &policy,
                &attach("arn:aws:iam::aws:policy/AdministratorAccess")
            ),
            "{product}"
        );
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
fn roles_are_small_and_fit_into_iams_limits() {
    for (product, (template, role)) in Organisation::first().launch_roles() {
        let (policies, [inline, managed]) = policies(&template);
        assert!(
            role.actions.len() < 150,
            "{product}: {}",
            role.actions.len()
        );
        assert!(
            inline <= 10_240,
            "{product}: {inline} characters in the inline policy"
        );
        assert!(
            managed <= 6_144,
            "{product}: {managed} characters in the managed policy"
        );
        for action in policies.iter().flat_map(Policy::allowed_actions) {
            assert!(!action.contains('*'), "{product} {action}");
            // What the role may do with anything has its reason.
            if allows(&policies, &Request::new(action, "arn:aws:unheard:::of")) {
                let reason = role.unscoped.iter().find(|entry| entry.action == action);
                assert!(
                    reason.is_some_and(|entry| !entry.reason.is_empty()),
                    "{product} {action}"
                );
            }
        }
    }
}

#[test]
fn a_property_in_use_brings_its_actions() {
    let organisation = Organisation::first();
    let granted = |product: &str, template: &Template| {
        let handlers = Handlers::reviewed().unwrap();
        let file = organisation
            .catalog
            .foundation
            .launch_role(&product.parse().unwrap())
            .unwrap();
        let actions = super::actions();
        launch_role_template(
            &organisation.catalog,
            file,
            &[template],
            &handlers,
            &actions,
        )
        .unwrap()
        .1
        .actions
    };
    let mut bucket = template("bucket", "s3-private");
    let has = |actions: &[String], action: &str| actions.iter().any(|granted| granted == action);
    let before = granted("s3-private", &bucket);
    assert!(has(&before, "s3:PutLifecycleConfiguration"));
    assert!(!has(&before, "s3:PutBucketCORS"));
    // The nested stack of earlier versions can be ended, and not made.
    assert!(has(&before, "sns:Unsubscribe"));
    assert!(!has(&before, "sns:Subscribe"));
    let properties = &mut bucket.resources.get_mut("Bucket").unwrap().properties;
    properties.insert("CorsConfiguration".to_owned(), Node::Map(IndexMap::new()));
    assert!(has(&granted("s3-private", &bucket), "s3:PutBucketCORS"));
}

#[test]
fn what_cannot_be_granted_safely_is_refused() {
    let organisation = Organisation::first();
    let product = "windows".parse().unwrap();
    let file = organisation
        .catalog
        .foundation
        .launch_role(&product)
        .unwrap();
    let text = "
Resources:
  Free:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: [!Ref Chosen]}
  Unknown:
    Type: AWS::Neptune::DBCluster
  Call:
    Type: Custom::Thing
    Properties: {ServiceToken: !Ref Chosen}
Parameters:
  Chosen: {Type: String}
";
    let handlers = Handlers::reviewed().unwrap();
    let template = read(text).unwrap();
    let errors = launch_role_template(
        &organisation.catalog,
        file,
        &[&template],
        &handlers,
        &super::actions(),
    )
    .unwrap_err();
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "launch role of windows: AWS::Neptune::DBCluster is no type whose handlers are known",
            "launch role of windows: a custom resource of the template has a function that isn't known before launch",
            "launch role of windows: a role of the template gets a policy that isn't known before launch",
            "launch role of windows: the role Free of the template has no permissions boundary",
            "launch role of windows: the role Free of the template is not under /service-catalog/windows/",
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error.file == "portfolios/foundation.yaml" && error.at.line > 1)
    );
}

#[test]
fn the_reviewed_file_agrees_with_the_schemas() {
    let handlers = Handlers::reviewed().unwrap();
    let actions = super::actions();
    for (name, handler) in handlers.types() {
        let facts = facts(name).unwrap_or_else(|| panic!("{name} is no vendored type"));
        let permissions = &facts.permissions;
        let listed: Vec<String> = [
            permissions.create,
            permissions.read,
            permissions.update,
            permissions.delete,
        ]
        .concat()
        .iter()
        .map(|action| action.to_lowercase())
        .collect();
        let known = |action: &String| listed.contains(&action.to_lowercase());
        for (property, needed) in &handler.only_with {
            assert!(facts.property(property).is_some(), "{name}.{property}");
            for action in needed {
                assert!(known(action), "{name}.{property}: {action}");
            }
        }
        for action in handler
            .remove
            .keys()
            .chain(handler.on.keys())
            .chain(handler.any.keys())
            .chain(&handler.tagged)
        {
            assert!(known(action), "{name}: {action}");
        }
        for action in handler.add.keys() {
            assert!(
                !known(action) && actions.contains(action),
                "{name}: {action}"
            );
        }
        if let Some(property) = &handler.name_property {
            assert!(facts.property(property).is_some(), "{name}.{property}");
        }
    }
}

#[test]
fn the_table_shows_before_and_now() {
    let organisation = Organisation::first();
    let stacks = organisation.stacks();
    let page = organisation.catalog.granted_actions_page(&stacks);
    let bucket: Key = "s3-private".parse().unwrap();
    let counted = stacks.launch_roles[&bucket].actions.len();
    assert!(
        page.contains(&format!("| s3-private | 278 | {counted} |")),
        "{page}"
    );
    assert!(page.contains("| ec2:DescribeInstances | the action takes no resource | linux-docker, notebook, windows"), "{page}");
}

#[test]
fn people_end_their_own_sessions_and_open_them_on_their_own_machines() {
    let users = Organisation::first().stacks().all.remove(1).template;
    let account = account();
    let given = IndexMap::from([("LoginRoleArn".to_owned(), "arn".to_owned())]);
    let evaluation = Evaluation::new(&users, &given, &account).unwrap();
    let read = |id: &str| {
        let policy = evaluation.properties(&users.resources[id]);
        vec![Policy::read(&policy["PolicyDocument"]).unwrap()]
    };
    let sessions = read("SCEnduserRemoteAccessPolicy");
    let me = "AROAEXAMPLE:3388489";
    let machine = format!("arn:aws:ec2:ap-southeast-2:{ACCOUNT}:instance/i-1");
    let open = Request::new("ssm:StartSession", &machine).with("aws:userid", me);
    let tag = "ssm:resourceTag/Protected/AccessApprovedCaller";
    assert!(allows(&sessions, &open.clone().with(tag, me)));
    assert!(!allows(&sessions, &open.clone().with(tag, "AROAEXAMPLE:1")));
    assert!(!allows(&sessions, &open));
    let session = format!("arn:aws:ssm:ap-southeast-2:{ACCOUNT}:session/x");
    let end = Request::new("ssm:TerminateSession", &session).with("aws:userid", me);
    let owner = "ssm:resourceTag/aws:ssmmessages:session-id";
    assert!(allows(&sessions, &end.clone().with(owner, me)));
    assert!(!allows(&sessions, &end.with(owner, "AROAEXAMPLE:1")));
    let change_sets = read("SCEnduserCloudformationPolicy");
    let delete = |stack: &str| {
        let arn = format!("arn:aws:cloudformation:ap-southeast-2:{ACCOUNT}:stack/{stack}/1");
        Request::new("cloudformation:DeleteChangeSet", &arn)
    };
    assert!(allows(
        &change_sets,
        &delete(&format!("SC-{ACCOUNT}-pp-abc"))
    ));
    assert!(!allows(&change_sets, &delete("network")));
}

#[test]
fn a_machine_writes_the_parameters_that_carry_its_own_tag() {
    let foundation = Organisation::first().stacks().all.remove(0).template;
    let account = account();
    let evaluation = Evaluation::new(&foundation, &IndexMap::new(), &account).unwrap();
    let properties = evaluation.properties(&foundation.resources["WriteToSSMPolicy"]);
    let policy = [Policy::read(&properties["PolicyDocument"]).unwrap()];
    let arn = format!(
        "arn:aws:ssm:ap-southeast-2:{ACCOUNT}:parameter/service-catalog/synapse/cred/i-1/token"
    );
    let write = |parameter: &str| {
        Request::new("ssm:PutParameter", &arn)
            .with("aws:PrincipalTag/service-catalog:notebook", "mine")
            .with("aws:ResourceTag/service-catalog:notebook", parameter)
    };
    assert!(allows(&policy, &write("mine")));
    assert!(!allows(&policy, &write("another's")));
}
