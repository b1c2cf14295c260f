//! What a launch role is compiled from, and the mistakes found in it.

use super::Usage;
use crate::cfn::Value;
use crate::portfolio::foundation::{LaunchRoleFile, ServiceAction};
use crate::yaml::{InputError, Location};

/// What a launch role is compiled from.
pub(super) struct RoleInput<'a> {
    /// What the templates use: of the product now, and of each version of ours that is still active.
    pub usage: &'a Usage,
    /// What the organisation knows.
    pub file: &'a LaunchRoleFile,
    /// Where that stands.
    pub path: &'a str,
    /// Actions that people start on the product.
    pub service_actions: Vec<&'a ServiceAction>,
    /// The tag by which people reach their machines: a launch can't set it.
    pub protected_tag: Option<&'a str>,
    /// The bucket that holds the catalog's templates, by ARN: no product changes it.
    pub template_bucket: Value<String>,
    /// The boundary, by ARN.
    pub boundary: Value<String>,
}

/// Mistakes found on the way.
pub(super) struct RoleErrors<'a> {
    input: &'a RoleInput<'a>,
    errors: Vec<InputError>,
}

impl<'a> RoleErrors<'a> {
    /// None yet.
    pub(super) fn of(input: &'a RoleInput<'a>) -> RoleErrors<'a> {
        RoleErrors {
            input,
            errors: Vec::new(),
        }
    }

    /// The mistakes, sorted.
    pub(super) fn into_errors(mut self) -> Vec<InputError> {
        self.errors.sort();
        self.errors
    }

    /// Notes a mistake that is mended at the product's place in the file, or at another.
    pub(super) fn add(&mut self, at: Option<Location>, message: &str, hint: &str) {
        let product = &self.input.file.product;
        self.errors.push(InputError {
            file: self.input.path.to_owned(),
            at: at.unwrap_or(product.at),
            message: format!("launch role of {}: {message}", product.value),
            hint: Some(hint.to_owned()),
        });
    }
}
