//! Exports of others: that they are there, hold what they should, and that the functions behind them
//! exist.

use super::{Blocker, Inspected, Inspection, Subject};
use crate::environment::ExportKind;
use crate::yaml::Location;
use std::collections::{BTreeMap, BTreeSet};

/// An export that templates import.
struct ExpectedRole<'a> {
    key: &'a str,
    name: String,
    holds: ExportKind,
    /// Where the environment's file names it.
    at: Option<Location>,
    /// A stack of the catalog makes it.
    is_own: bool,
}

fn wishes<'a>(inspection: &'a Inspection<'_>) -> Vec<ExpectedRole<'a>> {
    let declared = inspection.organization.exports.iter();
    declared
        .filter_map(|(key, export)| {
            let own = inspection.environment.exports.get(key);
            let name = own.map(|name| &name.value).or(export.name.as_ref())?;
            Some(ExpectedRole {
                key,
                name: inspection.plain(name),
                holds: export.holds,
                at: own.map(|name| name.at),
                is_own: inspection.own_exports.contains(name),
            })
        })
        .collect()
}

/// The ARNs of the functions that exports hold.
pub(super) fn functions(
    inspection: &Inspection<'_>,
    exports: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    wishes(inspection)
        .into_iter()
        .filter(|wish| wish.holds == ExportKind::FunctionArn)
        .filter_map(|wish| exports.get(&wish.name))
        .filter(|arn| holds(ExportKind::FunctionArn, arn))
        .cloned()
        .collect()
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    let Some(exports) = &found.exports else {
        return;
    };
    for wish in wishes(inspection) {
        let on = Subject::Export {
            key: wish.key.to_owned(),
            name: wish.name.clone(),
            at: wish.at,
        };
        match exports.get(&wish.name) {
            // Publishing makes it.
            None if wish.is_own => {}
            None => findings.push(Blocker {
                on,
                message: "no stack of the account exports it".to_owned(),
                hint: match crate::yaml::nearest(&wish.name, exports.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`? correct the environment file"),
                    None => "deploy the stack that exports it, or correct the environment file"
                        .to_owned(),
                },
            }),
            Some(value) if !holds(wish.holds, value) => findings.push(Blocker {
                on,
                message: format!("its value `{value}` is not {}", meaning(wish.holds)),
                hint: "correct the name in the environment file, or the stack that exports it"
                    .to_owned(),
            }),
            Some(arn) if found.functions.get(arn) == Some(&false) => findings.push(Blocker {
                on,
                message: format!("the function {arn} doesn't exist"),
                hint: "deploy the function again: stacks that use it fail when they are made, changed or ended"
                    .to_owned(),
            }),
            Some(_) => {}
        }
    }
}

fn holds(kind: ExportKind, value: &str) -> bool {
    let arn = |service: &str, rest: &str| {
        let parts: Vec<&str> = value.splitn(6, ':').collect();
        matches!(parts.as_slice(), ["arn", _, has, _, _, what] if *has == service && what.starts_with(rest))
    };
    match kind {
        ExportKind::VpcId => value.starts_with("vpc-"),
        ExportKind::SubnetId => value.starts_with("subnet-"),
        ExportKind::SecurityGroupId => value.starts_with("sg-"),
        ExportKind::FunctionArn => arn("lambda", "function:"),
        ExportKind::PolicyArn => arn("iam", "policy/"),
        ExportKind::RoleArn => arn("iam", "role/"),
        ExportKind::ListenerArn => arn("elasticloadbalancing", "listener/"),
        ExportKind::Url => value.starts_with("https://"),
    }
}

fn meaning(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::VpcId => "the id of a VPC",
        ExportKind::SubnetId => "the id of a subnet",
        ExportKind::SecurityGroupId => "the id of a security group",
        ExportKind::FunctionArn => "the ARN of a Lambda function",
        ExportKind::PolicyArn => "the ARN of a managed policy",
        ExportKind::RoleArn => "the ARN of a role",
        ExportKind::ListenerArn => "the ARN of a listener",
        ExportKind::Url => "an https URL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_held_against_their_kinds() {
        let function = "arn:aws:lambda:us-east-1:123456789012:function:tagger";
        assert!(holds(ExportKind::FunctionArn, function));
        assert!(!holds(ExportKind::PolicyArn, function));
        assert!(holds(
            ExportKind::PolicyArn,
            "arn:aws:iam::123456789012:policy/tag"
        ));
        assert!(!holds(ExportKind::SubnetId, "vpc-1"));
        assert!(!holds(ExportKind::FunctionArn, "arn:aws:lambda"));
    }
}
