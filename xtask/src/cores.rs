//! Threads on cores of their own.
//!
//! Some kernels start a thread on the core of the one that starts it, and leave both there until a
//! tick of the scheduler, 4 ms later: half of what a command takes. There, the new thread leaves for
//! another core as soon as it runs, and the one that started it yields, to let it run.

/// The cores that the process may run on, from the one on which it is now; none where the system
/// doesn't say.
#[cfg(target_os = "linux")]
pub fn cores() -> Vec<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu};
    let Ok(allowed) = sched_getaffinity(None) else {
        return Vec::new();
    };
    let mut cores: Vec<usize> = (0..CpuSet::MAX_CPU)
        .filter(|core| allowed.is_set(*core))
        .collect();
    let here = sched_getcpu();
    let here = cores.iter().position(|core| *core == here);
    cores.rotate_left(here.unwrap_or(0));
    cores
}

/// Moves the thread to the core at this place among the cores; the first is that of the thread that
/// started it. From there it may go to any of them: another process may need this one more.
#[cfg(target_os = "linux")]
pub fn start_on(cores: &[usize], place: usize) {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let set = |cores: &[usize]| {
        let mut set = CpuSet::new();
        cores.iter().for_each(|core| set.set(*core));
        set
    };
    // Where this can't be done, the system's own choice does as well.
    if let Some(core) = cores.get(place)
        && sched_setaffinity(None, &set(&[*core])).is_ok()
    {
        let _ = sched_setaffinity(None, &set(cores));
    }
}

/// As elsewhere: the system's choice.
#[cfg(not(target_os = "linux"))]
pub fn cores() -> Vec<usize> {
    Vec::new()
}

/// As elsewhere: nothing to do.
#[cfg(not(target_os = "linux"))]
pub fn start_on(_: &[usize], _: usize) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_was_moved_may_go_anywhere() {
        let sorted = || {
            let mut cores = cores();
            cores.sort_unstable();
            cores
        };
        let before = sorted();
        assert!(!before.is_empty());
        for place in 0..=before.len() {
            start_on(&cores(), place);
            assert_eq!(sorted(), before, "{place}");
        }
    }
}
