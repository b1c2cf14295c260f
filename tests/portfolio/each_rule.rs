//! Each rule of an organisation's files: what breaks it, and nothing else.

use super::Organisation;
use super::rules::{broken, environments, export, of, replace};
use compute_catalog::check::{Check, CheckContext, check_catalog, rules};
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::portfolio::{CatalogFiles, ProductFacts};
use compute_catalog::product::{ExternalProduct, Key};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The files of an organisation that people write.
#[derive(Clone, Copy)]
enum File {
    Portfolio,
    TagOptions,
    EndUsers,
    Foundation,
}

/// A change of one of the second organisation's files, and the rule that it breaks.
const BREAKS: [(&str, File, &str, &str); 15] = {
    use File::{EndUsers, Foundation, Portfolio, TagOptions};
    const ROLE: &str = "stack: lab-s3-private-role";
    [
        (
            "catalog-names",
            Portfolio,
            "product: s3-private",
            "product: s3",
        ),
        (
            "catalog-exports",
            Portfolio,
            "roleName: support/HelpDesk",
            "import: nobodys",
        ),
        (
            "catalog-launch",
            Portfolio,
            "product: s3-private",
            "product: linux-docker",
        ),
        (
            "catalog-template-rules",
            Portfolio,
            "parameter: EC2InstanceType",
            "parameter: Size",
        ),
        (
            "catalog-reach",
            Portfolio,
            "arn:aws:iam:::role/lab-*",
            "lab-*",
        ),
        (
            "catalog-reach",
            EndUsers,
            "[launch, sessions]",
            "[sessions]",
        ),
        ("catalog-tag-options", TagOptions, "120002", "120001"),
        (
            "catalog-abilities",
            EndUsers,
            "[launch, sessions]",
            "[launch, jobs]",
        ),
        (
            "boundary",
            Foundation,
            "logs:PutLogEvents",
            "logs:GetLogEvents",
        ),
        (
            "catalog-exports",
            Foundation,
            "logs:PutLogEvents]",
            "logs:PutLogEvents]\n    imports: [nobodys]",
        ),
        (
            "boundary",
            Foundation,
            "logs:PutLogEvents]",
            "logs:PutLogEvents]\n    rolesOf: [s3-private]",
        ),
        (
            "launch-role-surplus",
            Foundation,
            ROLE,
            "stack: lab-s3-private-role, legacyTypes: [{type: AWS::SNS::Topic}]",
        ),
        (
            "launch-role-surplus",
            Foundation,
            ROLE,
            "stack: lab-s3-private-role, macroTypes: [AWS::S3::Object]",
        ),
        (
            "launch-role-surplus",
            Foundation,
            ROLE,
            "stack: lab-s3-private-role, grants: [{sid: More, reason: none, neededBy: AWS::S3::Object, actions: [s3:GetObject], resources: [\"*\"]}]",
        ),
        (
            "catalog-quotas",
            Portfolio,
            "  - roleName: support/HelpDesk\n",
            "  - pattern: arn:aws:iam:::role/0\n  - pattern: arn:aws:iam:::role/1\n  - pattern: arn:aws:iam:::role/2\n  - pattern: arn:aws:iam:::role/3\n  - pattern: arn:aws:iam:::role/4\n  - pattern: arn:aws:iam:::role/5\n  - pattern: arn:aws:iam:::role/6\n  - pattern: arn:aws:iam:::role/7\n  - pattern: arn:aws:iam:::role/8\n  - pattern: arn:aws:iam:::role/9\n",
        ),
    ]
};

#[test]
fn each_rule_of_the_files_finds_what_breaks_it_and_no_other_does() {
    let mut broken_rules = BTreeSet::from(["launch-role-needs", "catalog-external"]);
    for (rule, file, from, to) in BREAKS {
        let found = broken(|files| {
            let text = match file {
                File::Portfolio => &mut files.portfolios[0].1.text,
                File::TagOptions => &mut files.tag_options.as_mut().unwrap().text,
                File::EndUsers => &mut files.end_users.text,
                File::Foundation => &mut files.foundation.text,
            };
            replace(text, from, to);
        });
        let broken: BTreeSet<&str> = found.iter().map(|fault| fault.rule.id).collect();
        assert_eq!(broken, BTreeSet::from([rule]), "{to}: {found:#?}");
        broken_rules.insert(rule);
    }
    let of_files = rules()
        .iter()
        .filter(|rule| matches!(rule.check, Check::Catalog(_)));
    assert_eq!(broken_rules, of_files.map(|rule| rule.id).collect());
}

