//! The core of compute-catalog. Pure: no AWS SDK, no network, no clock, no environment.

pub mod cfn;
pub mod resource;
pub mod yaml;
