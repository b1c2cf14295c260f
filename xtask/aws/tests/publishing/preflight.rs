//! Preflight: everything that is wrong with an account, at once.

use crate::legacy::Checkout;
use aws_sdk_cloudformation::types::ChangeSetType;
use local_aws::{Config, Contents, Delays, Faults, HeldImage, HeldSubnet, Server};
use publisher::{Destination, Pace, Session};
use serde_json::json;

const ACCOUNT: &str = "210987654321";

/// The image that the second organisation's settings name.
const IMAGE: &str = "ami-0a1b2c3d4e5f60718";

/// An account with stacks of others, of which little is right.
struct Account {
    server: Server,
    session: Session,
    _folder: tempfile::TempDir,
}

impl Account {
    async fn new(roles: &[&str], functions: &[&str]) -> Account {
        Account::holding(roles, functions, sound()).await
    }

    async fn holding(roles: &[&str], functions: &[&str], contents: Contents) -> Account {
        let folder = tempfile::TempDir::new().unwrap();
        let role = |name: &&str| format!("arn:aws:iam::{ACCOUNT}:role/{name}");
        let server = Server::start(Config {
            account: ACCOUNT.to_owned(),
            roles: roles.iter().map(role).collect(),
            delays: Delays::NONE,
            functions: functions.iter().map(|name| function(name)).collect(),
            contents: Some(contents),
            ..Config::new(folder.path().join("aws"))
        })
        .unwrap();
        let destination = Destination {
            account: ACCOUNT.parse().unwrap(),
            account_at: None,
            region: "us-east-1".to_owned(),
            profile: None,
            endpoint: Some(server.endpoint().to_owned()),
            dummy_credentials: true,
            pace: Pace::LOCAL,
        };
        let session = Session::open(&destination).await.unwrap();
        Account {
            server,
            session,
            _folder: folder,
        }
    }

    /// A stack of others with these exports.
    async fn export(&self, exports: &[(&str, &str)]) {
        let outputs: serde_json::Map<String, serde_json::Value> = exports
            .iter()
            .enumerate()
            .map(|(index, (name, value))| {
                let name = format!("us-east-1-{name}");
                let output = json!({ "Value": value, "Export": { "Name": name } });
                (format!("Output{index}"), output)
            })
            .collect();
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": { "Nothing": { "Type": "AWS::CloudFormation::WaitConditionHandle" } },
            "Outputs": outputs,
        });
        let stacks = &self.session.stacks;
        let created = stacks
            .create_change_set()
            .stack_name("others")
            .change_set_name("first")
            .change_set_type(ChangeSetType::Create)
            .template_body(template.to_string())
            .send();
        created.await.unwrap();
        for _ in 0..5 {
            let described = stacks.describe_change_set().stack_name("others");
            described.change_set_name("first").send().await.unwrap();
        }
        let executed = stacks.execute_change_set().stack_name("others");
        executed.change_set_name("first").send().await.unwrap();
        for _ in 0..5 {
            let described = stacks.describe_stacks().stack_name("others");
            described.send().await.unwrap();
        }
    }

    async fn preflight(&self, checkout: &Checkout) -> (String, Option<i32>) {
        let arguments = ["preflight", "--env", "only", "--endpoint-url"];
        checkout.run_publisher(&[&arguments[..], &[self.server.endpoint()]].concat())
    }
}

fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}")
}

/// What launches of the second organisation ask of EC2.
fn sound() -> Contents {
    Contents {
        images: vec![HeldImage {
            id: IMAGE.to_owned(),
            architecture: "arm64".to_owned(),
            state: None,
        }],
        subnets: vec![HeldSubnet {
            id: "subnet-1".to_owned(),
            zone: "us-east-1a".to_owned(),
            free_addresses: 200,
            without_instance_types: Vec::new(),
        }],
        ..Contents::default()
    }
}

/// The exports of others that the second organisation's files name.
fn exports() -> Vec<(&'static str, String)> {
    let policy = |name: &str| format!("arn:aws:iam::{ACCOUNT}:policy/{name}");
    vec![
        ("lab-network", "vpc-1".to_owned()),
        ("lab-subnet-a", "subnet-1".to_owned()),
        ("lab-vpn-group", "sg-1".to_owned()),
        ("shared-find-products", policy("find")),
        ("shared-read-roles", policy("read")),
        ("tagging-instance", function("tag-instance")),
        ("tagging-bucket", function("tag-bucket")),
        ("buckets-policy", function("bucket-policy")),
    ]
}

