//! What a person sees while steps are carried out: one line a step.

use compute_catalog::publish::{Outcome, Step};
use std::io::{IsTerminal, Write};

/// Where progress goes: standard error, so that standard output stays the command's result.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    is_quiet: bool,
    is_terminal: bool,
}

impl Terminal {
    /// Standard error.
    pub fn stderr() -> Self {
        Self {
            is_quiet: false,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Nowhere.
    pub fn quiet() -> Self {
        Self {
            is_quiet: true,
            is_terminal: false,
        }
    }

    pub(crate) fn say(&self, line: &str) {
        if !self.is_quiet {
            self.put(&format!("{line}\n"));
        }
    }

    /// On a terminal, the step in hand stands on the last line until something else ends.
    pub(crate) fn begun(&self, step: &Step) {
        if self.is_terminal {
            self.put(&format!("\r\x1b[K  … {}", step.what));
        }
    }

    pub(crate) fn ended(&self, step: &Step, outcome: &Outcome, done: usize, total: usize) {
        let word = match outcome {
            Outcome::Done => "done",
            Outcome::Failed(_) => "FAILED",
        };
        let clear = if self.is_terminal { "\r\x1b[K" } else { "" };
        self.say(&format!("{clear}[{done}/{total}] {word}: {}", step.what));
    }

    /// A person who closed the terminal doesn't stop the run.
    fn put(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
