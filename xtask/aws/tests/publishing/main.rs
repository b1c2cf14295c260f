//! Publishing, end to end: the unmodified SDK against a local AWS, with faults.

mod faults;
mod fresh;
mod kill;
mod refusals;
mod upgrade;
mod world;
