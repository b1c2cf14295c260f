//! How many versions are kept, and what is done with those that people still use.

use crate::small_catalog::catalog;
use crate::world::World;
use compute_catalog::environment::VersionRetention;
use compute_catalog::publish::{Desired, Options, plan};
use local_aws::Faults;

fn keeping(versions: &[&str], retention: VersionRetention) -> Desired {
    let mut desired = catalog(versions);
    for product in &mut desired.products {
        product.retention = retention;
    }
    desired
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_version_is_hidden_once_nothing_runs_on_it() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let retention = VersionRetention {
        offered: 1,
        active: Some(1),
    };
    let desired = keeping(&["v1.0.0", "v1.1.0"], retention);
    // Somebody runs the notebook's old version.
    let observed = world.observe(&desired).await;
    let live = observed
        .products
        .values()
        .find(|live| live.texts.name.ends_with("notebook"))
        .unwrap();
    let session = world.session().await;
    session
        .catalog
        .provision_product()
        .product_id(&live.id)
        .provisioning_artifact_id(&live.versions[0].id)
        .provisioned_product_name("mine")
        .provision_token("one")
        .send()
        .await
        .unwrap();

    world.publish(&desired).await.unwrap();
    let summary = world.summary(&desired).await;
    let line = |start: &str| {
        summary
            .iter()
            .find(|line| line.starts_with(start))
            .unwrap()
            .clone()
    };
    assert!(
        line("version Example: bucket v1.0.0").contains("v1.0.0 false "),
        "{summary:#?}"
    );
    assert!(
        line("version Example: notebook v1.0.0").contains("v1.0.0 true DEPRECATED"),
        "{summary:#?}"
    );

    let observed = world.observe(&desired).await;
    let now = plan(&desired, &observed, Options::default());
    assert!(now.is_empty(), "{now}");
    assert!(
        now.notes[0].contains("1 provisioned products run on it"),
        "{:?}",
        now.notes
    );
    let forced = plan(
        &desired,
        &observed,
        Options {
            force: true,
            ..Options::default()
        },
    );
    assert_eq!(forced.steps.len(), 1);
    assert_eq!(forced.steps[0].impact, ["1 provisioned products run on it"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_versions_as_are_offered_can_be_launched() {
    let world = World::new(Faults::default());
    let retention = VersionRetention {
        offered: 2,
        active: None,
    };
    let desired = keeping(&["v1.0.0", "v1.1.0", "v1.2.0"], retention);
    world.publish(&desired).await.unwrap();
    let observed = world.observe(&desired).await;
    for live in observed.products.values() {
        let mut names: Vec<&str> = live
            .versions
            .iter()
            .map(|version| version.name.as_str())
            .collect();
        names.sort_unstable();
        // The first is older than what is offered: an account without it doesn't get it any more.
        assert_eq!(names, ["v1.1.0", "v1.2.0"]);
        assert!(
            live.versions
                .iter()
                .all(|version| version.guidance.to_string() == "DEFAULT")
        );
    }
}
