//! The plan in words, grouped as it is carried out.

use super::Plan;
use super::changed_by_hand::PUT_BACK;
use std::fmt;

/// What a plan has looked at is so; of the rest it says nothing.
const AS_IT_SHOULD_BE: &str = "products, versions, portfolios, templates and stacks are as they should be. What stacks hold beside \
them (roles, policies, settings of the bucket) CloudFormation compares when `cargo xtask status` asks.";

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Plan for {} (account {}, {})",
            self.environment, self.account, self.region
        )?;
        let mut heading = None;
        for step in &self.steps {
            let phase = step.action.phase();
            if heading != Some(phase) {
                writeln!(f, "\n  {}", phase.heading())?;
                heading = Some(phase);
            }
            writeln!(f, "    {}", step.what)?;
            writeln!(f, "      because {}", step.reason)?;
            for impact in &step.impact {
                writeln!(f, "      impact: {impact}")?;
            }
        }
        if !self.notes.is_empty() {
            writeln!(f, "\n  Not done")?;
            for note in &self.notes {
                writeln!(f, "    {note}")?;
            }
        }
        if !self.blockers.is_empty() {
            writeln!(f, "\n  To be settled first")?;
            for blocker in &self.blockers {
                writeln!(f, "    {}: {}", blocker.on, blocker.message)?;
                writeln!(f, "      hint: {}", blocker.hint)?;
            }
        }
        if !self.left.is_empty() {
            writeln!(f, "\n  Not as it should be, and left so")?;
            for line in &self.left {
                writeln!(f, "    {line}; it stays as it is")?;
            }
            writeln!(f, "    hint: {PUT_BACK}")?;
        }
        match (self.steps.len(), self.blockers.len(), self.left.len()) {
            (0, 0, 0) => write!(f, "\nNothing to do: {AS_IT_SHOULD_BE}"),
            (0, 0, left) => write!(
                f,
                "\nNothing to do, and {} not as it should be.",
                counted(left, "thing is")
            ),
            (steps, 0, _) => write!(f, "\n{}", counted(steps, "step")),
            (steps, blockers, _) => write!(
                f,
                "\n{}, {}: what those are about, and what waits for it, is left as it is",
                counted(steps, "step"),
                counted(blockers, "blocker")
            ),
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "thing is") => format!("{count} things are"),
        _ => format!("{count} {noun}s"),
    }
}
