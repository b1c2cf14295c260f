//! What the catalog stands on in each account: the bucket of templates, the permissions boundary,
//! the launch roles, the service actions, and the policies for machines' own parameters.

mod boundary;
mod bucket;
mod file;
mod stack;

pub use file::{
    BoundaryStatement, Foundation, Grant, LaunchRoleFile, ParameterPolicy, Removal, ServiceAction,
};
pub use stack::{CompiledRoles, FORMER_EXPORTS_PARAMETER, FoundationBuild, foundation_template};
