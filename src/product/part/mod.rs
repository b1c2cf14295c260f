//! Building blocks that products share: each is used by two products or more.

pub mod bucket;
pub mod custom;
pub mod download_restriction;
