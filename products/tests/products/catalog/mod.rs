//! The products as they stand on disk, built for tests; also with other settings.

use compute_catalog::cfn::{Evaluation, Map, Node, Pseudo, Template};
use compute_catalog::environment::Environments;
use compute_catalog::product::{AccountExports, SourceFile, Sources};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The text of a file, by its path from the root of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The template of a product.
pub fn template(key: &str) -> Template {
    build(key, str::to_owned).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The template of a product with edited settings, or what is wrong with them.
pub fn build(key: &str, edit: impl Fn(&str) -> String) -> Result<Template, Vec<String>> {
    build_in(key, edit, &account_exports(str::to_owned))
}

/// The template of a product in an organisation whose file is edited.
pub fn template_in(key: &str, organisation: impl Fn(&str) -> String) -> Template {
    build_in(key, str::to_owned, &account_exports(organisation))
        .unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn build_in(
    key: &str,
    edit: impl Fn(&str) -> String,
    account_exports: &AccountExports,
) -> Result<Template, Vec<String>> {
    let path = format!("products/{key}/settings.yaml");
    let mut files = BTreeMap::new();
    collect(&root().join("products"), "", &mut files);
    let sources = Sources {
        settings: SourceFile {
            text: edit(&read(&path)),
            path,
        },
        files,
    };
    let product = products::all()
        .into_iter()
        .find(|product| product.key().as_str() == key)
        .unwrap();
    product
        .build(&sources, account_exports)
        .map(|built| built.template)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            if path != "tests" {
                collect(&entry.path(), &format!("{path}/"), files);
            }
        } else {
            files.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn account_exports(edit: impl Fn(&str) -> String) -> AccountExports {
    environments(edit).account_exports()
}

/// The organisation and its environments.
pub fn environments(edit: impl Fn(&str) -> String) -> Environments {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join("portfolios/environments")).unwrap() {
        let path = entry.unwrap().path();
        let key = path.file_stem().unwrap().to_str().unwrap();
        files.push((
            key.parse().unwrap(),
            path.display().to_string(),
            fs::read_to_string(&path).unwrap(),
        ));
    }
    let organization = edit(&read("portfolios/organization.yaml"));
    Environments::read(("organization.yaml", &organization), &files).unwrap()
}

fn pseudo() -> Pseudo {
    Pseudo {
        account_id: "111122223333".to_owned(),
        region: "eu-north-1".to_owned(),
        partition: "aws".to_owned(),
        stack_name: "SC-1".to_owned(),
        stack_id: "arn:aws:cloudformation:eu-north-1:111122223333:stack/SC-1/2".to_owned(),
    }
}

/// The properties of a resource as a stack with these parameters has them.
pub fn properties(template: &Template, id: &str, parameters: &[(&str, &str)]) -> serde_json::Value {
    let given = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let pseudo = pseudo();
    let evaluation = Evaluation::new(template, &given, &pseudo).unwrap();
    let resource = &template.resources[id];
    if evaluation.creates(resource) == Some(false) {
        return serde_json::Value::Null;
    }
    let properties: Map = evaluation.properties(resource);
    Node::Map(properties).to_json()
}