#[test]
fn a_launch_role_ends_what_versions_from_before_this_catalog_made() {
    let mut organisation = Organisation::first();
    let roles = &mut organisation.catalog.foundation.launch_roles;
    let role = roles
        .iter_mut()
        .find(|role| role.product.as_str() == "s3-private");
    let role = role.unwrap();
    role.legacy_types.remove(0);
    // The bucket's policy is written and deleted by a function of the account.
    let functions = &mut role.legacy_functions;
    functions.retain(|legacy| legacy.name.value != "Custom::SCS3BucketPolicy");
    let found = of(&organisation.catalog, &organisation);
    assert!(
        found
            .iter()
            .all(|fault| fault.rule.id == "launch-role-needs"),
        "{found:#?}"
    );
    let messages: Vec<String> = found.into_iter().map(|fault| fault.error.message).collect();
    assert_eq!(
        messages,
        [
            "the launch role of `s3-private` can't end AWS::CloudFormation::Stack, which versions from before this catalog made",
            "the launch role of `s3-private` can't end Custom::SCS3BucketPolicy, which versions from before this catalog made"
        ]
    );
}

#[test]
fn the_boundary_is_held_against_roles_by_their_resources() {
    let mut organisation = Organisation::first();
    let boundary = &mut organisation.catalog.foundation.boundary;
    let mut statements = boundary.iter_mut();
    let calls = statements.find(|statement| statement.sid.as_str() == "CallFunctions");
    let calls = calls.unwrap();
    // The action is the same; the function isn't.
    calls.imports.clear();
    calls.resources = vec![
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:SC-*".to_owned(),
    ];
    let found = of(&organisation.catalog, &organisation);
    let messages: Vec<String> = found.into_iter().map(|fault| fault.error.message).collect();
    let function = export("ALBRuleFunctionArn");
    assert_eq!(
        messages,
        [format!(
            "the role NotebookRuleRole of `notebook` may lambda:InvokeFunction on {function}, which the boundary keeps from it"
        )]
    );
}

#[test]
fn a_fault_is_a_finding_of_a_described_rule_at_its_line() {
    let mut text = String::new();
    let found = broken(|files| {
        replace(
            &mut files.foundation.text,
            "lab-s3-private-role",
            "lab-s3-private-role, macroTypes: [AWS::S3::Object]",
        );
        text.clone_from(&files.foundation.text);
    });
    let finding = found[0].finding(&text);
    assert_eq!(
        finding.to_string(),
        "warning: tests/second-organisation/portfolios/foundation.yaml: 30:69: the launch role of `s3-private` knows the macro type AWS::S3::Object, which no active version uses [launch-role-surplus]\n  hint: delete the line"
    );
    let place = finding.place.unwrap();
    assert_eq!((place.line, place.column), (30, 69));
    assert_eq!(
        place.excerpt,
        "- { product: s3-private, stack: lab-s3-private-role, macroTypes: [AWS::S3::Object] }"
    );
}

#[test]
fn a_product_that_an_engine_makes_is_offered_without_what_only_stacks_have() {
    let text = "type: EXTERNAL\ncatalog: { name: One, description: One, documentation: 'https://example.org' }";
    let product = ExternalProduct::read("external.yaml", text).unwrap();
    let mut sources = super::files(super::SECOND, &["research"]);
    let portfolio = &mut sources.portfolios[0].1.text;
    replace(
        portfolio,
        "    tagUpdate: notAllowed\n",
        "    tagUpdate: notAllowed\n    launch: asUser\n",
    );
    replace(
        &mut sources.foundation.text,
        "stack: lab-s3-private-role",
        "stack: lab-s3-private-role, removals: [{action: s3:GetObject, reason: none}]",
    );
    let catalog = CatalogFiles::read(&sources).unwrap();
    let facts = ["linux-docker", "s3-private"].map(|key| {
        let facts = ProductFacts::of_external(&product);
        (key.parse::<Key>().unwrap(), facts)
    });
    let products = IndexMap::from(facts);
    let context = CheckContext {
        products: &products,
        environments: &environments(),
        names_in: &|_| Vec::new(),
    };
    let found = check_catalog(&catalog, &context);
    let found = found
        .iter()
        .filter(|fault| fault.rule.id == "catalog-external");
    let said: Vec<&str> = found.map(|fault| fault.error.message.as_str()).collect();
    let expected = [
        "the launch role of `s3-private` has nothing to remove s3:GetObject from: it grants what stands under `grants`",
        "`linux-docker` is EXTERNAL: it has no stack whose events `notify` could tell",
        "`linux-docker` is EXTERNAL: it can't be launched without a launch constraint",
        "`linux-docker` is EXTERNAL: Service Catalog takes no template constraint for it",
    ];
    assert_eq!(said, expected);

    // Nothing takes its role where no engine is declared.
    let handlers = Handlers::reviewed().unwrap();
    let stacks = catalog.stacks("Lab", &products, &handlers, iam::actions());
    let errors: Vec<String> = stacks
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    let said = "launch role of s3-private: no engine is declared that could take it";
    assert!(
        errors.iter().any(|error| error.contains(said)),
        "{errors:#?}"
    );
}
