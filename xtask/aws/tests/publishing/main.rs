//! Publishing, end to end: the unmodified SDK against a local AWS, with faults.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod adoption;
mod checkout;
mod faults;
mod fresh;
mod kill;
mod preflight;
mod promotion;
mod refusals;
mod retention;
mod rollback;
mod status;
mod upgrade;
mod world;
