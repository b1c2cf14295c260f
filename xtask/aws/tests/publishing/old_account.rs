//! An account of years is taken over, as a rehearsal in the local AWS has it: a product with 88 versions
//! keeps its id and theirs, what runs goes on, and no second product or portfolio appears.

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::{
    Contents, HeldConstraint, HeldPortfolio, HeldProduct, HeldProvisionedProduct, HeldVersion,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PRODUCT: &str = "prod-oldnotebook22";
const PORTFOLIO: &str = "port-oldresearch22";
const RUNNING: &str = "pp-oldrunning2222";

/// As many as there were.
const VERSIONS: usize = 88;

const TEMPLATE: &str = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n";

/// What the account had before this catalog.
fn of_before(product: &str, portfolio: &str) -> Contents {
    let versions = (0..VERSIONS).map(|number| HeldVersion {
        id: Some(format!("pa-oldversion{number:04}")),
        name: format!("v1.{number}"),
        template: Some(format!("Description: number {number}\n{TEMPLATE}")),
        deprecated: number < 80,
        hidden: number < 40,
        ..HeldVersion::default()
    });
    Contents {
        products: vec![HeldProduct {
            id: PRODUCT.to_owned(),
            name: product.to_owned(),
            owner: "somebody".to_owned(),
            versions: versions.collect(),
            ..HeldProduct::default()
        }],
        portfolios: vec![HeldPortfolio {
            id: PORTFOLIO.to_owned(),
            name: portfolio.to_owned(),
            provider: "somebody".to_owned(),
            products: vec![PRODUCT.to_owned()],
            principals: vec!["arn:aws:iam::123456789012:role/Researcher".to_owned()],
            ..HeldPortfolio::default()
        }],
        constraints: vec![HeldConstraint {
            r#type: "LAUNCH".to_owned(),
            portfolio: PORTFOLIO.to_owned(),
            product: PRODUCT.to_owned(),
            parameters: json!({ "LocalRoleName": "OldLaunch" }),
        }],
        provisioned_products: vec![HeldProvisionedProduct {
            id: Some(RUNNING.to_owned()),
            name: "somebodys".to_owned(),
            product: PRODUCT.to_owned(),
            version: "v1.60".to_owned(),
            portfolio: PORTFOLIO.to_owned(),
            ..HeldProvisionedProduct::default()
        }],
        ..Contents::default()
    }
}

/// What Service Catalog has in the account.
fn catalog(world: &World) -> Value {
    let mut state = world.server.state().unwrap();
    state["accounts"]["123456789012"]["regions"]["us-east-1"]["catalog"].take()
}

fn ids(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn an_account_with_88_old_versions_is_adopted_and_every_id_is_kept() {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let notebook = &desired.find(&"notebook".parse().unwrap()).unwrap().texts;
    let portfolios = std::fs::read_to_string(checkout.path("portfolios/research.yaml")).unwrap();
    let portfolio = portfolios
        .lines()
        .find_map(|line| line.strip_prefix("name: "))
        .unwrap();
    let held = of_before(&notebook.name, portfolio.trim_matches('"'));
    let world = World::with(|config| config.contents = Some(held));
    let endpoint = world.server.endpoint();
    let before = catalog(&world);
    let old = ids(&before["products"][PRODUCT]["artifacts"]);
    assert_eq!(old.len(), VERSIONS);

    // Before anybody says so, nothing is taken over, and nothing is made twice.
    for command in ["plan", "preflight"] {
        let ran = checkout.run(endpoint, &[command]);
        assert_eq!(ran.code, Some(1), "{command}: {}{}", ran.out, ran.err);
        for id in [PRODUCT, PORTFOLIO] {
            assert!(ran.out.contains(id), "{command}: {id} in {}", ran.out);
        }
    }
    let adopted = checkout.run(endpoint, &["adopt"]);
    assert_eq!(adopted.code, Some(0), "{}{}", adopted.out, adopted.err);
    let file = std::fs::read_to_string(checkout.path("portfolios/environments/local.yaml"));
    let file = file.unwrap();
    for line in [
        format!("notebook: {{ id: {PRODUCT} }}"),
        format!("research: {{ id: {PORTFOLIO} }}"),
        "closeAdopted: true".to_owned(),
    ] {
        assert!(file.contains(&line), "{line} in {file}");
    }
    let again = checkout.run(endpoint, &["adopt"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(again.out.starts_with("Nothing"), "{}", again.out);

    let plan = checkout.run(endpoint, &["plan", "--detailed-exit"]);
    assert_eq!(plan.code, Some(1), "{}", plan.out);
    let recorded = format!("{PORTFOLIO} is recorded for it");
    assert!(plan.out.contains(&recorded), "{}", plan.out);
    let published = checkout.run(endpoint, &["publish"]);
    // The stack of the portfolio waits for a person; everything else is done.
    assert_eq!(
        published.code,
        Some(1),
        "{}{}",
        published.out,
        published.err
    );

    // It ends with what an update does to what people run.
    let sum = published
        .out
        .split("An update to the newest version:")
        .nth(1);
    let sum = sum.unwrap_or_else(|| panic!("{}", published.out));
    assert!(
        sum.contains(&format!("{}, 1 running: 1", notebook.name)),
        "{sum}"
    );
    assert!(sum.contains("cargo xtask fleet --env local"), "{sum}");

    let after = catalog(&world);
    assert_eq!(
        ids(&after["portfolios"]),
        BTreeSet::from([PORTFOLIO.into()])
    );
    assert_eq!(after["products"].as_object().unwrap().len(), 2, "{after}");
    let product = &after["products"][PRODUCT];
    let artifacts = product["artifacts"].as_object().unwrap();
    assert_eq!(artifacts.len(), VERSIONS + 1);
    for (id, artifact) in artifacts {
        let is_new = !old.contains(id);
        assert_eq!(artifact["name"] == "v2.0.0", is_new, "{artifact}");
        // Open to launches or closed; the hidden ones stay hidden.
        let guidance = if is_new { "DEFAULT" } else { "DEPRECATED" };
        assert_eq!(artifact["guidance"], guidance, "{artifact}");
    }
    let running = &after["provisioned"][RUNNING];
    assert_eq!(running["status"], "AVAILABLE", "{running}");
    assert_eq!(running["artifact"], "pa-oldversion0060");

    world.server.clear_calls();
    let second = checkout.run(endpoint, &["publish"]);
    assert_eq!(second.code, Some(1), "{}{}", second.out, second.err);
    assert_eq!(world.changes(), Vec::<String>::new());
}
