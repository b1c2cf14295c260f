//! Nothing of the organisation stands in Rust code: another one adopts the catalog by data alone.

use crate::sources::{root, rust_files};
use compute_catalog::environment::Environments;

#[test]
fn accounts_names_and_exports_are_data() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("portfolios/environments")).unwrap() {
        let path = entry.unwrap().path();
        let key = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        files.push((
            key,
            path.display().to_string(),
            std::fs::read_to_string(&path).unwrap(),
        ));
    }
    let organization = read("portfolios/organization.yaml");
    let environments =
        Environments::read(("portfolios/organization.yaml", &organization), &files).unwrap();

    let mut words = vec![
        environments.organization.name.clone(),
        environments.organization.support.email.clone(),
        environments.organization.support.url.clone(),
    ];
    for export in environments.organization.exports.values() {
        words.extend(
            export
                .name
                .as_ref()
                .map(|name| name.replace("${AWS::Region}-", "")),
        );
    }
    for environment in environments
        .by_key
        .values()
        .filter(|environment| !environment.local)
    {
        words.push(environment.account.to_string());
        words.extend(environment.exports.values().map(|name| name.value.clone()));
    }
    assert!(words.len() > 20, "{words:?}");
    let mut wrong = Vec::new();
    for file in rust_files(&["src", "products", "xtask", "tests"]) {
        for word in &words {
            if file.text.contains(word.as_str()) {
                wrong.push(format!("{}: {word}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The handlers of custom resources are the organisation's: its products name them, the core can't.
#[test]
fn the_core_knows_no_custom_resource_of_the_products() {
    let mut names = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root().join("generated/products")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let types = text.split("Custom::").skip(1);
        names.extend(types.filter_map(|rest| {
            let name = rest
                .split(|end: char| !end.is_ascii_alphanumeric())
                .next()?;
            Some(name.to_owned())
        }));
    }
    assert!(names.len() > 2, "{names:?}");
    let mut wrong = Vec::new();
    for file in rust_files(&["src", "schemas"]) {
        for name in &names {
            if file.text.contains(name.as_str()) {
                wrong.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
