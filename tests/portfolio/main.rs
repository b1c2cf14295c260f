//! Portfolios, launch roles and their stacks: what an organisation's files make, and what is
//! refused.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod account;
mod accounts;
mod compiled;
mod each_rule;
mod end_user;
mod launch_role;
mod lives;
mod misspelt;
mod recipients;
mod rules;
mod stacks;

use compute_catalog::cfn::{Template, read};
use compute_catalog::iam::ActionList;
use compute_catalog::portfolio::launch_role::{Handlers, LaunchRole};
use compute_catalog::portfolio::{CatalogFiles, CatalogSources, ProductFacts, Stacks};
use compute_catalog::product::{Key, SourceFile};
use compute_catalog::yaml::InputError;
use indexmap::IndexMap;
use std::path::Path;

/// The files of a made-up organisation.
const SECOND: &str = "tests/second-organisation/portfolios";

/// An organisation: its files, and templates that stand for those of its products.
struct Organisation {
    name: String,
    catalog: CatalogFiles,
    templates: IndexMap<Key, Template>,
    /// Where its products stand.
    products: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(path: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: std::fs::read_to_string(root().join(path)).unwrap(),
    }
}

/// A template under `tests/portfolio/templates`, as that of this product.
fn template(kind: &str, product: &str) -> Template {
    let text = file(&format!("tests/portfolio/templates/{kind}.yaml")).text;
    read(&text.replace("PRODUCT", product)).unwrap()
}

fn files(folder: &str, portfolios: &[&str]) -> CatalogSources {
    CatalogSources {
        portfolios: portfolios
            .iter()
            .map(|key| (key.parse().unwrap(), file(&format!("{folder}/{key}.yaml"))))
            .collect(),
        foundation: file(&format!("{folder}/foundation.yaml")),
        end_users: file(&format!("{folder}/end-users.yaml")),
        tag_options: Some(file(&format!("{folder}/tag-options.yaml"))),
    }
}

impl Organisation {
    fn of(name: &str, files: &CatalogSources, products: &[(&str, &str)]) -> Organisation {
        let templates = products
            .iter()
            .map(|(product, kind)| (product.parse().unwrap(), template(kind, product)))
            .collect();
        Organisation {
            name: name.to_owned(),
            catalog: CatalogFiles::read(files).unwrap(),
            templates,
            products: "tests/second-organisation/products",
        }
    }

    /// The repository's own files, and the generated templates of its products.
    fn first() -> Organisation {
        let portfolios = ["ec2", "ec2-external", "s3-basic", "scheduled-jobs"];
        let catalog = CatalogFiles::read(&files("portfolios", &portfolios)).unwrap();
        let generated = |key: &Key| {
            let text = file(&format!("generated/products/{key}.yaml")).text;
            (key.clone(), read(&text).unwrap())
        };
        let roles = &catalog.foundation.launch_roles;
        let templates = roles.iter().map(|role| generated(&role.product)).collect();
        Organisation {
            name: "First".to_owned(),
            catalog,
            templates,
            products: "products",
        }
    }

    /// A made-up organisation: other accounts, names, tags, and two of the products.
    fn second() -> Organisation {
        let products = [("linux-docker", "small-machine"), ("s3-private", "bucket")];
        let files = files(SECOND, &["outreach", "research"]);
        Organisation::of("Example Institute", &files, &products)
    }

    /// What is known of its products.
    fn known(&self) -> IndexMap<Key, ProductFacts> {
        let handlers = Handlers::reviewed().unwrap();
        let known = |template: &Template| {
            let mut known = ProductFacts::default();
            known.add(template, &handlers);
            known
        };
        let each = self.templates.iter();
        each.map(|(key, template)| (key.clone(), known(template)))
            .collect()
    }

    fn try_stacks(&self) -> Result<Stacks, Vec<InputError>> {
        let handlers = Handlers::reviewed().unwrap();
        self.catalog
            .stacks(&self.name, &self.known(), &handlers, actions())
    }

    /// All stacks.
    fn stacks(&self) -> Stacks {
        self.try_stacks()
            .unwrap_or_else(|errors| panic!("{errors:#?}"))
    }

    /// Each product's launch role: its stack's template, and what it grants.
    fn launch_roles(&self) -> IndexMap<Key, (Template, LaunchRole)> {
        let Stacks { all, launch_roles } = self.stacks();
        launch_roles
            .into_iter()
            .map(|(product, role)| {
                let file = format!("launch-roles/{product}.yaml");
                let stack = all.iter().find(|stack| stack.file == file).unwrap();
                (product, (stack.template.clone(), role))
            })
            .collect()
    }
}

fn actions() -> &'static ActionList {
    compute_catalog::iam::actions()
}
