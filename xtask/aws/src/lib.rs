//! The publisher: reads an account, plans with the core, carries the plan out, verifies.
//!
//! The only crate that names the AWS SDK. In reading order: [`Session`] is who publishes and where;
//! [`observe`] reads an account; the core's `publish` decides; `apply` carries steps out; [`Publish`]
//! ties them together under a lock, with a receipt; `command` is the command line.

mod apply;
mod call;
mod clock;
mod command;
mod command_error;
mod destination;
mod ec2;
mod exit;
mod held_file;
mod iam;
mod lambda;
mod local;
mod lock;
mod object_url;
mod pace;
mod pricing;
mod read;
mod receipt_file;
mod registry;
mod repository;
mod run;
mod session;
mod signed;
mod silence;
mod terminal;

pub use command::{fleets, run as command};
pub use command_error::{CommandError, Exit};
pub use exit::{exit, main};
pub use local::seed_local;
pub use pace::Pace;
pub use read::{Hints, Usage, live, observe};
pub use repository::Repository;
pub use run::{Approval, End, Publish};
pub use session::{Destination, Session};
pub use terminal::{Mark, Terminal};
