//! What a person sees while steps are carried out: bars on a terminal, one line a step elsewhere.

use compute_catalog::publish::{Outcome, Step, StepId};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where progress goes: standard error, so that standard output stays the command's result.
#[derive(Clone)]
pub struct Terminal(Arc<Screen>);

/// A step that begins or ends, for whoever follows a run.
#[derive(Debug, Clone, Copy)]
pub enum Mark<'a> {
    /// It begins.
    Begun(&'a Step),
    /// It ends.
    Ended(&'a Step),
}

enum Screen {
    Lines,
    Bars(Bars),
    Follower(Box<dyn Fn(Mark<'_>) + Send + Sync>),
}

/// A bar over all steps, and under it a line for each step in hand.
struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    in_hand: Mutex<BTreeMap<StepId, ProgressBar>>,
}

impl Terminal {
    /// Standard error.
    pub fn stderr() -> Self {
        Self(Arc::new(if std::io::stderr().is_terminal() {
            Screen::Bars(Bars::on(ProgressDrawTarget::stderr()))
        } else {
            Screen::Lines
        }))
    }

    /// Nowhere.
    pub fn quiet() -> Self {
        Self::followed(|_| {})
    }

    /// To a follower.
    pub fn followed(follower: impl Fn(Mark<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Screen::Follower(Box::new(follower))))
    }

    pub(crate) fn say(&self, line: &str) {
        match &*self.0 {
            Screen::Lines => {
                // A person who closed the terminal doesn't stop the run.
                let _ = writeln!(std::io::stderr(), "{line}");
            }
            Screen::Bars(bars) => bars.say(line),
            Screen::Follower(_) => {}
        }
    }

    pub(crate) fn begun(&self, step: &Step, total: usize) {
        match &*self.0 {
            Screen::Lines => {}
            Screen::Bars(bars) => bars.begin(step, total),
            Screen::Follower(follower) => follower(Mark::Begun(step)),
        }
    }

    pub(crate) fn ended(&self, step: &Step, outcome: &Outcome, done: usize, total: usize) {
        let word = match outcome {
            Outcome::Done => "done",
            Outcome::Failed(_) => "FAILED",
        };
        match &*self.0 {
            Screen::Lines => {}
            Screen::Bars(bars) => bars.end(step, done, total),
            Screen::Follower(follower) => follower(Mark::Ended(step)),
        }
        self.say(&format!("[{done}/{total}] {word}: {}", step.what));
    }

    /// No step is in hand any more: the bars go.
    pub(crate) fn rest(&self) {
        if let Screen::Bars(bars) = &*self.0 {
            bars.total.finish_and_clear();
        }
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.0 {
            Screen::Lines => "Terminal::Lines",
            Screen::Bars(_) => "Terminal::Bars",
            Screen::Follower(_) => "Terminal::Follower",
        })
    }
}

impl Bars {
    fn on(target: ProgressDrawTarget) -> Bars {
        let all = MultiProgress::with_draw_target(target);
        let total = all.add(ProgressBar::no_length().with_style(style("{bar:30} {pos}/{len}")));
        Bars {
            all,
            total,
            in_hand: Mutex::new(BTreeMap::new()),
        }
    }

    fn say(&self, line: &str) {
        let _ = self.all.println(line);
    }

    fn begin(&self, step: &Step, total: usize) {
        self.total.set_length(total as u64);
        let bar = ProgressBar::no_length().with_style(style("  {spinner} {wide_msg} {elapsed}"));
        let bar = self.all.add(bar);
        bar.set_message(step.what.clone());
        bar.enable_steady_tick(Duration::from_millis(200));
        // A poisoned lock is taken over: each change is one insertion or removal.
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.insert(step.id.clone(), bar);
    }

    fn end(&self, step: &Step, done: usize, total: usize) {
        self.total.set_length(total as u64);
        self.total.set_position(done as u64);
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = in_hand.remove(&step.id) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
    }
}

/// A style by its template; the library's own where the template isn't one.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

    use super::*;
    use compute_catalog::publish::Action;
    use indicatif::InMemoryTerm;

    fn step(name: &str) -> Step {
        Step {
            id: StepId::CreateBucket(name.to_owned()),
            action: Action::CreateBucket {
                bucket: name.to_owned(),
            },
            what: format!("create the bucket {name}"),
            reason: String::new(),
            impact: Vec::new(),
            depends_on: Vec::new(),
        }
    }

    #[test]
    fn a_terminal_shows_what_is_in_hand_below_what_is_done() {
        let screen = InMemoryTerm::new(12, 60);
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let terminal = Terminal(Arc::new(Screen::Bars(Bars::on(target))));
        let (one, two) = (step("one"), step("two"));
        terminal.begun(&one, 2);
        terminal.begun(&two, 2);
        terminal.ended(&one, &Outcome::Done, 1, 2);
        let Screen::Bars(bars) = &*terminal.0 else {
            panic!("bars");
        };
        bars.total.tick();
        let lines: Vec<String> = screen.contents().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "[1/2] done: create the bucket one");
        assert!(lines[1].ends_with("1/2"), "{lines:?}");
        assert!(lines[2].contains("create the bucket two"), "{lines:?}");
        terminal.ended(&two, &Outcome::Failed(String::new()), 2, 2);
        terminal.rest();
        assert_eq!(
            screen.contents(),
            "[1/2] done: create the bucket one\n[2/2] FAILED: create the bucket two"
        );
    }
}
