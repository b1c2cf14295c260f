//! Constraints of a portfolio beside what its stack declares.

use super::declared::of_type;
use super::{LivePortfolio, Restoration};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How a constraint is put back and what was found, or only what was found.
type Found = Result<(Restoration, String), String>;

/// The constraints of a portfolio that its stack hasn't made, by their ids.
pub(super) fn added(portfolio: &LivePortfolio) -> impl Iterator<Item = &String> {
    let own: BTreeSet<&String> = portfolio.declared_constraints.values().collect();
    let all = portfolio.constraints.keys();
    all.filter(move |id| !own.contains(id))
}

/// Tells every declared constraint that isn't as declared, with its logical id.
pub(super) fn constraints(
    template: &Value,
    portfolio: &LivePortfolio,
    value: impl Fn(&Value) -> Option<String>,
    mut tell: impl FnMut(Found, &str),
) {
    for (logical_id, id) in &portfolio.declared_constraints {
        if !portfolio.constraints.contains_key(id) {
            let what = format!("the constraint {logical_id} ({id}) was deleted");
            tell(Err(what), logical_id);
        }
    }
    for (logical_id, properties) in of_type(template, "LaunchRoleConstraint") {
        for name in ["RoleArn", "LocalRoleName"] {
            let Some(role) = value(&properties[name]) else {
                continue;
            };
            let Some((id, live)) = live(portfolio, logical_id) else {
                continue;
            };
            let is = live[name].as_str();
            if is != Some(role.as_str()) {
                let other = live["RoleArn"]
                    .as_str()
                    .or_else(|| live["LocalRoleName"].as_str());
                let how = Restoration::Constraint {
                    constraint: id.to_owned(),
                    parameters: json!({ name: role }).to_string(),
                };
                let what = format!(
                    "somebody has set the launch role of {logical_id} ({id}) to {}; it should be {role}",
                    other.unwrap_or("none")
                );
                tell(Ok((how, what)), logical_id);
            }
        }
    }
    for (logical_id, properties) in of_type(template, "ResourceUpdateConstraint") {
        let name = "TagUpdateOnProvisionedProduct";
        let (Some(should), Some((id, live))) =
            (value(&properties[name]), live(portfolio, logical_id))
        else {
            continue;
        };
        let is = live["Properties"][name]
            .as_str()
            .or_else(|| live[name].as_str());
        if is != Some(should.as_str()) {
            let how = Restoration::Constraint {
                constraint: id.to_owned(),
                parameters: json!({ "Version": "2.0", "Properties": { name: should } }).to_string(),
            };
            let what = format!(
                "somebody has set {name} of {logical_id} ({id}) to {}; it should be {should}",
                is.unwrap_or("nothing")
            );
            tell(Ok((how, what)), logical_id);
        }
    }
}

/// A constraint that its stack has made and that is there: its id, and what it says.
fn live<'a>(portfolio: &'a LivePortfolio, logical_id: &str) -> Option<(&'a str, Value)> {
    let id = portfolio.declared_constraints.get(logical_id)?;
    let text = portfolio.constraint_parameters.get(id)?;
    Some((id, serde_json::from_str(text).ok()?))
}
