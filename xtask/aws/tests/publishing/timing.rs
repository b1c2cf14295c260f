//! How long plans and publishes take, counted in calls that wait for each other.
//!
//! The server writes down when each call came and was answered. Calls that don't overlap could have
//! waited for each other; the most of them in a row are the depth of a run. Depth times the time of
//! one call is the time of the run on a machine that has nothing else to do, and, other than that
//! time, it can be measured on a busy one.

use crate::small_catalog::key;
use crate::world::World;
use compute_catalog::publish::{Desired, Options, Plan, StepId, plan};
use local_aws::{Call, Config, Faults};
use publisher::{Mark, Pace, Repository, Terminal, seed_local};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use xtask::workspace::Workspace;

/// What one call takes, in milliseconds.
const CALL: u64 = 50;

/// The longest chain of calls each of which began when the one before was answered.
fn depth(calls: &[Call]) -> usize {
    let mut calls: Vec<&Call> = calls.iter().collect();
    calls.sort_by_key(|call| call.ended);
    let mut depths: Vec<usize> = Vec::new();
    for call in &calls {
        let before = calls
            .iter()
            .zip(&depths)
            .filter(|(other, _)| other.ended <= call.began)
            .map(|(_, depth)| *depth)
            .max();
        depths.push(before.unwrap_or_default() + 1);
    }
    depths.into_iter().max().unwrap_or_default()
}

/// The whole catalog, and an account that has what it imports.
pub async fn whole_catalog() -> (World, Desired) {
    whole_catalog_in(|_| {}).await
}

/// The same on a server that is set up otherwise.
pub async fn whole_catalog_in(set: impl FnOnce(&mut Config)) -> (World, Desired) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = Repository::read(Workspace::containing(root).unwrap()).unwrap();
    let world = World::with(set);
    let session = world.session().await;
    seed_local(&session, &repository, &key("local"))
        .await
        .unwrap();
    world.server.clear_calls();
    let desired = repository.desired(&key("local")).unwrap();
    (world, desired)
}

fn slow(latency_ms: u64) -> Faults {
    Faults {
        latency_ms,
        ..Faults::default()
    }
}

/// The step that begins, or none where one ends, and the calls so far.
type Marks = Vec<(Option<String>, usize)>;

/// The depth of each step, and that of everything between the steps, by a run of one step at a time.
async fn weights(world: &World, desired: &Desired) -> (BTreeMap<String, usize>, usize) {
    // What a step does side by side has to overlap.
    world.server.set_faults(slow(10));
    let marks: Arc<Mutex<Marks>> = Arc::default();
    let (noted, log) = (marks.clone(), world.server.clone());
    let follower = Terminal::followed(move |mark| {
        let begun = match mark {
            Mark::Begun(step) => Some(step.id.to_string()),
            Mark::Ended(_) => None,
        };
        noted.lock().unwrap().push((begun, log.calls().len()));
    });
    let mut pace = Pace::LOCAL;
    pace.steps = 1;
    world.publish_at(pace, desired, &follower).await.unwrap();
    let calls = world.server.calls();
    let mut steps = BTreeMap::new();
    let mut between = 0;
    let (mut from, mut current) = (0, None);
    for (next, at) in marks.lock().unwrap().drain(..) {
        let depth = depth(&calls[from..at]);
        match current {
            Some(step) => {
                steps.insert(step, depth);
            }
            None => between += depth,
        }
        (from, current) = (at, next);
    }
    between += depth(&calls[from..]);
    (steps, between)
}

/// The heaviest path through the steps of a plan.
fn longest(plan: &Plan, weights: &BTreeMap<String, usize>) -> usize {
    let mut ends: BTreeMap<&StepId, usize> = BTreeMap::new();
    let mut waiting: Vec<_> = plan.steps.iter().collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|step| {
            let starts: Option<Vec<usize>> = step
                .depends_on
                .iter()
                .map(|id| ends.get(id).copied())
                .collect();
            let Some(starts) = starts else { return true };
            let start = starts.into_iter().max().unwrap_or_default();
            ends.insert(&step.id, start + weights[&step.id.to_string()]);
            false
        });
        assert!(waiting.len() < before, "steps wait for each other: {plan}");
    }
    ends.into_values().max().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_takes_no_longer_than_its_longest_chain_of_calls_times_one_point_three() {
    let (world, desired) = whole_catalog().await;
    let plan = plan(&desired, &world.observe(&desired).await, Options::default());
    let twin = world.twin();
    world.server.clear_calls();
    let (weights, between) = weights(&world, &desired).await;
    assert_eq!(weights.len(), plan.steps.len());
    let chain = between + longest(&plan, &weights);

    twin.server.set_faults(slow(CALL));
    let start = std::time::Instant::now();
    twin.publish(&desired).await.unwrap();
    let took = start.elapsed();
    let depth = depth(&twin.server.calls());
    println!("chain {chain} calls, publish {depth} calls deep, {took:?} at {CALL} ms a call");
    assert!(
        10 * depth <= 13 * chain,
        "{depth} calls for a chain of {chain}"
    );
    // One after the other, the steps would take half as long again at least: the chain is not all of
    // them. A machine with other work makes calls wait for each other that needn't.
    let all: usize = weights.values().sum();
    assert!(3 * depth < 2 * all, "{depth} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn planning_the_whole_catalog_takes_less_than_two_seconds_at_50_ms_a_call() {
    let (world, desired) = whole_catalog().await;
    world.publish(&desired).await.unwrap();
    world.server.set_faults(slow(CALL));
    world.server.clear_calls();
    let start = std::time::Instant::now();
    let plan = world.plan(&desired).await;
    let took = start.elapsed();
    assert!(plan.is_empty(), "{plan}");
    let depth = depth(&world.server.calls());
    println!("plan {depth} calls deep, {took:?} at {CALL} ms a call");
    assert!(depth as u64 * CALL < 2_000, "{depth} calls");
}
