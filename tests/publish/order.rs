//! What waits for what.

use crate::values::{desired, empty, key};
use compute_catalog::publish::{Desired, Layer, Options, Product, Reference, Stack, plan};
use std::collections::BTreeMap;

fn stack(name: &str, launch_role_of: Option<&str>, outputs: &str, value: &str) -> Stack {
    let layer = match name {
        "machines" => Layer::Portfolio,
        _ => Layer::Foundation,
    };
    Stack {
        name: name.to_owned(),
        file: format!("generated/{name}.yaml"),
        template: format!(
            "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: {value}\n{outputs}"
        )
        .into(),
        parameters: BTreeMap::new(),
        layer,
        recorded_portfolio: None,
        launch_role_of: launch_role_of.map(key),
    }
}

fn exporting(name: &str) -> String {
    format!("Outputs:\n  O:\n    Value: one\n    Export:\n      Name: {name}\n")
}

/// Two products, each with a launch role, one of which imports from the foundation.
fn two_products() -> Desired {
    let mut desired = desired(&["v1.0.0"]);
    let notebook = desired.products[0].clone();
    desired.products.push(Product {
        key: key("windows"),
        ..notebook
    });
    let mut portfolio = stack("machines", None, "", "machines");
    let id = Reference::ProductId(key("windows"));
    portfolio.parameters.insert("Windows".to_owned(), id);
    desired.stacks = vec![
        stack("foundation", None, &exporting("'!Sub bucket'"), "base"),
        stack(
            "notebook-role",
            Some("notebook"),
            "",
            "!ImportValue '!Sub bucket'",
        ),
        stack("windows-role", Some("windows"), "", "role"),
        portfolio,
    ];
    desired
}

fn waits(desired: &Desired, id: &str) -> Vec<String> {
    let plan = plan(desired, &empty(), Options::default());
    assert_eq!(plan.blockers, [], "nothing keeps the plan from being made");
    let step = plan.steps.iter().find(|step| step.id.to_string() == id);
    step.unwrap_or_else(|| panic!("no step {id}"))
        .depends_on
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_product_waits_for_its_own_launch_role_and_for_no_other() {
    let desired = two_products();
    assert_eq!(
        waits(&desired, "create-product/windows"),
        [
            "deploy-stack/foundation",
            "deploy-stack/windows-role",
            "upload-template/windows/v1.0.0",
        ]
    );
    assert_eq!(
        waits(&desired, "create-product/notebook"),
        [
            "deploy-stack/foundation",
            "deploy-stack/notebook-role",
            "upload-template/notebook/v1.0.0",
        ]
    );
    // Its constraints name the roles of all its products.
    let portfolio = waits(&desired, "deploy-stack/machines");
    for id in ["foundation", "notebook-role", "windows-role"] {
        assert!(portfolio.contains(&format!("deploy-stack/{id}")), "{id}");
    }
}

#[test]
fn a_stack_waits_for_those_that_export_what_it_imports() {
    let mut desired = two_products();
    assert_eq!(
        waits(&desired, "deploy-stack/notebook-role"),
        ["deploy-stack/foundation"]
    );
    let nothing: [&str; 0] = [];
    assert_eq!(waits(&desired, "deploy-stack/windows-role"), nothing);

    // Where a name isn't written out, it may be any that is exported before.
    let unclear = "!ImportValue {'Fn::Join': ['-', [a, b]]}";
    desired.stacks[2] = stack("windows-role", Some("windows"), "", unclear);
    assert_eq!(
        waits(&desired, "deploy-stack/windows-role"),
        ["deploy-stack/foundation"]
    );
    // An output of a stack behind it would be a circle; of one before it, it is a link.
    desired.stacks[2] = stack("windows-role", Some("windows"), "", "role");
    for (of, expected) in [
        ("machines", &[][..]),
        ("notebook-role", &["deploy-stack/notebook-role"][..]),
    ] {
        let output = Reference::StackOutput {
            stack: of.to_owned(),
            output: "O".to_owned(),
        };
        desired.stacks[2].parameters = BTreeMap::from([("P".to_owned(), output)]);
        assert_eq!(waits(&desired, "deploy-stack/windows-role"), expected);
    }
}
