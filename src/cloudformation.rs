//! The crate below the core: YAML, CloudFormation as values, and AWS's resource types.
//!
//! A crate of its own because the generated resource types are four fifths of its lines: an edit of
//! a rule, a plan or a page doesn't compile them again. In reading order: [`yaml`] reads and writes
//! files, [`cfn`] is CloudFormation as values, [`resource`] holds the generated resource types.
//! The core hands all three on under the same names.

pub mod cfn;
pub mod resource;
pub mod yaml;
