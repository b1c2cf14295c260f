//! What has to be true of an account before the catalog can work in it.

use super::{Blocker, Desired, Observed, Ownership, ownership};
use crate::environment::{Environment, ExportKind, Organization};
use std::collections::BTreeMap;

/// The most products that Service Catalog takes in a region, unless AWS was asked for more.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const PRODUCTS_OF_A_REGION: usize = 350;

/// Everything that is wrong, sorted. `exports` are the account's, by name.
pub fn preflight(
    desired: &Desired,
    observed: &Observed,
    environment: &Environment,
    organization: &Organization,
    exports: &BTreeMap<String, String>,
) -> Vec<Blocker> {
    let mut findings = super::plan(desired, observed, super::Options::default()).blockers;
    // A local environment takes no launches.
    if !environment.local {
        for (key, export) in &organization.exports {
            let own = environment.exports.get(key).map(|name| &name.value);
            let Some(name) = own.or(export.name.as_ref()) else {
                continue;
            };
            let name = name
                .replace("${AWS::Region}", &desired.region)
                .replace("${AWS::AccountId}", desired.account.as_str());
            let on = format!("export {key} ({name})");
            match exports.get(&name) {
                None => findings.push(Blocker {
                    on,
                    message: "no stack of the account exports it".to_owned(),
                    hint: match crate::yaml::nearest(&name, exports.keys().map(String::as_str)) {
                        Some(near) => {
                            format!("did you mean `{near}`? correct the environment file")
                        }
                        None => "deploy the stack that exports it, or correct the environment file"
                            .to_owned(),
                    },
                }),
                Some(value) if !holds(export.holds, value) => findings.push(Blocker {
                    on,
                    message: format!("its value `{value}` is not {}", meaning(export.holds)),
                    hint: "correct the name in the environment file, or the stack that exports it"
                        .to_owned(),
                }),
                Some(_) => {}
            }
        }
    }
    let more = desired
        .products
        .iter()
        .filter(|product| ownership(desired, product, observed) == Ownership::Absent)
        .count();
    if observed.products.len() + more > PRODUCTS_OF_A_REGION {
        findings.push(Blocker {
            on: "quota of products".to_owned(),
            message: format!(
                "the account has {}, {more} are to come, and {PRODUCTS_OF_A_REGION} are the most",
                observed.products.len()
            ),
            hint: "ask AWS for a higher quota".to_owned(),
        });
    }
    findings.sort();
    findings.dedup();
    findings
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
