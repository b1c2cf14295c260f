//! The publisher: reads an account, plans with the core, carries the plan out, verifies.
//!
//! The only crate that names the AWS SDK. In reading order: [`Session`] is who publishes and where;
//! [`observe`] reads an account; the core's `publish` decides; `apply` carries steps out; `run` ties
//! them together under a lock, with a receipt.

mod call;
mod failure;
mod object_url;
mod pace;
mod read;
mod session;

pub use failure::{Exit, Failure};
pub use pace::Pace;
pub use read::{Hints, observe};
pub use session::{Destination, Session};
