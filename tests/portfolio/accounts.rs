//! One catalog for all accounts: what differs between them stands in environment files alone.

use super::{Organisation, file, root};
use compute_catalog::cfn::{Evaluation, Evaluator, IndexMap, Node, Pseudo, Template};
use compute_catalog::digest::Digest;
use compute_catalog::environment::{Environment, Environments};
use compute_catalog::product::{CatalogEntry, Key};
use compute_catalog::publish::{Desired, ReleasedProduct};
use compute_catalog::release::Ledger;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What goes to an account of a version: where its template stands, its digest, its body.
type Sent = (String, Digest, Arc<[u8]>);

fn environments() -> Environments {
    let organization = file("portfolios/organization.yaml");
    let names = std::fs::read_dir(root().join("portfolios/environments")).unwrap();
    let files: Vec<(Key, String, String)> = names
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("portfolios/environments/{name}");
            let key = name.trim_end_matches(".yaml").parse().unwrap();
            (key, path.clone(), file(&path).text)
        })
        .collect();
    Environments::read((&organization.path, &organization.text), &files).unwrap()
}

/// The accounts that take launches.
fn accounts(environments: &Environments) -> Vec<(&Key, &Environment)> {
    let all = environments.by_key.iter();
    all.filter(|(_, environment)| !environment.local).collect()
}

#[test]
fn each_version_has_one_digest_in_all_accounts() {
    let environments = environments();
    let accounts = accounts(&environments);
    assert_eq!(accounts.len(), 3);
    for product in Organisation::first().templates.keys() {
        let folder = format!("products/{product}/history");
        let path = format!("{folder}/versions.yaml");
        let ledger = Ledger::read(&path, &file(&path).text).unwrap();
        let bodies = std::fs::read_dir(root().join(&folder)).unwrap();
        let bodies: BTreeMap<String, Vec<u8>> = bodies
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "versions.yaml")
            .map(|name| (name.clone(), file(&format!("{folder}/{name}")).text.into()))
            .collect();
        let entry = CatalogEntry {
            name: product.to_string(),
            description: product.to_string(),
            documentation: "https://example.org".to_owned(),
        };
        let released = ReleasedProduct {
            key: product,
            entry: &entry,
            ledger: &ledger,
            bodies: &bodies,
            actions: Vec::new(),
        };
        let sent: Vec<Vec<Sent>> = accounts
            .iter()
            .map(|(key, environment)| {
                let organization = &environments.organization;
                let product = Desired::product(&released, key, environment, organization).unwrap();
                let versions = product.versions.into_iter();
                versions
                    .map(|version| (version.object, version.digest, version.body))
                    .collect()
            })
            .collect();
        assert!(!sent[0].is_empty(), "{product} has no version");
        assert!(sent.iter().all(|other| *other == sent[0]), "{product}");
        for (_, digest, body) in &sent[0] {
            assert_eq!(Digest::of(body), *digest, "{product}");
        }
    }
}

/// An account that notes which exports are imported from it.
struct Account {
    pseudo: Pseudo,
    imported: RefCell<BTreeSet<String>>,
}

impl Evaluator for Account {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.pseudo.pseudo(name)
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Node> {
        None
    }

    fn export(&self, name: &str) -> Option<Node> {
        self.imported.borrow_mut().insert(name.to_owned());
        Some("imported".into())
    }
}

/// The names that a template imports in an account.
fn imports(template: &Template, environment: &Environment) -> BTreeSet<String> {
    let account = Account {
        pseudo: Pseudo {
            account_id: environment.account.to_string(),
            region: environment.region.value.clone(),
            partition: "aws".to_owned(),
            stack_name: "SC-1-pp-a".to_owned(),
            stack_id: "id".to_owned(),
        },
        imported: RefCell::default(),
    };
    let asked = template.parameters.iter();
    let given: IndexMap<String, String> = asked
        .filter(|(_, parameter)| parameter.default.is_none())
        .map(|(name, _)| (name.clone(), "given".to_owned()))
        .collect();
    let evaluation = Evaluation::new(template, &given, &account).unwrap();
    for resource in template.resources.values() {
        evaluation.properties(resource);
    }
    account.imported.into_inner()
}

#[test]
fn the_same_template_imports_in_each_account_what_that_account_exports() {
    let environments = environments();
    let accounts = accounts(&environments);
    let declared = |environment: &Environment| -> BTreeSet<String> {
        let exports = environments.organization.exports.iter();
        exports
            .filter_map(|(key, export)| {
                let own = environment.exports.get(key).map(|name| &name.value);
                let name = own.or(export.name.as_ref())?;
                Some(name.replace("${AWS::Region}", &environment.region))
            })
            .collect()
    };
    let mut differing = 0;
    for (product, template) in Organisation::first().templates {
        let mut all = BTreeSet::new();
        for (key, environment) in &accounts {
            let imported = imports(&template, environment);
            assert!(!imported.is_empty(), "{product} imports nothing");
            let known = declared(environment);
            assert!(
                imported.is_subset(&known),
                "{product} in {key}: {imported:?}"
            );
            all.insert(imported);
        }
        differing += usize::from(all.len() > 1);
        assert!(all.len() == 1 || all.len() == accounts.len(), "{product}");
    }
    // The products with machines stand in networks of each account's own.
    assert_eq!(differing, 3);
}

#[test]
fn accounts_differ_in_their_environment_files_alone() {
    let environments = environments();
    for (_, environment) in accounts(&environments) {
        let account = environment.account.to_string();
        let own = environment.exports.values().map(|name| name.value.clone());
        let words: Vec<String> = own.chain([account.clone()]).collect();
        let stacks = Organisation::first().stacks();
        for stack in &stacks.all {
            let text = stack.template.to_json().to_string();
            for word in &words {
                assert!(!text.contains(word), "{} holds {word}", stack.file);
            }
        }
        // Templates of products hold them in the one table by account.
        for (product, mut template) in Organisation::first().templates {
            template.mappings.clear();
            let text = template.to_json().to_string();
            for word in &words {
                assert!(!text.contains(word), "{product} holds {word}");
            }
        }
        let shared = [
            "ec2",
            "ec2-external",
            "s3-basic",
            "scheduled-jobs",
            "tag-options",
        ];
        let more = ["foundation", "end-users", "organization", "communities"];
        for name in shared.iter().chain(&more) {
            let text = file(&format!("portfolios/{name}.yaml")).text;
            for word in &words {
                assert!(!text.contains(word), "{name}.yaml holds {word}");
            }
        }
    }
}
