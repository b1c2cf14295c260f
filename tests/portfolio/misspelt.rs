//! Keys and names that an organisation's files write otherwise than what they name: each is a finding where
//! it stands, with what was probably meant. None is passed over.

use super::rules::{environments, replace, within};
use super::{Organisation, files};
use compute_catalog::environment::Organization;
use compute_catalog::portfolio::CatalogFiles;
use compute_catalog::rehearsal::Outside;
use compute_catalog::yaml::load;

#[derive(Clone, Copy, Debug)]
enum File {
    Portfolio,
    Foundation,
    Environment,
    Organization,
    Outside,
}

/// A file, what stands in it and is right, the same misspelt, and where and how that is told.
const TABLE: [(File, &str, &str, &str, &str); 10] = {
    use File::{Environment, Foundation, Organization, Outside, Portfolio};
    const RESEARCH: &str = "stack: research-portfolio\n";
    const REGION: &str = "region: us-east-1\n";
    const NAME: &str = "name: Lab\n";
    [
        (
            Portfolio,
            RESEARCH,
            "principalIds: { researcher: LabPeople }\n",
            "principalIds: { reseacher: LabPeople }\n",
            "research.yaml:2:17: `reseacher` is no principal of this portfolio | did you mean `researcher`?",
        ),
        (
            Portfolio,
            "  - product: linux-docker\n",
            "    logicalIds: { association: Machine }\n",
            "    logicalIds: { asociation: Machine }\n",
            "research.yaml:11:19: unknown key `asociation` in products.0.logicalIds | did you mean `association`?",
        ),
        (
            Foundation,
            "boundary:\n",
            "  - { sid: Own, reason: none, actions: [logs:GetLogEvents], rolesOf: [linux-docker] }\n",
            "  - { sid: Own, reason: none, actions: [logs:GetLogEvents], rolesOf: [linux-doker] }\n",
            "foundation.yaml:11:71: `linux-doker` is no product | did you mean `linux-docker`?",
        ),
        (
            Foundation,
            "boundary:\n",
            "  - { sid: Pass, reason: none, actions: [iam:PassRole], passedTo: [ec2.amazonaws.com] }\n",
            "  - { sid: Pass, reason: none, actions: [iam:PassRole], passedTo: [ec.amazonaws.com] }\n",
            "foundation.yaml:11:68: there is no service `ec.amazonaws.com` | did you mean `ec2.amazonaws.com`?",
        ),
        (
            Environment,
            REGION,
            "products: { s3-private: { id: prod-aaaaaaaaaaaaa } }\n",
            "products: { s3-privat: { id: prod-aaaaaaaaaaaaa } }\n",
            "portfolios/environments/lab.yaml:3:13: `s3-privat` is no product | did you mean `s3-private`?",
        ),
        (
            Environment,
            REGION,
            "portfolios: { research: { id: port-aaaaaaaaaaaaa } }\n",
            "portfolios: { reserch: { id: port-aaaaaaaaaaaaa } }\n",
            "portfolios/environments/lab.yaml:3:15: `reserch` is no portfolio | did you mean `research`?",
        ),
        (
            Organization,
            NAME,
            "codeOwners: { \"/products/s3-private/*.rs\": [\"@lab/core\"] }\n",
            "codeOwners: { \"/products/s3-privat/*.rs\": [\"@lab/core\"] }\n",
            "portfolios/organization.yaml:2:15: `s3-privat` is no file or folder of products | did you mean `s3-private`?",
        ),
        (
            Outside,
            "functions:\n",
            "  SetInstanceTagsFunctionArn: { name: a }\n",
            "  SetInstanceTagFunctionArn: { name: a }\n",
            "outside.yaml:2:3: `SetInstanceTagFunctionArn` is no declared export of a function | did you mean `SetInstanceTagsFunctionArn`?",
        ),
        (
            Outside,
            "policies:\n",
            "  TagInstancePolicy: { Statement: [] }\n",
            "  TagInstancePolice: { Statement: [] }\n",
            "outside.yaml:2:3: `TagInstancePolice` is no declared export of a policy | did you mean `TagInstancePolicy`?",
        ),
        (
            Outside,
            "policies:\n  TagInstancePolicy: { Statement: [] }\n",
            "exports: { old-name: TagInstancePolicy }\n",
            "exports: { old-name: TagInstancePolice }\n",
            "outside.yaml:3:22: `TagInstancePolice` is no policy of this file | did you mean `TagInstancePolicy`?",
        ),
    ]
};

/// What is found where a line stands in a file behind another.
fn found(kind: File, before: &str, line: &str) -> Vec<String> {
    let both = format!("{before}{line}");
    let told = |errors: Vec<compute_catalog::yaml::InputError>| -> Vec<String> {
        let errors = errors.iter().map(ToString::to_string);
        let folder = format!("{}/", super::SECOND);
        errors
            .map(|error| error.replace(&folder, "").replace("\n  hint:", " |"))
            .collect()
    };
    let mut written = files(super::SECOND, &["research"]);
    let mut environments = environments();
    match kind {
        File::Portfolio => replace(&mut written.portfolios[0].1.text, before, &both),
        File::Foundation => replace(&mut written.foundation.text, before, &both),
        File::Environment => {
            let text = format!("account: \"210987654321\"\n{both}");
            let read = load("portfolios/environments/lab.yaml", &text).unwrap();
            environments.by_key[0] = read;
        }
        File::Organization => {
            let support = "support: { description: Help, email: help@example.org, url: \"https://example.org\" }";
            let text = format!("{both}{support}\n");
            let read: Organization = load("portfolios/organization.yaml", &text).unwrap();
            environments.organization.code_owners = read.code_owners;
        }
        File::Outside => {
            let read = Outside::read("outside.yaml", &both, &environments.organization);
            return read.err().map(told).unwrap_or_default();
        }
    }
    match CatalogFiles::read(&written) {
        Ok(catalog) => {
            let faults = within(&environments, &catalog, &Organisation::second());
            told(faults.into_iter().map(|fault| fault.error).collect())
        }
        Err(errors) => told(errors),
    }
}

#[test]
fn what_is_misspelt_is_told_where_it_stands_and_what_is_right_is_not() {
    for (kind, before, right, wrong, told) in TABLE {
        assert_eq!(found(kind, before, right), [""; 0], "{kind:?}: {right}");
        assert_eq!(found(kind, before, wrong), [told], "{kind:?}: {wrong}");
    }
}

#[test]
fn a_pattern_of_code_owners_may_be_of_what_is_anywhere_or_not_yet_there() {
    for pattern in [
        "*",
        "*.rs",
        "docs/",
        "/docs/*/later.md",
        "README.md",
        "/products/**/x",
    ] {
        let line = format!("codeOwners: {{ {pattern:?}: [\"@lab/core\"] }}\n");
        let told = found(File::Organization, "name: Lab\n", &line);
        assert_eq!(told, [""; 0], "{pattern}");
    }
}
