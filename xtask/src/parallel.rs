//! Work on every core: the same results in the same order as without.

use crate::cores::{cores, start_on};
use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// As many as do work at once: asking costs reading three files.
static THREADS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));

/// Does the work for each item and gives the results in the order of the items. Each core takes
/// the next item when it has done one.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    match items {
        [] => Vec::new(),
        [one] => vec![work(one)],
        _ => each_beside(items, work, || ()).0,
    }
}

/// As [`each`], with another piece of work that one of the cores does first: more threads than
/// cores would keep each other waiting.
pub fn each_beside<T: Sync, R: Send, B: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    beside: impl FnOnce() -> B + Send,
) -> (Vec<R>, B) {
    let threads = *THREADS;
    let cores = cores();
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let (mut done, other) = thread::scope(|scope| {
        let first = scope.spawn(|| {
            start_on(&cores, 0);
            let other = beside();
            (take(), other)
        });
        let (cores, take) = (&cores, &take);
        let helpers: Vec<_> = (2..threads.min(items.len()))
            .map(|place| {
                scope.spawn(move || {
                    start_on(cores, place);
                    take()
                })
            })
            .collect();
        start_on(cores, 1);
        // One core: what stands beside comes first.
        let mut done = if threads > 1 { take() } else { Vec::new() };
        for helper in helpers {
            done.extend(joined(helper.join()));
        }
        let (results, other) = joined(first.join());
        done.extend(results);
        (done, other)
    });
    done.sort_by_key(|(index, _)| *index);
    let results = done.into_iter().map(|(_, result)| result);
    (results.collect(), other)
}

/// Does two pieces of work at once.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    let cores = cores();
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            start_on(&cores, 0);
            one()
        });
        start_on(&cores, 1);
        let other = other();
        (joined(one.join()), other)
    })
}

/// What a thread gave; its panic goes on here.
fn joined<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..1000).collect();
        let slow_first = |item: &u64| {
            if *item < 3 {
                thread::sleep(std::time::Duration::from_millis(20));
            }
            item * 2
        };
        let doubled: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(each(&items, slow_first), doubled);
        assert_eq!(each(&items[..1], slow_first), doubled[..1]);
        assert!(each(&[], |item: &u64| *item).is_empty());
        assert_eq!(both(|| 1, || "two"), (1, "two"));
        assert_eq!(
            each_beside(&items, slow_first, || "beside"),
            (doubled, "beside")
        );
    }
}
