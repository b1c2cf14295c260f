//! What `plan`, `status` and `fleet` show in a terminal.

#[path = "../../../tests/terminal/mod.rs"]
mod recording;

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::{
    Contents, Faults, HeldPortfolio, HeldProduct, HeldProvisionedProduct, HeldVersion,
};
use recording::Recording;
use std::path::Path;

fn recorded(checkout: &Checkout, world: &World, command: &str) -> String {
    let arguments = [command, "--endpoint-url", world.server.endpoint()];
    let recording = Recording {
        program: Path::new(env!("CARGO_BIN_EXE_publisher")),
        arguments: &arguments,
        folder: &checkout.path("."),
    };
    // The port is another one each time, and so are ids.
    let text = recording.text().replace(world.server.endpoint(), "URL");
    let mut parts = text.split("(prod-");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        out.push_str("(prod-");
        out.push_str(&"x".repeat(part.len() - rest.len()));
        out.push_str(rest);
    }
    out
}

#[test]
fn plan_and_status_fit_their_terminal() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    insta::assert_snapshot!("terminal_plan", recorded(&checkout, &world, "plan"));
    let ran = checkout.run(world.server.endpoint(), &["publish"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!("terminal_status", recorded(&checkout, &world, "status"));
}

#[test]
fn fleet_fits_its_terminal() {
    let checkout = Checkout::new();
    let desired = checkout.desired("local");
    let notebook = desired.find(&"notebook".parse().unwrap()).unwrap();
    let (product, portfolio) = ("prod-oldnotebook22", "port-oldresearch22");
    let running = |name: &str, size: &str| HeldProvisionedProduct {
        id: Some(format!("pp-old{name}222222")),
        name: name.to_owned(),
        product: product.to_owned(),
        version: "v1.4.10".to_owned(),
        portfolio: portfolio.to_owned(),
        parameters: [("EC2InstanceType".to_owned(), size.to_owned())].into(),
        ..HeldProvisionedProduct::default()
    };
    let held = Contents {
        products: vec![HeldProduct {
            id: product.to_owned(),
            name: notebook.texts.name.clone(),
            owner: "somebody".to_owned(),
            versions: vec![HeldVersion {
                name: "v1.4.10".to_owned(),
                template: Some(TEMPLATE.to_owned()),
                ..HeldVersion::default()
            }],
            ..HeldProduct::default()
        }],
        portfolios: vec![HeldPortfolio {
            id: portfolio.to_owned(),
            name: "Research of before".to_owned(),
            provider: "somebody".to_owned(),
            products: vec![product.to_owned()],
            ..HeldPortfolio::default()
        }],
        provisioned_products: vec![running("assay", "t3.large"), running("genome", "g5.xlarge")],
        ..Contents::default()
    };
    let world = World::with(|config| config.contents = Some(held));
    let adopted = checkout.run(world.server.endpoint(), &["adopt"]);
    assert_eq!(adopted.code, Some(0), "{}{}", adopted.out, adopted.err);
    let text = recorded(&checkout, &world, "fleet");
    assert!(text.contains("genome"), "{text}");
    insta::assert_snapshot!("terminal_fleet", text);
}

/// What the product was made of before this catalog; the facts about it stand in the repository.
const TEMPLATE: &str = "Parameters:\n  EC2InstanceType:\n    Type: String\nResources:\n  Data:\n    Type: AWS::S3::Bucket\n";
