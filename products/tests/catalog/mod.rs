//! The products as they stand on disk, built in a test.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part; what can't be read has failed"
)]

use compute_catalog::cfn::{Evaluation, Map, Pseudo, Template};
use compute_catalog::environment::Environments;
use compute_catalog::product::{Fault, Key, Product, SourceFile, Sources, Surroundings};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the products.
pub fn products() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file below `products/`.
pub fn text(path: &str) -> String {
    fs::read_to_string(products().join(path)).unwrap()
}

/// The accounts of the organisation.
pub fn surroundings() -> Surroundings {
    let portfolios = products().join("../portfolios");
    let files: Vec<(Key, String, String)> = fs::read_dir(portfolios.join("environments"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let key = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            (
                key,
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    let organization = fs::read_to_string(portfolios.join("organization.yaml")).unwrap();
    Environments::read(("organization.yaml", &organization), &files)
        .unwrap()
        .surroundings()
}

/// A product with these settings.
pub fn build_with(key: &str, settings: &str) -> Result<Template, Vec<Fault>> {
    let all = products::all();
    let product: &dyn Product = all
        .iter()
        .find(|product| product.key().as_str() == key)
        .unwrap()
        .as_ref();
    let mut files = BTreeMap::new();
    for folder in [format!("{key}/files"), "shared".to_owned()] {
        collect(&products().join(folder), &mut files);
    }
    let settings = SourceFile {
        path: format!("products/{key}/settings.yaml"),
        text: settings.to_owned(),
    };
    product
        .build(&Sources { settings, files }, &surroundings())
        .map(|built| built.template)
}

fn collect(folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let name = path
                .strip_prefix(products())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// A product with its own settings.
pub fn build(key: &str) -> Template {
    build_with(key, &text(&format!("{key}/settings.yaml"))).unwrap()
}

/// A stack in this account.
pub fn pseudo(account: &str) -> Pseudo {
    Pseudo {
        account_id: account.to_owned(),
        region: "us-east-1".to_owned(),
        partition: "aws".to_owned(),
        stack_name: "a-stack".to_owned(),
        stack_id: "arn:aws:cloudformation:us-east-1:111122223333:stack/a-stack/1".to_owned(),
    }
}

/// A resource's properties as CloudFormation would see them, for these parameter values and the
/// defaults of the others.
pub fn properties(template: &Template, id: &str, given: &[(&str, &str)], account: &str) -> Map {
    let given: IndexMap<String, String> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let pseudo = pseudo(account);
    let evaluation = Evaluation::new(template, &given, &pseudo).unwrap();
    evaluation.properties(&template.resources[id])
}
