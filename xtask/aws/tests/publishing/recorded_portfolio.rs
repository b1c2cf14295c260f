//! A portfolio that an account's file records and for which no stack of ours exists: what it holds by hand
//! that the stack would make is settled before anything is changed.

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::Faults;
use serde_json::{Value, json};

/// An account whose portfolio no stack holds any more, and which offers it by hand; its id, and a checkout
/// that records it.
async fn adopted(edit: impl FnOnce(&mut Value)) -> (World, Checkout, String) {
    let checkout = Checkout::new();
    let base = World::new(Faults::default());
    let desired = checkout.desired("local");
    base.publish(&desired).await.unwrap();
    let id = base.observe(&desired).await.portfolios["lab-research"]
        .id
        .clone();
    let world = base.edited(|state| {
        let here = &mut state["accounts"]["123456789012"]["regions"]["us-east-1"];
        let stacks = here["stacks"]["stacks"].as_object_mut().unwrap();
        stacks.retain(|_, stack| {
            !["lab-research", "lab-grants"].contains(&stack["name"].as_str().unwrap())
        });
        let catalog = &mut here["catalog"];
        catalog["tag_options"] = json!({});
        catalog["portfolios"][&id]["tag_options"] = json!([]);
        edit(&mut here["catalog"]);
    });
    let file = checkout.path("portfolios/environments/local.yaml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str(&format!("portfolios:\n  research: {{ id: {id} }}\n"));
    std::fs::write(file, text).unwrap();
    (world, checkout, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_recorded_portfolio_has_by_hand_is_told_with_its_ids_and_how_it_is_imported() {
    let (world, checkout, id) = adopted(|_| {}).await;
    for command in ["plan", "preflight", "publish"] {
        world.server.clear_calls();
        let ran = checkout.run(world.server.endpoint(), &[command]);
        assert_eq!(ran.code, Some(1), "{command}: {}{}", ran.out, ran.err);
        let said = format!("{}{}", ran.out, ran.err);
        for told in [
            format!("{id} is recorded for it in portfolios/environments/local.yaml"),
            format!("the portfolio {id} has the product prod-"),
            "already, and NotebookAssociation can't be made beside it".to_owned(),
            "has the principal arn:aws:iam::123456789012:role/Researcher already".to_owned(),
            "(LAUNCH of prod-".to_owned(),
            "already, and NotebookLaunchConstraint can't be made beside it".to_owned(),
            "(RESOURCE_UPDATE of prod-".to_owned(),
            "otherwise `aws servicecatalog delete-constraint --id cons-".to_owned(),
        ] {
            assert!(said.contains(&told), "{command}: {told} in {said}");
        }
        assert_eq!(world.changes(), Vec::<String>::new(), "{command}");
    }
    let plan = checkout.run(world.server.endpoint(), &["plan"]).out;
    let imports = plan.split("--resources-to-import '").nth(1).unwrap();
    let imports: Value = serde_json::from_str(imports.split('\'').next().unwrap()).unwrap();
    let kinds: Vec<&str> = imports
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["ResourceType"].as_str()?.rsplit(':').next())
        .collect();
    assert_eq!(
        kinds,
        [
            "Portfolio",
            "PortfolioProductAssociation",
            "PortfolioProductAssociation",
            "PortfolioPrincipalAssociation",
            "LaunchRoleConstraint",
            "ResourceUpdateConstraint",
            "ResourceUpdateConstraint",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_set_beside_which_no_launch_role_can_be_made_isnt_imported() {
    let (world, checkout, _) = adopted(|catalog| {
        for constraint in catalog["constraints"].as_object_mut().unwrap().values_mut() {
            if constraint["kind"] == "LAUNCH" {
                constraint["kind"] = json!("STACKSET");
                constraint["parameters"] = json!(
                    r#"{"Version":"2.0","Properties":{"AccountList":["999999999999"],"RegionList":["us-east-1"],"AdminRole":"theirs","ExecutionRole":"theirs"}}"#
                );
            }
        }
    })
    .await;
    let plan = checkout.run(world.server.endpoint(), &["plan"]).out;
    assert!(plan.contains("(STACKSET of prod-"), "{plan}");
    assert!(
        !plan.contains("AWS::ServiceCatalog::LaunchRoleConstraint"),
        "{plan}"
    );
    assert!(
        plan.contains("hint: `aws servicecatalog delete-constraint --id cons-"),
        "{plan}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_portfolio_that_isnt_there_is_told_as_such() {
    let (world, checkout, id) = adopted(|catalog| {
        catalog["portfolios"] = json!({});
        catalog["constraints"] = json!({});
    })
    .await;
    let plan = checkout.run(world.server.endpoint(), &["plan"]).out;
    let told = format!(
        "{id} is recorded for it in portfolios/environments/local.yaml, and the account has no such portfolio"
    );
    assert!(plan.contains(&told), "{plan}");
    assert!(!plan.contains("import"), "{plan}");
}
