//! The publisher: reads an account, plans with the core, carries the plan out, verifies.
//!
//! The only crate that names the AWS SDK. In reading order: [`Session`] is who publishes and where;
//! [`observe`] reads an account; the core's `publish` decides; `apply` carries steps out; [`Publish`]
//! ties them together under a lock, with a receipt; `command` is the command line.

mod apply;
mod call;
mod command;
mod desire;
mod exit;
mod failure;
mod goal;
mod local;
mod lock;
mod object_url;
mod pace;
mod read;
mod receipt_file;
mod run;
mod session;
mod terminal;

pub use command::run as command;
pub use desire::Repository;
pub use exit::exit;
pub use failure::{Exit, Failure};
pub use goal::Goal;
pub use local::furnish;
pub use pace::Pace;
pub use read::{Hints, live, observe};
pub use run::{Approval, End, Publish};
pub use session::{Destination, Session};
pub use terminal::{Mark, Terminal};
