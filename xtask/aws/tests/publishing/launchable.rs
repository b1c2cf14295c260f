//! What people could launch at one moment, whatever a run was doing then.

use crate::world::World;
use compute_catalog::publish::{Desired, Receipt};
use std::path::Path;

/// Fails when people could launch a version that lacks service actions. Service Catalog takes no
/// guidance with a creation, so that a version is open while the step that creates it closes it:
/// until the receipt has that step, it is let pass.
pub fn none_is_launchable_without_its_actions(
    world: &World,
    desired: &Desired,
    receipt: &Path,
    when: &str,
) {
    let being_created: Vec<String> = std::fs::read_to_string(receipt)
        .ok()
        .map(|text| serde_json::from_str::<Receipt>(&text).unwrap())
        .iter()
        .flat_map(Receipt::left)
        .map(str::to_owned)
        .collect();
    let state = world.server.state().unwrap();
    let catalog = &state["accounts"]["123456789012"]["regions"]["us-east-1"]["catalog"];
    let portfolios = catalog["portfolios"].as_object().unwrap();
    for (id, live) in catalog["products"].as_object().unwrap() {
        let is_offered = portfolios.values().any(|portfolio| {
            let products = portfolio["products"].as_array().unwrap();
            products.iter().any(|product| product == id)
        });
        let product = desired
            .products
            .iter()
            .find(|product| live["name"] == product.texts.name);
        let Some(product) = product.filter(|_| is_offered) else {
            continue;
        };
        for version in live["artifacts"].as_object().unwrap().values() {
            let name = version["name"].as_str().unwrap();
            let is_open = version["active"] == true && version["guidance"] == "DEFAULT";
            let actions = version["actions"].as_array().unwrap().len();
            let creation = format!("create-version/{}/{name}", product.key);
            if is_open && !being_created.contains(&creation) {
                assert!(
                    actions >= product.actions.len(),
                    "{} {name} {when}",
                    product.key
                );
            }
        }
    }
}