fn borrowed<'a>(exports: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    exports
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// A product that an engine makes, which the account lacks.
const EXTERNAL: &str = "type: EXTERNAL\ncatalog: { name: Bucket, description: A bucket, documentation: 'https://example.org' }\n";

const ROLES: [&str; 4] = ["login", "HelpDesk", "outreach", "stack-sets"];
const FUNCTIONS: [&str; 3] = ["tag-instance", "tag-bucket", "bucket-policy"];

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_account_has_no_finding_before_anything_is_published() {
    let checkout = Checkout::of_second_organisation();
    checkout.generate(false);
    let account = Account::new(&ROLES, &FUNCTIONS).await;
    account.export(&borrowed(&exports())).await;
    account.server.clear_calls();
    let (printed, code) = account.preflight(&checkout).await;
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("Nothing keeps the catalog"), "{printed}");
    let changing = account
        .server
        .calls()
        .into_iter()
        .filter(|call| call.changing);
    assert_eq!(changing.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_an_account_is_told_at_once() {
    let checkout = Checkout::of_second_organisation();
    let folder = "portfolios";
    checkout.replace(
        &format!("{folder}/tag-options.yaml"),
        "[Genome Atlas / 120001, Proteome Atlas / 120002]",
        "[]",
    );
    checkout.replace(
        &format!("{folder}/environments/only.yaml"),
        "region: us-east-1",
        "region: us-east-1\ntemplateBucket: lab-templates",
    );
    checkout.write("products/team-bucket/external.yaml", EXTERNAL);
    checkout.write("products/team-bucket/artifact/main.tf", "");
    checkout.replace(
        &format!("{folder}/foundation.yaml"),
        "launchRoles:",
        "externalEngine: { roles: [Engine/Execution*] }\nlaunchRoles:",
    );
    checkout.generate(false);
    checkout.release("team-bucket");
    let account = Account::new(&["outreach", "LabResearcher"], &FUNCTIONS[..2]).await;
    let mut exports = exports();
    exports[0].0 = "lab-netwrk";
    exports[1].1 = "vpc-1".to_owned();
    account.export(&borrowed(&exports)).await;
    for number in 0..99 {
        let portfolio = account.session.catalog.create_portfolio();
        portfolio
            .display_name(format!("Portfolio {number}"))
            .provider_name("Others")
            .idempotency_token(format!("portfolio-{number}"))
            .send()
            .await
            .unwrap();
    }
    let (printed, code) = account.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    for wanted in [
        "bucket lab-templates: it doesn't exist",
        "export PrivateSubnet (us-east-1-lab-subnet-a): its value `vpc-1` is not the id of a subnet",
        "export VPCId (us-east-1-lab-network): no stack of the account exports it\n --> portfolios/environments/only.yaml:6:19\n",
        "\n  hint: did you mean `us-east-1-lab-netwrk`?",
        "export BucketPolicyFunctionArn (us-east-1-buckets-policy): the function arn:aws:lambda:us-east-1:210987654321:function:bucket-policy doesn't exist",
        "quota of portfolios: the account has 99, 2 are to come, and 100 are the most",
        "role HelpDesk: a principal of the portfolio research doesn't exist",
        "role LabResearcher: the role of the end users `researcher` exists already, and the stack researchers, which makes it, doesn't",
        "role login: `loginRole` of the environment doesn't exist",
        "role stack-sets: `adminRole` of s3-private in the portfolio outreach doesn't exist",
        "tag option Grant: launches offer no value but `None / 000000` and `Another / 999999`",
        "product team-bucket: its engine isn't there: the account has no function ServiceCatalogExternalParameterParser",
        "11 findings",
    ] {
        assert!(printed.contains(wanted), "{wanted}\n{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_identity_may_not_look_at_is_told_and_the_rest_is_looked_at() {
    let checkout = Checkout::of_second_organisation();
    checkout.replace(
        "portfolios/environments/only.yaml",
        "region: us-east-1",
        "region: us-east-1\ntemplateBucket: lab-templates",
    );
    checkout.generate(false);
    let account = Account::new(&ROLES[1..], &FUNCTIONS).await;
    account.export(&borrowed(&exports())).await;
    let may_not = |operations: &[&str]| {
        let denied = operations
            .iter()
            .map(|name| (name.to_string(), String::new()));
        account.server.set_faults(Faults {
            denied: denied.collect(),
            ..Faults::default()
        });
    };
    let missing_role = "role login: `loginRole` of the environment doesn't exist";
    let hint = "hint: give it the permission: what it can't see, it can't publish or check";

    may_not(&[
        "HeadBucket",
        "GetFunctionConfiguration",
        "ListServiceActions",
    ]);
    let (printed, code) = account.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    let function = function("tag-instance");
    let user = format!("User: arn:aws:iam::{ACCOUNT}:user/local is not authorized to perform:");
    for wanted in [
        missing_role,
        hint,
        // The answer to a HEAD has no body that could say why.
        "bucket lab-templates: Forbidden; another account has the bucket, or s3:ListBucket isn't allowed",
        &format!(
            "lambda GetFunctionConfiguration on {function}: this identity may not look: AccessDeniedException: {user} lambda:GetFunctionConfiguration"
        ),
        &format!(
            "servicecatalog ListServiceActions on the account: this identity may not look: AccessDeniedException: {user} servicecatalog:ListServiceActions"
        ),
        "6 findings",
    ] {
        assert!(printed.contains(wanted), "{wanted}\n{printed}");
    }

    may_not(&["ListExports", "DescribeAccountLimits", "GetAccountSummary"]);
    let (printed, code) = account.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    for wanted in [
        missing_role,
        "bucket lab-templates: it doesn't exist",
        "cloudformation DescribeAccountLimits on the account: this identity may not look: AccessDenied: ",
        "cloudformation ListExports on the account: this identity may not look: AccessDenied: ",
        "iam GetAccountSummary on the account: this identity may not look: AccessDenied: ",
        "5 findings",
    ] {
        assert!(printed.contains(wanted), "{wanted}\n{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ec2_lacks_of_what_launches_ask_for_is_told_for_every_value_of_the_form() {
    let checkout = Checkout::of_second_organisation();
    checkout.generate(false);
    checkout.release("linux-docker");
    let account = |contents: Contents| async {
        let account = Account::holding(&ROLES, &FUNCTIONS, contents).await;
        account.export(&borrowed(&exports())).await;
        account
    };

    let nothing = account(Contents::default()).await;
    let (printed, code) = nothing.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    for wanted in [
        "version linux-docker v1.0.0: EC2Instance: image ami-0a1b2c3d4e5f60718 isn't there for this account in us-east-1: no launch with it works",
        "version linux-docker v1.0.0: EC2Instance: subnet subnet-1 isn't there in us-east-1: no launch works",
        "2 findings",
    ] {
        assert!(printed.contains(wanted), "{wanted}\n{printed}");
    }

    let mut held = sound();
    held.images[0].architecture = "x86_64".to_owned();
    held.subnets[0].without_instance_types = vec!["m6g.large".to_owned()];
    held.subnets[0].free_addresses = 0;
    let unfit = account(held).await;
    let (printed, code) = unfit.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    for wanted in [
        "EC2Instance: its types that aren't offered in us-east-1a, where subnet subnet-1 is: m6g.large\n",
        "EC2Instance: its types that don't start image ami-0a1b2c3d4e5f60718, which is x86_64: m6g.large, t4g.medium, t4g.small\n",
        "EC2Instance: subnet subnet-1 has no free address",
        "3 findings",
    ] {
        assert!(printed.contains(wanted), "{wanted}\n{printed}");
    }

    let mut held = sound();
    held.images[0].state = Some("deregistered".to_owned());
    let gone = account(held).await;
    gone.server.set_faults(Faults {
        denied: [("DescribeSubnets".to_owned(), String::new())].into(),
        ..Faults::default()
    });
    let (printed, code) = gone.preflight(&checkout).await;
    assert_eq!(code, Some(1), "{printed}");
    assert!(
        printed.contains(
            "ec2 DescribeSubnets on subnet-1: this identity may not look: UnauthorizedOperation: "
        ),
        "{printed}"
    );
}
