//! What the permissions boundary keeps from the roles of products, decided as IAM decides.

use super::{RoleCall, SAMPLE, imported, sampled};
use crate::cfn::{Map, Node};
use crate::iam::{self, Decision, Policy, PolicyError, Request, decide};
use crate::portfolio::foundation::{BoundaryStatement, role_pattern};
use std::collections::BTreeSet;

/// Those of the calls that the boundary keeps from their roles: a grant beyond the boundary has no
/// effect.
///
/// # Errors
/// A boundary that can't be decided by.
pub(crate) fn beyond<'a>(
    statements: &[BoundaryStatement],
    calls: &'a BTreeSet<RoleCall>,
) -> Result<Vec<&'a RoleCall>, PolicyError> {
    let services: BTreeSet<&str> = calls.iter().map(|call| service_of(&call.action)).collect();
    let policy = [policy(statements, &services)?];
    let is_allowed = |call: &RoleCall, resource: &str| {
        let request = Request::new(&call.action, resource).with("aws:PrincipalArn", &call.role_arn);
        let context = call.context.iter();
        let request = context.fold(request, |request, (key, value)| request.with(key, value));
        decide(&policy, &request) == Decision::Allowed
    };
    let is_beyond = |call: &&RoleCall| {
        if call.resource != "*" {
            return !is_allowed(call, &call.resource.replace('*', SAMPLE));
        }
        // A grant on any resource is for those that the boundary names, of which there must be one.
        let takes_resource = iam::actions().takes_resource(&call.action) != Some(false);
        let mut resources = statements.iter().flat_map(|statement| {
            let named = statement.resources.iter();
            named.map(|arn| sampled(arn).replace('*', SAMPLE))
        });
        let on_any = is_allowed(call, "*");
        !(on_any || takes_resource && resources.any(|resource| is_allowed(call, &resource)))
    };
    Ok(calls.iter().filter(is_beyond).collect())
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or_default()
}

/// The boundary as IAM reads it, in the account of the samples. What an import holds depends on the
/// service that asks.
fn policy(
    statements: &[BoundaryStatement],
    services: &BTreeSet<&str>,
) -> Result<Policy, PolicyError> {
    let texts = |texts: Vec<String>| Node::List(texts.into_iter().map(Node::from).collect());
    let statement = |given: &BoundaryStatement| {
        let mut resources: Vec<String> = given.resources.iter().map(|arn| sampled(arn)).collect();
        for import in &given.imports {
            let of = |service: &&str| imported(service, import);
            resources.extend(services.iter().map(of));
        }
        if resources.is_empty() {
            resources.push("*".to_owned());
        }
        let mut condition = Map::default();
        let mut when = |operator: &str, key: &str, values: Vec<String>| {
            let keys = Map::from_iter([(key.to_owned(), texts(values))]);
            condition.insert(operator.to_owned(), Node::Map(keys));
        };
        if !given.passed_to.is_empty() {
            when(
                "StringEquals",
                "iam:PassedToService",
                given
                    .passed_to
                    .iter()
                    .map(|one| one.value.clone())
                    .collect(),
            );
        }
        if !given.roles_of.is_empty() {
            let roles = given.roles_of.iter();
            let roles = roles.map(|product| sampled(&role_pattern(product)));
            when("ArnLike", "aws:PrincipalArn", roles.collect());
        }
        Node::Map(Map::from_iter([
            ("Effect".to_owned(), "Allow".into()),
            ("Action".to_owned(), texts(given.actions.clone())),
            ("Resource".to_owned(), texts(resources)),
            ("Condition".to_owned(), Node::Map(condition)),
        ]))
    };
    let statements = statements.iter().map(statement).collect();
    let document = Map::from_iter([("Statement".to_owned(), Node::List(statements))]);
    Policy::read(&Node::Map(document))
}
