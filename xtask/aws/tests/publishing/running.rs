//! What a publish and a plan end with: what an update does to what people run.

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::Faults;
use serde_json::Value;
use std::collections::BTreeMap;

const WARNING: &str = "warning: what an update does to what people run in local couldn't be read";

/// Listing what people run is refused.
fn blind() -> Faults {
    Faults {
        denied: BTreeMap::from([("SearchProvisionedProducts".to_owned(), String::new())]),
        ..Faults::default()
    }
}

#[test]
fn a_publish_that_went_well_stays_one_where_what_people_run_can_t_be_read() {
    let world = World::new(blind());
    let checkout = Checkout::new();
    let endpoint = world.server.endpoint();
    for is_first in [true, false] {
        let ran = checkout.run(endpoint, &["publish"]);
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(0), "{said}");
        assert_eq!(ran.out.contains("done and verified"), is_first, "{said}");
        assert!(ran.err.contains(WARNING), "{said}");
        assert!(ran.err.contains("AccessDenied"), "{said}");
        let hint = "hint: `cargo xtask fleet --env local` reads it again";
        assert!(ran.err.contains(hint), "{said}");
    }
    // Read again, there is nothing to warn of.
    world.server.set_faults(Faults::default());
    let ran = checkout.run(endpoint, &["publish"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
}

#[test]
fn a_plan_tells_programs_what_people_run_or_fails_where_that_can_t_be_read() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let endpoint = world.server.endpoint();
    let published = checkout.run(endpoint, &["publish"]);
    assert_eq!(published.code, Some(0), "{}", published.err);
    let plan = |code: i32| -> Value {
        let ran = checkout.run(endpoint, &["plan", "--format", "json"]);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    };
    let running = &plan(0)["result"][0]["running"];
    assert_eq!(*running, serde_json::json!({ "sums": [] }));
    world.server.set_faults(blind());
    let blind = plan(1);
    let why = blind["error"]["message"].as_str().unwrap();
    assert!(why.contains("SearchProvisionedProducts"), "{blind}");
}
