//! The plan in words, grouped as it is carried out.

use super::Plan;
use std::fmt;

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
        match (self.steps.len(), self.blockers.len()) {
            (0, 0) => write!(f, "\nNothing to do: the account is as it should be."),
            (steps, 0) => write!(f, "\n{}", counted(steps, "step")),
            (steps, blockers) => write!(
                f,
                "\n{}, {}: nothing is done before those are settled",
                counted(steps, "step"),
                counted(blockers, "blocker")
            ),
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
