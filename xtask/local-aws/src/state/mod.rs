//! Everything that the server remembers, as one value: services read it, change
//! a copy of it, and the store swaps the copy in when the call succeeded. What
//! each service remembers stands below the services; none of it knows them.

mod account;
pub(crate) mod catalog;
pub(crate) mod cloudformation;
pub(crate) mod iam;
pub(crate) mod s3;
pub(crate) mod tag;
pub(crate) mod thing;

pub(crate) use account::{Account, Region, State};
