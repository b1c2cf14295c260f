//! How long reading a fleet takes at the rates of AWS's calls.
//!
//! AWS publishes no rates for these calls: one a second of each is less than anybody has reported, and
//! unproved. The pauses are those that are used for AWS.

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::{
    Contents, Faults, HeldPortfolio, HeldProduct, HeldProvisionedProduct, HeldVersion,
};
use publisher::{Destination, Pace, Repository, Session, fleets};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use xtask::cli::FleetArgs;
use xtask::workspace::Workspace;

const PRODUCT: &str = "prod-oldnotebook22";
const PORTFOLIO: &str = "port-oldresearch22";

/// What a person waits at most for the fleet of the largest account.
const MOST: Duration = Duration::from_secs(5 * 60);

/// Calls a second of each of the listings.
const RATE: f64 = 1.0;

const VERSIONS: [&str; 2] = ["v1.4.15", "v1.5.0"];

const TEMPLATE: &str = "Parameters: {Department: {Type: String}}
Resources: {Data: {Type: AWS::S3::Bucket}}
";

/// A notebook of each of two versions from before this catalog.
fn notebooks() -> Contents {
    let version = |name: &str| HeldVersion {
        name: name.to_owned(),
        template: Some(TEMPLATE.to_owned()),
        ..HeldVersion::default()
    };
    let running = VERSIONS.map(|version| HeldProvisionedProduct {
        name: format!("notebook-{version}"),
        product: PRODUCT.to_owned(),
        version: version.to_owned(),
        portfolio: PORTFOLIO.to_owned(),
        parameters: BTreeMap::from([("Department".to_owned(), "Platform".to_owned())]),
        ..HeldProvisionedProduct::default()
    });
    Contents {
        products: vec![HeldProduct {
            id: PRODUCT.to_owned(),
            name: "Notebook".to_owned(),
            owner: "somebody".to_owned(),
            versions: VERSIONS.map(version).to_vec(),
            ..HeldProduct::default()
        }],
        portfolios: vec![HeldPortfolio {
            id: PORTFOLIO.to_owned(),
            name: "Old".to_owned(),
            provider: "somebody".to_owned(),
            products: vec![PRODUCT.to_owned()],
            ..HeldPortfolio::default()
        }],
        provisioned_products: running.to_vec(),
        ..Contents::default()
    }
}

/// What runs of the account, and its stacks.
fn running(state: &mut Value) -> [Map<String, Value>; 2] {
    let here = &mut state["accounts"]["123456789012"]["regions"]["us-east-1"];
    let mut of = |path: [&str; 2]| match here[path[0]][path[1]].take() {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    [of(["catalog", "provisioned"]), of(["stacks", "stacks"])]
}

/// As many products as are asked for, each like one of those that there are: launching thousands one
/// after the other would take hours.
fn multiply(state: &mut Value, count: usize) {
    let [provisioned, stacks] = running(state);
    let (mut all, mut all_stacks) = (Map::new(), Map::new());
    let kinds: Vec<(&String, &Value)> = provisioned.iter().collect();
    for number in 0..count {
        let (id, one) = kinds[number % kinds.len()];
        let other = format!("pp-copy{number:09}");
        let named = |text: &Value| -> Value {
            serde_json::from_str(&text.to_string().replace(id.as_str(), &other)).unwrap()
        };
        let mut copy = named(one);
        copy["name"] = format!("notebook-{number:04}").into();
        all.insert(other.clone(), copy);
        let (arn, stack) = stacks
            .iter()
            .find(|(arn, _)| arn.contains(id.as_str()))
            .unwrap();
        all_stacks.insert(arn.replace(id.as_str(), &other), named(stack));
    }
    let here = &mut state["accounts"]["123456789012"]["regions"]["us-east-1"];
    here["catalog"]["provisioned"] = all.into();
    here["stacks"]["stacks"] = all_stacks.into();
}

/// Reads the fleet of so many products, on a clock that goes so many times faster; how long it took on
/// that clock.
async fn takes(count: usize, speed: u32) -> Duration {
    let seed = World::with(|config| config.contents = Some(notebooks()));
    while running(&mut seed.server.state().unwrap())[1].len() < VERSIONS.len() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let world = seed.edited(|state| multiply(state, count));
    let checkout = Checkout::new();
    let workspace = Workspace::containing(&checkout.path("")).unwrap();
    let repository = Repository::read(workspace).unwrap();
    let local = "local".parse().unwrap();
    let mut desired = repository.desired(&local).unwrap();
    let mut products = desired.products.iter_mut();
    let notebook = products.find(|one| one.key.as_str() == "notebook").unwrap();
    notebook.legacy_id = Some(PRODUCT.to_owned());
    let session = Session::open(&Destination {
        pace: Pace::AWS.sped_up(speed),
        ..world.destination()
    })
    .await
    .unwrap();
    let observed = world.observe(&desired).await;
    let rate = RATE * f64::from(speed);
    let listings = ["SearchProvisionedProducts", "DescribeStacks"];
    world.server.set_faults(Faults {
        rates: listings.map(|name| (name.to_owned(), rate)).into(),
        ..Faults::default()
    });
    world.server.clear_calls();
    let begun = Instant::now();
    let args = FleetArgs::default();
    let read = fleets(&repository, &local, &session, &desired, &observed, &args);
    let found = read.await.unwrap();
    let took = begun.elapsed() * speed;
    let fleet = found.first().unwrap();
    assert_eq!(fleet.members.len(), count);
    assert!(!fleet.is_partly_unread(), "{}", fleet.sum());
    let calls = world.server.calls();
    for name in listings {
        let answered = |outcome: &str| {
            let all = calls.iter();
            all.filter(|call| call.operation == name && call.outcome == outcome)
                .count()
        };
        // Page by page, and no call for each product.
        assert_eq!(answered("ok"), count.div_ceil(100), "{name}");
        let throttled = answered("Throttling") + answered("ThrottlingException");
        println!("{name}: {throttled} calls throttled");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
    println!("{count} products: {took:?} at AWS's pace, {speed} times faster");
    took
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_of_hundreds_is_read_page_by_page_at_aws_s_rates() {
    // Other tests run beside it, and on the faster clock what they take counts eightfold.
    let took = takes(300, 8).await;
    assert!(took < MOST, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; scripts/nightly.sh runs it"]
async fn a_fleet_of_five_thousand_is_read_within_five_minutes_at_aws_s_rates() {
    let took = takes(5_000, 1).await;
    assert!(took < MOST, "{took:?}");
}
