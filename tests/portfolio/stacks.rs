//! The stacks that an organisation's files make.

use super::Organisation;
use compute_catalog::cfn::{Template, write};
use compute_catalog::portfolio::foundation::foundation_template;
use compute_catalog::portfolio::end_user::end_user_template;
use compute_catalog::portfolio::{portfolio_template, tag_option_template};

/// Every stack, by the name of its file.
pub(crate) fn all(organisation: &Organisation) -> Vec<(String, Template)> {
    let catalog = &organisation.catalog;
    let mut stacks = vec![
        ("foundation".to_owned(), foundation_template(&catalog.foundation).unwrap()),
        ("end-users".to_owned(), end_user_template(&catalog.end_users).unwrap()),
    ];
    if let Some((_, options)) = &catalog.tag_options {
        stacks.push(("tag-options".to_owned(), tag_option_template(catalog, options).unwrap()));
    }
    for (key, portfolio) in &catalog.portfolios {
        stacks.push((key.to_string(), portfolio_template(catalog, &portfolio.body).unwrap()));
    }
    for (product, (template, _)) in organisation.launch_roles() {
        stacks.push((format!("launch-role-{product}"), template));
    }
    stacks
}

#[test]
fn writes() {
    for (name, template) in all(&Organisation::first()) {
        std::fs::create_dir_all("/tmp/stacks").unwrap();
        std::fs::write(format!("/tmp/stacks/{name}.yaml"), write(&template, None).unwrap()).unwrap();
    }
}
