//! README's recipe for a new product, followed to the letter on a copy of the workspace.

use crate::checkout::{Checkout, root};
use std::fs;

/// The fenced blocks of README's recipe, in order, without their indentation.
fn blocks() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let recipe = readme
        .split("## Adding a product")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    recipe
        .split("   ```")
        .skip(1)
        .step_by(2)
        .map(|block| {
            let (_language, body) = block.split_once('\n').unwrap();
            body.lines()
                .map(|line| line.strip_prefix("   ").unwrap_or(line))
                .collect::<Vec<_>>()
                .join("\n")
                + "\n"
        })
        .collect()
}

#[test]
#[ignore = "compiles the catalog once more; scripts/nightly.sh runs it"]
fn a_new_product_is_one_folder_and_its_line_in_the_list() {
    let [model, settings, module, portfolio, role, commands] = blocks().try_into().unwrap();
    let checkout = Checkout::whole();
    checkout.write("products/team-log/mod.rs", &model);
    checkout.write("products/team-log/settings.yaml", &settings);
    let list = checkout.read("products/lib.rs");
    let list = list
        .replacen("#[path", &format!("{module}#[path"), 1)
        .replacen(
            "vec![",
            "vec![\n        Box::new(Typed::<team_log::TeamLog>::new()),",
            1,
        );
    checkout.write("products/lib.rs", &list);
    checkout.replace(
        "portfolios/scheduled-jobs.yaml",
        "products:\n",
        &format!("products:\n{portfolio}"),
    );
    checkout.replace(
        "portfolios/foundation.yaml",
        "launchRoles:\n",
        &format!("launchRoles:\n{role}"),
    );

    let xtask = |arguments: &[&str]| checkout.build_and_run(arguments);
    // What reaches an account is for those who have one; a test of the command line reads it.
    let lines = commands.lines().filter(|line| !line.contains("--env"));
    let mut told = Vec::new();
    for line in lines {
        let line = line.split('#').next().unwrap().trim();
        let arguments = line.strip_prefix("cargo xtask ").unwrap();
        let mut words = Vec::new();
        for (index, part) in arguments.split('"').enumerate() {
            match index % 2 {
                0 => words.extend(part.split_whitespace()),
                _ => words.push(part),
            }
        }
        told.push(xtask(&words));
    }
    let told = told.concat();
    for expected in [
        "wrote generated/products/team-log.yaml",
        "wrote generated/launch-roles/team-log.yaml",
        "released team-log v1.0.0",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let body = checkout.read("products/team-log/history/v1.0.0.yaml");
    assert!(body.contains("RetentionInDays: 30"), "{body}");
    let portfolio = checkout.read("generated/portfolios/scheduled-jobs.yaml");
    assert!(portfolio.contains("team-log"), "{portfolio}");
}

#[test]
fn a_new_account_is_a_file_and_check_names_what_was_released_before_it() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("## Another account").nth(1).unwrap();
    let block = section.split("```yaml\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let checkout = Checkout::new();
    checkout.write("portfolios/environments/another.yaml", block);
    let ran = checkout.run(&["check"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let lines = ran.out.lines().filter(|line| line.starts_with("error"));
    let lines: Vec<&str> = lines.collect();
    let is_of_version = |line: &&str| line.starts_with("error[offered-versions]");
    assert!(
        !lines.is_empty() && lines.iter().all(is_of_version),
        "{lines:#?}"
    );
    let ran = checkout.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let template = checkout.read("generated/products/notebook.yaml");
    assert!(template.contains("us-east-1-research-VPCId"), "{template}");
}
