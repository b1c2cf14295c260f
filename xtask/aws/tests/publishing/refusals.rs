//! What is refused, and that nothing changes then.

use crate::small_catalog::catalog;
use crate::world::World;
use compute_catalog::publish::{Bucket, PlanFile};
use local_aws::{Faults, Identity};
use publisher::{CommandError, Exit, Session};

fn check(failure: &CommandError, exit: Exit, words: &[&str]) {
    let text = failure.to_string();
    for word in words {
        assert!(text.contains(word), "{word} in {text}");
    }
    assert!(failure.hint.is_some(), "{text}");
    assert_eq!(failure.exit, exit, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_refused_before_anything_else() {
    let world = World::with(|config| {
        let other = Identity::user("123456789012", "local");
        config.keys.insert("999999999999".to_owned(), other);
    });
    let mut destination = world.destination();
    destination.account = "999999999999".parse().unwrap();
    let failure = Session::open(&destination).await.unwrap_err();
    check(&failure, Exit::Input, &["999999999999", "123456789012"]);
    let operations: Vec<String> = world
        .server
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .collect();
    assert_eq!(operations, ["GetCallerIdentity"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_are_refused() {
    let world = World::new(Faults {
        expire_from_call: Some(1),
        ..Faults::default()
    });
    let failure = Session::open(&world.destination()).await.unwrap_err();
    check(&failure, Exit::Unreachable, &["Expired"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_expire_part_way_leave_a_run_that_goes_on() {
    let world = World::new(Faults {
        expire_from_call: Some(60),
        ..Faults::default()
    });
    let desired = catalog(&["v1.0.0"]);
    let failure = world.publish(&desired).await.unwrap_err();
    assert!(failure.to_string().contains("Expired"), "{failure}");
    world.server.set_faults(Faults::default());
    world.publish(&desired).await.unwrap();
    assert!(world.plan(&desired).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_server_is_no_connection() {
    let world = World::new(Faults::default());
    let mut destination = world.destination();
    destination.endpoint = Some("http://127.0.0.1:9".to_owned());
    let failure = Session::open(&destination).await.unwrap_err();
    check(&failure, Exit::Unreachable, &["GetCallerIdentity"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_bucket_that_is_missing_is_a_blocker() {
    let world = World::new(Faults::default());
    let mut desired = catalog(&["v1.0.0"]);
    desired.bucket = Bucket::Named("not-there".to_owned());
    let failure = world.publish(&desired).await.unwrap_err();
    check(
        &failure,
        Exit::Refused,
        &["bucket not-there", "templateBucket"],
    );
    assert!(world.changes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_plan_is_carried_out_as_it_stands_or_not_at_all() {
    let world = World::new(Faults::default());
    let desired = catalog(&["v1.0.0"]);
    let file = PlanFile::from(&world.plan(&desired).await);

    let edited = file
        .to_text()
        .replace("create the product bucket", "create the product basket");
    assert!(PlanFile::read(&edited).is_err());

    let other = catalog(&["v1.0.0", "v1.1.0"]);
    let failure = world
        .publish_from("checkout", &other, Some(&file), false)
        .await
        .unwrap_err();
    check(&failure, Exit::Refused, &["the repository has moved since"]);
    assert!(world.changes().is_empty());

    let file = PlanFile::read(&file.to_text()).unwrap();
    world
        .publish_from("checkout", &desired, Some(&file), false)
        .await
        .unwrap();
    let failure = world
        .publish_from("other", &desired, Some(&file), false)
        .await
        .unwrap_err();
    check(
        &failure,
        Exit::Refused,
        &[
            "the account has moved since",
            "product bucket",
            "product notebook",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_publishers_one_waits_or_stops() {
    let world = World::new(Faults::default());
    let first = catalog(&["v1.0.0"]);
    world.publish(&first).await.unwrap();
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    world.server.set_faults(Faults {
        latency_ms: 3,
        ..Faults::default()
    });
    let (one, two) = tokio::join!(
        world.publish_from("one", &desired, None, false),
        world.publish_from("two", &desired, None, false)
    );
    assert!(one.is_ok() || two.is_ok());
    for failure in [one, two].into_iter().filter_map(Result::err) {
        let text = failure.to_string();
        let is_expected =
            text.contains("publishes to this account since") || text.contains("has moved since");
        assert!(is_expected, "{text}");
    }
    world.server.set_faults(Faults::default());
    let observed = world.observe(&desired).await;
    assert!(
        observed
            .products
            .values()
            .all(|live| live.versions.len() == 2)
    );
    assert!(world.plan(&desired).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_of_another_run_is_named_and_can_be_broken_on_purpose() {
    let world = World::new(Faults::default());
    world.publish(&catalog(&["v1.0.0"])).await.unwrap();
    let holder =
        r#"{"run":"another","who":"arn:aws:iam::123456789012:user/ann","since":1700000000}"#;
    world
        .session()
        .await
        .s3
        .put_object()
        .bucket("example-templates-123456789012")
        .key("locks/publish.json")
        .body(holder.as_bytes().to_vec().into())
        .send()
        .await
        .unwrap();
    let desired = catalog(&["v1.0.0", "v1.1.0"]);
    let failure = world.publish(&desired).await.unwrap_err();
    check(
        &failure,
        Exit::Refused,
        &["user/ann", "2023-11-14T22:13:20Z", "--break-lock"],
    );
    assert_eq!(world.plan(&desired).await.steps.len(), 9);
    world
        .publish_from("checkout", &desired, None, true)
        .await
        .unwrap();
    assert!(world.plan(&desired).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_of_our_name_that_nothing_says_is_ours_is_reported() {
    let world = World::new(Faults::default());
    let mut theirs = catalog(&["v1.0.0"]);
    theirs.products.remove(1);
    theirs.stacks.remove(1);
    theirs.shares.clear();
    world.publish(&theirs).await.unwrap();
    let observed = world.observe(&theirs).await;
    let id = observed.products.keys().next().unwrap().clone();
    let session = world.session().await;
    session
        .catalog
        .update_product()
        .id(&id)
        .remove_tags("compute-catalog:product")
        .send()
        .await
        .unwrap();
    world.server.clear_calls();
    let failure = world.publish(&theirs).await.unwrap_err();
    check(
        &failure,
        Exit::Refused,
        &[&id, "nothing says that it is ours", "products.bucket"],
    );
    assert!(world.changes().is_empty());

    // Recorded, it is taken over with its versions.
    theirs.products[0].legacy_id = Some(id.clone());
    world.publish(&theirs).await.unwrap();
    let observed = world.observe(&theirs).await;
    assert_eq!(observed.products.keys().collect::<Vec<_>>(), [&id]);
    assert_eq!(observed.products[&id].versions.len(), 1);
}
