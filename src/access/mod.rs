//! Who may do what: every role that somebody can get, asked what it may do with its own things, with
//! those of others, with the catalog's and with what has nothing to do with it; and every way from one
//! role to another.
//!
//! The account is the one of the rehearsals: the catalog's stacks stand in it, and products of two
//! people, versions from before this catalog among them. IAM decides, never a comparison of names.

mod ask;
mod cast;
mod matrix;
mod page;
mod question;
mod reason;
mod search;
mod stack;
mod trust;

pub use cast::{Cast, Class, Person, Who, Whose};
pub use matrix::{Answer, Matrix};
pub use page::{Accounts, page};
pub use question::{Edge, Gives, Question, Questions};
pub use reason::{AccessFile, Fault, PathReason, Reason, faults};
pub use search::{Path, Reached, Search, Step};
pub use stack::Owned;
