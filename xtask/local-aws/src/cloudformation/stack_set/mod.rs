//! Stack sets: one template in many accounts and regions.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html>

pub(super) mod definition;
pub(super) mod instance;
mod lookup;
pub(super) mod operation;
