//! The core of compute-catalog. Pure: no AWS SDK, no network, no clock, no environment.

pub mod cfn;
pub mod environment;
pub mod product;
pub mod publish;
pub mod release;
pub mod yaml;
