//! What the accounts need with which a portfolio is shared: the launch roles that its constraints
//! call by name.
//!
//! A launch constraint of a shared portfolio names a role of the account that launches; CloudFormation
//! makes it there, by a StackSet.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing_how-to-share.html>

mod file;
mod stack;

pub use file::{Administrator, Recipients};
pub(super) use stack::recipient_template;
