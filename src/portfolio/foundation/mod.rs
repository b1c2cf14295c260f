//! What the catalog stands on in each account: the bucket of templates, the permissions boundary,
//! the service actions, and the policies for machines' own parameters.
//!
//! The stack makes the bucket that larger templates are read from, so that its own template must
//! fit into a request: the launch roles stand in stacks of their own.

mod boundary;
mod bucket;
mod file;
mod stack;

pub(in crate::portfolio) use boundary::role_pattern;
pub use bucket::TEMPLATE_BUCKET;
pub use file::{
    BoundaryStatement, ExternalEngine, Foundation, FunctionOf, Grant, LaunchRoleFile,
    LegacyFunction, LegacyMacro, LegacyType, ParameterPolicy, Removal, ServiceAction,
};
pub(crate) use stack::legacy_exports;
pub use stack::{LEGACY_EXPORTS_PARAMETER, foundation_template};
