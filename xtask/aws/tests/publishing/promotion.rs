//! Versions prove themselves in one environment before another takes them.

use crate::small_catalog::{catalog, key};
use crate::world::World;
use compute_catalog::publish::{Options, Promotion, plan};
use local_aws::Faults;
use publisher::End;

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_takes_only_what_the_one_before_has_proven() {
    let develop = World::new(Faults::default());
    let prod = World::new(Faults::default());
    develop.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let mut desired = catalog(&["v1.0.0", "v1.1.0"]);
    let proven = Promotion::of(&desired, &develop.observe(&desired).await);
    assert_eq!(proven.verified[&key("notebook")].len(), 1);
    desired.promotion = Some(proven);

    assert!(matches!(
        prod.publish(&desired).await.unwrap(),
        End::Verified(..)
    ));
    let observed = prod.observe(&desired).await;
    assert!(
        observed
            .products
            .values()
            .all(|live| live.versions.len() == 1 && live.versions[0].name == "v1.0.0")
    );
    let now = plan(&desired, &observed, Options::default());
    assert!(now.is_empty(), "{now}");
    assert!(
        now.notes
            .iter()
            .any(|note| note.starts_with("notebook v1.1.0 waits")),
        "{:?}",
        now.notes
    );
    let insisted = plan(
        &desired,
        &observed,
        Options {
            insist: true,
            ..Options::default()
        },
    );
    assert!(
        insisted
            .steps
            .iter()
            .any(|step| step.id.to_string() == "create-version/notebook/v1.1.0")
    );

    develop
        .publish(&catalog(&["v1.0.0", "v1.1.0"]))
        .await
        .unwrap();
    desired.promotion = Some(Promotion::of(&desired, &develop.observe(&desired).await));
    prod.publish(&desired).await.unwrap();
    let observed = prod.observe(&desired).await;
    assert!(
        observed
            .products
            .values()
            .all(|live| live.versions.len() == 2)
    );
}
