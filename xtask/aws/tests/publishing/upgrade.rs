//! An account that has the catalog already.

use crate::small_catalog::{body, catalog, version};
use crate::world::World;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{Guidance, LiveVersion};
use local_aws::Faults;
use publisher::End;

fn named<'a>(versions: &'a [LiveVersion], name: &str) -> &'a LiveVersion {
    versions
        .iter()
        .find(|version| version.name == name)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_takes_the_place_of_the_one_before() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    world.server.clear_calls();
    assert!(matches!(
        world.publish(&desired).await.unwrap(),
        End::Verified(..)
    ));
    let observed = world.observe(&desired).await;
    assert_eq!(observed.products.len(), 2);
    for live in observed.products.values() {
        assert_eq!(live.versions.len(), 2);
        assert_eq!(
            named(&live.versions, "v1.0.0").guidance,
            Guidance::Deprecated
        );
        assert!(named(&live.versions, "v1.0.0").active);
        assert_eq!(named(&live.versions, "v1.1.0").guidance, Guidance::Default);
    }
    // Closed at once, actions, opened; only then the old one is closed.
    let order: Vec<String> = world
        .changes()
        .into_iter()
        .filter(|call| call.contains("Artifact"))
        .collect();
    let last = order
        .iter()
        .rposition(|call| call.starts_with("Batch"))
        .unwrap();
    assert!(
        order[last..]
            .iter()
            .filter(|call| *call == "UpdateProvisioningArtifact")
            .count()
            >= 2
    );
    let deleted = world
        .changes()
        .iter()
        .any(|call| call.starts_with("DeleteP"));
    assert!(!deleted, "{:?}", world.changes());
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_made_behind_its_back_is_mended() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    world.publish(&desired).await.unwrap();
    let before = world.summary(&desired).await;
    let observed = world.observe(&desired).await;
    let live = observed
        .products
        .values()
        .find(|live| live.texts.name == "Example: notebook")
        .unwrap();
    let artifact = &live.versions[0];
    let session = world.session().await;
    session
        .catalog
        .update_product()
        .id(&live.id)
        .name("Something else")
        .send()
        .await
        .unwrap();
    session
        .catalog
        .update_provisioning_artifact()
        .product_id(&live.id)
        .provisioning_artifact_id(&artifact.id)
        .active(false)
        .guidance(aws_sdk_servicecatalog::types::ProvisioningArtifactGuidance::Deprecated)
        .description("somebody's")
        .send()
        .await
        .unwrap();
    session
        .catalog
        .disassociate_service_action_from_provisioning_artifact()
        .product_id(&live.id)
        .provisioning_artifact_id(&artifact.id)
        .service_action_id(artifact.actions.first().unwrap())
        .send()
        .await
        .unwrap();
    let ids: Vec<String> = world
        .plan(&desired)
        .await
        .steps
        .into_iter()
        .map(|step| step.id.to_string())
        .collect();
    assert_eq!(
        ids,
        [
            "update-product/notebook",
            "describe-version/notebook/v1.0.0",
            "associate-actions/notebook/v1.0.0",
            "set-active/notebook/v1.0.0",
            "offer-version/notebook/v1.0.0",
        ]
    );
    world.publish(&desired).await.unwrap();
    assert_eq!(world.summary(&desired).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_of_our_name_with_another_body_is_reported_and_nothing_is_done() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    // The same name in another ledger: another body.
    let mut desired = catalog(&["v1.0.0"]);
    let product = &mut desired.products[1];
    let other = body("notebook", "changed");
    product.versions[0].digest = Digest::of(&other);
    product.versions[0].object = "templates/notebook/other.yaml".to_owned();
    product.versions[0].body = other.into();
    world.server.clear_calls();
    let failure = world.publish(&desired).await.unwrap_err().to_string();
    assert!(failure.contains("version notebook v1.0.0"), "{failure}");
    assert!(failure.contains("another body"), "{failure}");
    assert!(failure.contains("hint: "), "{failure}");
    assert_eq!(world.changes(), Vec::<String>::new());
    assert_eq!(product_names(&world).await.len(), 2);
    assert!(version("v1.0.0") < version("v1.1.0"));
}

async fn product_names(world: &World) -> Vec<String> {
    let observed = world.observe(&catalog(&["v1.0.0"])).await;
    observed
        .products
        .values()
        .map(|live| live.texts.name.clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_other_stacks_import_is_not_taken_away() {
    let world = World::new(Faults::default());
    let mut desired = catalog(&["v1.0.0"]);
    let [foundation, machines] = &mut desired.stacks[..] else {
        panic!("two stacks");
    };
    let without = foundation.template.clone();
    let value = "    Value: !Ref Templates\n";
    let export = format!("{value}    Export:\n      Name: !Sub ${{AWS::Region}}-templates\n");
    foundation.template = without.replace(value, &export).into();
    machines.template = machines
        .template
        .replace(
            "      ProviderName: Example\n",
            "      ProviderName: Example\n      Description: !ImportValue us-east-1-templates\n",
        )
        .into();
    assert!(matches!(
        world.publish(&desired).await.unwrap(),
        End::Verified(..)
    ));
    // Without the export; and with another one beside it.
    desired.stacks[0].template = without.clone();
    let plan = world.plan(&desired).await;
    let told: Vec<&str> = plan
        .blockers
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].ends_with("us-east-1-templates by example-machines"),
        "{told:?}"
    );
    let beside =
        format!("{export}  Other:\n{value}    Export:\n      Name: !Sub ${{AWS::Region}}-files\n");
    desired.stacks[0].template = without.replace(value, &beside).into();
    assert_eq!(world.plan(&desired).await.blockers, []);
}
