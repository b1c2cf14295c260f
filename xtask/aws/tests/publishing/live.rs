//! The templates of what is live, as `diff` compares them.

use crate::small_catalog::{catalog, key};
use crate::world::World;
use compute_catalog::publish::Desired;
use local_aws::Faults;
use publisher::{Goal, live};
use xtask::diff::Live;

async fn read(world: &World, desired: &Desired) -> Live {
    let observed = world.observe(desired).await;
    live(&world.session().await, desired, &observed)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_version_that_is_offered_is_read_to_the_byte_with_the_stacks() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    assert!(read(&world, &desired).await.products.is_empty());

    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    world.publish(&desired).await.unwrap();
    let found = read(&world, &desired).await;
    let notebook = key("notebook");
    let body = |name: &str| {
        let versions = &desired.find(&notebook).unwrap().versions;
        let version = versions
            .iter()
            .find(|version| version.name.to_string() == name);
        String::from_utf8(version.unwrap().body.clone()).unwrap()
    };
    let newest = &found.products[&notebook];
    assert_eq!(newest, &("v1.1.0".to_owned(), Ok(body("v1.1.0"))));
    for stack in &desired.stacks {
        let file = stack.file.trim_start_matches("generated/");
        assert_eq!(found.stacks[file], stack.template, "{file}");
    }

    let goal = Goal::Rollback(&notebook);
    world
        .run("checkout", &desired, None, false, goal)
        .await
        .unwrap();
    let (version, text) = &read(&world, &desired).await.products[&notebook];
    assert_eq!((version.as_str(), text), ("v1.0.0", &Ok(body("v1.0.0"))));
}
