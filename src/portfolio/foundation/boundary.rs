//! The permissions boundary: the most that a role made by a product can do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use super::BoundaryStatement;
use crate::cfn::{Handle, Sub, Value, import_value};
use crate::iam::{Condition, PolicyDocument, Statement};
use crate::product::{Key, role_path};
use crate::resource::s3;
use std::collections::BTreeSet;

/// The boundary of these statements. It keeps the bucket of templates from every role, whatever the
/// statements say: what launches read there is reviewed.
pub(super) fn document(
    statements: &[BoundaryStatement],
    templates: &Handle<s3::Bucket>,
) -> PolicyDocument {
    let on_buckets: BTreeSet<&str> = statements
        .iter()
        .flat_map(|statement| &statement.actions)
        .map(String::as_str)
        .filter(|action| action.to_ascii_lowercase().starts_with("s3:"))
        .collect();
    let objects = Sub::new("${bucket}/*").with("bucket", templates.arn());
    let keep = (!on_buckets.is_empty()).then(|| {
        Statement::deny("KeepTemplates")
            .actions(on_buckets)
            .on([templates.arn(), objects.into()])
    });
    let given = statements.iter().map(|given| {
        let statement = Statement::allow(given.sid.as_str()).actions(given.actions.iter().cloned());
        let named = given
            .resources
            .iter()
            .map(|arn| Value::from(Sub::new(arn.as_str())));
        let imported = given.imports.iter();
        let imported = imported.map(|name| import_value(Sub::new(name.as_str())));
        let mut resources = named.chain(imported).peekable();
        let mut statement = match resources.peek() {
            None => statement.on_any(),
            Some(_) => statement.on(resources),
        };
        if !given.passed_to.is_empty() {
            let services = given.passed_to.iter().map(|one| one.value.as_str());
            statement = statement.when(Condition::string_equals("iam:PassedToService", services));
        }
        if !given.roles_of.is_empty() {
            let roles = given
                .roles_of
                .iter()
                .map(|product| Sub::new(role_pattern(product)));
            statement = statement.when(Condition::arn_like("aws:PrincipalArn", roles));
        }
        statement
    });
    PolicyDocument::new(given.chain(keep))
}

/// The roles that a product makes, by ARN.
pub(in crate::portfolio) fn role_pattern(product: &Key) -> String {
    let path = role_path(product);
    format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role{path}*")
}
