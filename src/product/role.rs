//! Roles that products make: under the product's path, within the permissions boundary.
//!
//! Launch roles may make no others. The path says whose a role is; the boundary, which the
//! foundation stack exports, is the most that the role can do.

use super::Key;
use crate::cfn::Value;
use crate::iam::PolicyDocument;
use crate::resource::iam;

/// The key of the export that holds the boundary's ARN.
pub const BOUNDARY_EXPORT: &str = "PermissionsBoundary";

/// The path of a product's roles.
pub fn role_path(product: &Key) -> String {
    format!("/service-catalog/{product}/")
}

/// A role of the product that these services or principals assume.
pub fn product_role(
    product: &Key,
    boundary: impl Into<Value<String>>,
    trust: PolicyDocument,
) -> iam::Role {
    iam::Role::new(trust)
        .path(role_path(product))
        .permissions_boundary(boundary)
}
