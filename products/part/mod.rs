//! Building blocks that products share: each is used by two products or more.

pub mod boot;
pub mod bucket;
pub mod custom;
pub mod download_restriction;
pub mod image;
pub mod instance;
pub mod launch_values;
pub mod linux_machine;
pub mod machine_role;
pub mod session;
