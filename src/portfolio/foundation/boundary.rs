//! The permissions boundary: the most that a role made by a product can do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use super::BoundaryStatement;
use crate::cfn::Sub;
use crate::iam::{Condition, PolicyDocument, Statement};

/// The boundary of these statements.
pub(super) fn document(statements: &[BoundaryStatement]) -> PolicyDocument {
    PolicyDocument::new(statements.iter().map(|given| {
        let statement = Statement::allow(given.sid.as_str()).actions(given.actions.iter().cloned());
        let statement = if given.resources.is_empty() {
            statement.on_any()
        } else {
            statement.on(given.resources.iter().map(|arn| Sub::new(arn.as_str())))
        };
        if given.passed_to.is_empty() {
            statement
        } else {
            let services = given.passed_to.iter().map(String::as_str);
            statement.when(Condition::string_equals("iam:PassedToService", services))
        }
    }))
}
