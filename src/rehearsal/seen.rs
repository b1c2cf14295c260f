//! What a rehearsal saw.

use super::engine::Failure;
use super::event::Event;

/// Something that doesn't work, and where that is so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// What.
    pub failure: Failure,
    /// In which step, such as `launch` or `update from v1.5.0`.
    pub step: String,
    /// With which values of the form, where others than the defaults.
    pub values: String,
    /// In which environment.
    pub environment: String,
}

/// A step that was rehearsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is.
    pub name: String,
    /// In which environment.
    pub environment: String,
    /// Whether it ended as it should.
    pub well: bool,
    /// The time line.
    pub events: Vec<Event>,
}

/// What a rehearsal saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Everything that doesn't work.
    pub found: Vec<Found>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// How many sets of values of the form were tried.
    pub scenarios: usize,
}

impl Report {
    /// Of an account that can't even be set up.
    pub fn of_failures(environment: &str, failures: Vec<Failure>) -> Report {
        let found = failures.into_iter().map(|failure| Found {
            failure,
            step: "the catalog's own stacks".to_owned(),
            values: String::new(),
            environment: environment.to_owned(),
        });
        Report {
            found: found.collect(),
            ..Report::default()
        }
    }
}
