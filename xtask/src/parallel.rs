//! Work on every core: the same results in the same order as without.

use crate::cores::{cores, start_on};
use std::convert::Infallible;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};
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
    let ready = || Ok::<_, Infallible>(());
    let (Ok(((), results)), other) = each_once_ready(ready, items, |(), item| work(item), beside);
    (results, other)
}

/// As [`each_beside`], where the work needs what one of the cores makes ready first, while another
/// does what stands beside.
///
/// # Errors
/// What keeps it from being made ready: then nothing is done with the items.
pub fn each_once_ready<P: Send + Sync, E: Send + Sync, T: Sync, R: Send, B: Send>(
    ready: impl FnOnce() -> Result<P, E>,
    items: &[T],
    work: impl Fn(&P, &T) -> R + Sync,
    beside: impl FnOnce() -> B + Send,
) -> (Result<(P, Vec<R>), E>, B) {
    let threads = *THREADS;
    let cores = cores();
    let next = AtomicUsize::new(0);
    // Held by this thread until it is ready; the others wait for that.
    let prepared = RwLock::new(None);
    let mut preparing = prepared.write().unwrap_or_else(PoisonError::into_inner);
    let take = || {
        let mut done = Vec::new();
        // A panic while it was made ready goes on when the threads are joined.
        let prepared = prepared.read().unwrap_or_else(PoisonError::into_inner);
        let Some(Ok(prepared)) = prepared.as_ref() else {
            return done;
        };
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(prepared, item))),
                None => return done,
            }
        }
    };
    let (mut done, other) = thread::scope(|scope| {
        let first = scope.spawn(|| {
            start_on(&cores, 1);
            let other = beside();
            (take(), other)
        });
        thread::yield_now();
        let (cores, take) = (&cores, &take);
        let helpers: Vec<_> = (2..threads.min(items.len()))
            .map(|place| {
                let helper = scope.spawn(move || {
                    start_on(cores, place);
                    take()
                });
                thread::yield_now();
                helper
            })
            .collect();
        *preparing = Some(ready());
        drop(preparing);
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
    let results = done.into_iter().map(|(_, result)| result).collect();
    let prepared = prepared
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match prepared {
        Some(prepared) => (prepared.map(|prepared| (prepared, results)), other),
        None => unreachable!("the panic went on"),
    }
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
        assert_eq!(
            each_beside(&items, slow_first, || "beside"),
            (doubled, "beside")
        );
    }

    #[test]
    fn the_work_starts_once_everything_is_ready() {
        let items: Vec<u64> = (0..100).collect();
        let slowly = || {
            thread::sleep(std::time::Duration::from_millis(20));
            Ok::<u64, String>(7)
        };
        let sums: Vec<u64> = items.iter().map(|item| item + 7).collect();
        assert_eq!(
            each_once_ready(slowly, &items, |seven, item| item + seven, || "beside"),
            (Ok((7, sums)), "beside")
        );
    }

    #[test]
    fn nothing_is_done_with_the_items_where_nothing_gets_ready() {
        let failing = || Err::<u64, _>("no file");
        let (done, beside) = each_once_ready(
            failing,
            &[1, 2, 3],
            |_, _: &u64| unreachable!("work"),
            || "beside",
        );
        let done: Result<(u64, Vec<()>), &str> = done;
        assert_eq!((done, beside), (Err("no file"), "beside"));
    }

    #[test]
    #[should_panic(expected = "while it is made ready")]
    fn a_panic_keeps_nobody_waiting() {
        let panicking = || -> Result<u64, String> { panic!("while it is made ready") };
        let _ = each_once_ready(panicking, &[1, 2, 3], |_, item: &u64| *item, || ());
    }
}
