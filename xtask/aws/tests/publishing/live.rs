//! The templates of what is live, as `diff` compares them.

use crate::checkout::Checkout;
use crate::small_catalog::{catalog, key};
use crate::world::World;
use compute_catalog::publish::Desired;
use compute_catalog::publish::Request;
use local_aws::Faults;
use publisher::live;
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
        String::from_utf8(version.unwrap().body.to_vec()).unwrap()
    };
    let newest = &found.products[&notebook];
    assert_eq!(newest, &("v1.1.0".to_owned(), Ok(body("v1.1.0"))));
    for stack in &desired.stacks {
        let file = stack.file.trim_start_matches("generated/");
        assert_eq!(found.stacks[file], *stack.template, "{file}");
    }

    let goal = Request::Rollback(notebook.clone());
    world
        .run("checkout", &desired, None, false, goal)
        .await
        .unwrap();
    let (version, text) = &read(&world, &desired).await.products[&notebook];
    assert_eq!((version.as_str(), text), ("v1.0.0", &Ok(body("v1.0.0"))));
}

/// Service Catalog may keep its copy of a template where the identity can't read.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_cant_be_read_is_told_and_everything_else_is_compared() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let endpoint = world.server.endpoint();
    let published = checkout.run(endpoint, &["publish"]);
    assert_eq!(published.code, Some(0), "{}", published.err);
    let diff = ["diff", "--env", "local", "--format", "json"];
    let compared = |code| {
        let ran = checkout.run(endpoint, &diff);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert_eq!(
            ran.err.contains("can't be compared"),
            code == 2,
            "{}",
            ran.err
        );
        assert!(!ran.err.contains("no version of it is live"), "{}", ran.err);
        let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let document = &document["result"];
        let texts = |part: &str, field: Option<&str>| -> Vec<String> {
            let all = document[part].as_array().unwrap().iter();
            all.map(|one| field.map_or(one, |field| &one[field]))
                .map(|text| text.as_str().unwrap().to_owned())
                .collect()
        };
        (texts("reports", Some("product")), texts("notes", None))
    };
    let (before, notes) = compared(0);
    assert!(!notes.iter().any(|note| note.starts_with("notebook: ")));

    let copies = "/sc-frozen-";
    world.server.set_faults(Faults {
        denied: [("GetObject".to_owned(), copies.to_owned())].into(),
        ..Faults::default()
    });
    let (after, notes) = compared(2);
    for key in ["notebook", "s3-private"] {
        let of_product = |note: &&String| note.starts_with(&format!("{key}: "));
        let note = notes.iter().find(of_product).unwrap();
        let why = "v2.0.0, live in local: this identity may not read sc-frozen-";
        assert!(note.starts_with(&format!("{key}: {why}")), "{note}");
    }
    let is_stack = |name: &&String| !["notebook", "s3-private"].contains(&name.as_str());
    let rest: Vec<&String> = before.iter().filter(is_stack).collect();
    assert!(!rest.is_empty());
    assert_eq!(after.iter().collect::<Vec<_>>(), rest);
}
