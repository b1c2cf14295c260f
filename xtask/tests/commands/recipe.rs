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
fn a_new_product_is_one_folder_and_its_line_in_the_list() {
    let [model, settings, module] = blocks().try_into().unwrap();
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

    let xtask = |arguments: &[&str]| checkout.build_and_run(arguments);
    let generated = xtask(&["generate"]);
    assert!(
        generated.contains("wrote generated/products/team-log.yaml"),
        "{generated}"
    );
    xtask(&["generate", "--check"]);
    xtask(&["check", "team-log"]);
    let released = xtask(&[
        "release",
        "team-log",
        "--bump",
        "major",
        "--note",
        "First version",
    ]);
    assert!(released.contains("released team-log v1.0.0"), "{released}");
    let body = checkout.read("products/team-log/history/v1.0.0.yaml");
    assert!(body.contains("RetentionInDays: 30"), "{body}");
}
