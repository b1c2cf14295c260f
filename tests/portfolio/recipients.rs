//! The roles that accounts get with which a portfolio is shared.

use super::{Organisation, SECOND, files};
use compute_catalog::portfolio::CatalogSources;

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
