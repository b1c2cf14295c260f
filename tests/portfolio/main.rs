//! Portfolios, launch roles and their stacks: what an organisation's files make, and what is
//! refused.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod launch_role;
mod rules;
mod stacks;

use compute_catalog::cfn::{Template, read};
use compute_catalog::iam::ActionList;
use compute_catalog::portfolio::launch_role::{Handlers, LaunchRole, launch_role_template};
use compute_catalog::portfolio::{Catalog, CatalogFiles};
use compute_catalog::product::{Key, SourceFile};
use indexmap::IndexMap;
use std::path::Path;

/// An organisation: its files, and templates that stand for those of its products.
struct Organisation {
    catalog: Catalog,
    templates: IndexMap<Key, Template>,
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

fn files(folder: &str, portfolios: &[&str]) -> CatalogFiles {
    CatalogFiles {
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
    fn of(name: &str, files: &CatalogFiles, products: &[(&str, &str)]) -> Organisation {
        let templates = products
            .iter()
            .map(|(product, kind)| (product.parse().unwrap(), template(kind, product)))
            .collect();
        Organisation {
            catalog: Catalog::read(name, files).unwrap(),
            templates,
        }
    }

    /// The repository's own files.
    fn first() -> Organisation {
        let portfolios = ["ec2", "ec2-external", "s3-basic", "scheduled-jobs"];
        let products = [
            ("linux-docker", "machine"),
            ("notebook", "machine"),
            ("windows", "machine"),
            ("s3-private", "bucket"),
            ("s3-synapse", "bucket"),
            ("scheduled-job", "job"),
        ];
        Organisation::of("First", &files("portfolios", &portfolios), &products)
    }

    /// A made-up organisation: other accounts, names, tags, and two of the products.
    fn second() -> Organisation {
        let products = [("linux-docker", "small-machine"), ("s3-private", "bucket")];
        let files = files("tests/second-organisation", &["research"]);
        Organisation::of("Example Institute", &files, &products)
    }

    /// Each product's launch role: its stack's template, and what it grants.
    fn launch_roles(&self) -> IndexMap<Key, (Template, LaunchRole)> {
        let handlers = Handlers::reviewed().unwrap();
        let actions = actions();
        let roles = self.catalog.foundation.launch_roles.iter().map(|file| {
            let product = file.product.value.clone();
            let template = &self.templates[&product];
            let built = launch_role_template(&self.catalog, file, &[template], &handlers, &actions);
            (
                product,
                built.unwrap_or_else(|errors| panic!("{errors:#?}")),
            )
        });
        roles.collect()
    }
}

fn actions() -> ActionList {
    ActionList::parse(&file("vendor/iam-actions.json").text).unwrap()
}
