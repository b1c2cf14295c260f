//! Stacks, by change sets.

use super::wait::Look;
use super::{Apply, StepError};
use crate::call::Named;
use crate::failure::Failure;
use crate::read::stacks;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Capability, ChangeAction, ChangeSetStatus, ChangeSetType, Parameter, Replacement, Tag,
};
use compute_catalog::publish::{PRODUCT_TAG, Reference, Stack};
use std::collections::BTreeMap;

/// The largest template that a call can hold, in bytes.
const INLINE: usize = 51_200;

/// Types whose replacement takes with it what hangs on them.
const PILLARS: [&str; 3] = [
    "AWS::ServiceCatalog::Portfolio",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
];
