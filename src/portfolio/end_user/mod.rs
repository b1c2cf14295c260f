//! End users: the roles that people take, and what these may do.
//!
//! A stack of its own: the ids of these roles stand in tags of running products, so that the stack
//! is updated in place and never made anew.

mod ability;
mod file;
mod stack;

pub use file::{Ability, EndUserPolicy, EndUserRole, EndUsers, Sessions};
pub use stack::{LOGIN_ROLE_PARAMETER, end_user_template};
