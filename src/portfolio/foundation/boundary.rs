//! The permissions boundary: the most that a role made by a product can do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use super::BoundaryStatement;
use crate::cfn::{Handle, Node, Sub, Template};
use crate::iam::{Condition, PolicyDocument, Statement};
use crate::resource::s3;
use std::collections::{BTreeMap, BTreeSet};

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
    });
    PolicyDocument::new(given.chain(keep))
}

/// The actions that roles of a template grant by their own policies, by the role's logical id.
pub(in crate::portfolio) fn granted(template: &Template) -> BTreeMap<String, BTreeSet<String>> {
    let roles = template
        .resources
        .iter()
        .filter(|(_, resource)| resource.kind == "AWS::IAM::Role");
    roles
        .map(|(id, role)| {
            let policies = role.properties.get("Policies").and_then(Node::as_list);
            let policies = policies.unwrap_or_default().iter();
            (id.clone(), policies.flat_map(allowed_actions).collect())
        })
        .collect()
}

/// Those of the granted actions that the boundary keeps from the roles, by the role's logical id. A
/// grant beyond the boundary has no effect.
pub(in crate::portfolio) fn beyond<'a>(
    statements: &[BoundaryStatement],
    granted: &'a BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let bounds = || statements.iter().flat_map(|statement| &statement.actions);
    let is_beyond = |action: &&str| !bounds().any(|bound| covers(bound, action));
    granted
        .iter()
        .map(|(id, actions)| {
            let beyond = actions.iter().map(String::as_str).filter(is_beyond);
            (id.as_str(), beyond.collect::<Vec<_>>())
        })
        .filter(|(_, beyond)| !beyond.is_empty())
        .collect()
}

fn allowed_actions(policy: &Node) -> Vec<String> {
    let statements = policy
        .get("PolicyDocument")
        .and_then(|document| document.get("Statement"));
    statements
        .and_then(Node::as_list)
        .unwrap_or_default()
        .iter()
        .filter(|statement| statement.get("Effect").and_then(Node::as_str) == Some("Allow"))
        .flat_map(|statement| match statement.get("Action") {
            Some(Node::List(actions)) => actions.iter().filter_map(Node::as_str).collect(),
            Some(one) => one.as_str().into_iter().collect(),
            None => Vec::new(),
        })
        .map(str::to_owned)
        .collect()
}

/// Whether an action of the boundary, which may end in `*`, covers another. IAM takes them in any case.
fn covers(bound: &str, action: &str) -> bool {
    let is = |start: &str, action: Option<&str>| {
        action.is_some_and(|action| action.eq_ignore_ascii_case(start))
    };
    match bound.strip_suffix('*') {
        Some(start) => is(start, action.get(..start.len())),
        None => is(bound, Some(action)),
    }
}
