//! The roles that accounts get with which a portfolio is shared.

use super::{Organisation, SECOND, files};
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::portfolio::{CatalogFiles, CatalogSources, ProductFacts, Stacks};
use compute_catalog::product::ExternalProduct;
use compute_catalog::yaml::InputError;

const BY_NAME: (&str, &str) = (
    "product: s3-private",
    "product: s3-private\n    launch: { localRoleName: BucketLaunch }",
);
const RECIPIENTS: (&str, &str) = ("shares:", "recipients: { stackSet: lab-roles }\nshares:");

/// The second organisation with changes of its research portfolio.
fn changed(changes: &[(&str, &str)]) -> CatalogSources {
    let mut files = files(SECOND, &["outreach", "research"]);
    let text = &mut files.portfolios[1].1.text;
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        *text = text.replacen(from, to, 1);
    }
    files
}

fn organisation(changes: &[(&str, &str)]) -> Organisation {
    let products = [("linux-docker", "small-machine"), ("s3-private", "bucket")];
    Organisation::of("Example Institute", &changed(changes), &products)
}

/// The messages of what keeps the stacks from being made.
fn errors(changes: &[(&str, &str)]) -> String {
    let stacks = organisation(changes).try_stacks();
    let errors: Vec<String> = stacks
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    errors.join("\n")
}

#[test]
fn a_role_called_by_name_grants_what_the_products_own_role_does() {
    let stacks = organisation(&[BY_NAME, RECIPIENTS]).stacks().all;
    let of = |file: &str| {
        let stack = stacks.iter().find(|stack| stack.file == file).unwrap();
        (stack.clone(), stack.template.to_json())
    };
    let (stack, template) = of("recipients/research.yaml");
    assert_eq!(stack.name, "lab-roles");
    assert_eq!(stack.recipients_of, Some("research".parse().unwrap()));
    let (_, own) = of("launch-roles/s3-private.yaml");
    let role = &template["Resources"]["S3PrivateLaunchRole"]["Properties"];
    assert_eq!(role["RoleName"], "BucketLaunch");
    let own_role = &own["Resources"]["LaunchRole"]["Properties"];
    for property in ["AssumeRolePolicyDocument", "Policies"] {
        assert_eq!(role[property], own_role[property]);
    }
    assert_eq!(
        template["Resources"]["S3PrivatePlatformPolicy"]["Properties"]["PolicyDocument"],
        own["Resources"]["PlatformPolicy"]["Properties"]["PolicyDocument"]
    );
    // Nothing of a product that is launched otherwise.
    let resources = template["Resources"].as_object().unwrap();
    assert_eq!(resources.len(), 2);
    // A constraint takes a role of the name in the account of the catalog as well.
    let named = &own["Resources"]["NamedLaunchRole"]["Properties"];
    assert_eq!(named["RoleName"], "BucketLaunch");
    assert_eq!(named["Policies"], own_role["Policies"]);
    let others = stacks.iter().filter(|stack| stack.recipients_of.is_none());
    assert_eq!(others.count(), stacks.len() - 1);
}

#[test]
fn recipients_without_a_share_or_a_role_to_call_are_refused() {
    let text = errors(&[RECIPIENTS]);
    assert!(
        text.contains("no product is launched by a role's name"),
        "{text}"
    );
    assert!(text.contains("research.yaml"), "{text}");

    let unshared = [
        BY_NAME,
        (
            "shares:\n  - account: \"109876543210\"\n  - organizationalUnit: ou-ab12-cdef3456\n",
            "recipients: { stackSet: lab-roles }\n",
        ),
    ];
    let text = errors(&unshared);
    assert!(
        text.contains("the portfolio is shared with nobody"),
        "{text}"
    );
    assert!(text.contains("hint: add `shares`"), "{text}");
}

#[test]
fn a_role_that_nothing_compiles_is_refused() {
    let mut files = changed(&[BY_NAME, RECIPIENTS]);
    let role = "  - { product: s3-private, stack: lab-s3-private-role }\n";
    files.foundation.text = files.foundation.text.replace(role, "");
    let products = [("linux-docker", "small-machine"), ("s3-private", "bucket")];
    let organisation = Organisation::of("Example Institute", &files, &products);
    let stacks = organisation.try_stacks();
    let text = stacks.unwrap_err()[0].to_string();
    assert!(
        text.contains("`BucketLaunch` can't be made: `s3-private` has no launch role"),
        "{text}"
    );
}

/// The stacks where an engine, declared like this, makes the product whose role is called by name.
fn of_engine(engine: &str) -> Result<Stacks, Vec<InputError>> {
    let mut sources = changed(&[BY_NAME, RECIPIENTS]);
    let text = &mut sources.foundation.text;
    let role = "stack: lab-s3-private-role";
    assert!(text.contains(role), "{text}");
    let grant = "grants: [{sid: Bucket, reason: one, neededBy: EXTERNAL, actions: [s3:CreateBucket], resources: ['arn:aws:s3:::one-*']}]";
    *text = text.replacen(role, &format!("{role}, {grant}"), 1);
    text.push_str(&format!(
        "externalEngine: {{ {engine}roles: [Engine/Work*] }}\n"
    ));
    let catalog = CatalogFiles::read(&sources).unwrap();
    let product = "type: EXTERNAL\ncatalog: { name: One, description: One, documentation: 'https://example.org' }";
    let product = ExternalProduct::read("external.yaml", product).unwrap();
    let mut known = Organisation::second().known();
    let facts = ProductFacts::of_external(&product);
    known.insert("s3-private".parse().unwrap(), facts);
    let handlers = Handlers::reviewed().unwrap();
    catalog.stacks("Lab", &known, &handlers, iam::actions())
}

#[test]
fn a_role_elsewhere_lets_the_engine_of_the_account_in_that_shares() {
    let errors = of_engine("").unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let said = "`s3-private` is EXTERNAL: its engine runs in the account that shares it, and nothing says which that is";
    assert!(errors.concat().contains(said), "{errors:#?}");

    let stacks = of_engine("account: '210987654321', ").unwrap().all;
    let file = "recipients/research.yaml";
    let stack = stacks.iter().find(|stack| stack.file == file).unwrap();
    let template = stack.template.to_json();
    let role = &template["Resources"]["S3PrivateLaunchRole"]["Properties"];
    let engine = &role["AssumeRolePolicyDocument"]["Statement"][1];
    let principal = "arn:${AWS::Partition}:iam::210987654321:root";
    assert_eq!(engine["Principal"]["AWS"]["Fn::Sub"], principal);
    let roles = &engine["Condition"]["StringLike"]["aws:PrincipalArn"];
    let run = "arn:${AWS::Partition}:iam::210987654321:role/Engine/Work*";
    assert_eq!(roles["Fn::Sub"], run);
}
