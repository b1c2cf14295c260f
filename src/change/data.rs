//! What people can lose: the data that a resource holds, and what becomes of it.

use super::Effect;
use super::holders::{EMPTY, HOLDERS};
use super::stack::Properties;
use crate::cfn::{DeletionPolicy, Node, Resource, UpdateReplacePolicy};
use serde::Serialize;

/// Data that an update puts at risk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataAtRisk {
    /// What it is: `files on the machine`.
    pub what: String,
    /// Whether the update deletes it. Otherwise it stays, outside the stack.
    pub is_deleted: bool,
    /// What becomes of it, in a sentence.
    pub message: String,
}

/// What removing or replacing a resource does to its data. `old` is as it stands in the stack,
/// `new` as the update wants it, if it does.
pub(super) fn at_risk(
    effect: Effect,
    old: &Resource,
    old_properties: &Properties<'_>,
    new: Option<&Resource>,
) -> Vec<DataAtRisk> {
    // CloudFormation removes by the policy that is in the stack, and replaces by the new one.
    let is_kept = match effect {
        Effect::Removed => match old.deletion_policy {
            Some(policy) => policy != DeletionPolicy::Delete,
            None => is_kept_by_default(old, old_properties),
        },
        Effect::Replaced | Effect::Unknown => matches!(
            new.and_then(|new| new.update_replace_policy),
            Some(UpdateReplacePolicy::Retain | UpdateReplacePolicy::Snapshot)
        ),
        _ => return Vec::new(),
    };
    let is_protected = is_protected(old, old_properties);
    let is_kept = is_kept || is_protected;
    // What only may be replaced says so.
    let told = |message: &str| match effect {
        Effect::Unknown => format!("if it is replaced, {message}"),
        _ => message.to_owned(),
    };
    if old.kind == "AWS::EC2::Instance" {
        let machine = machine(old_properties, is_kept);
        let message = told(&machine.message);
        return vec![DataAtRisk { message, ..machine }];
    }
    if old.kind == "AWS::CloudFormation::Stack" {
        let message = match effect {
            Effect::Unknown => "what changes inside isn't known here: it may be lost",
            _ if is_kept => "the stack inside stays, outside this one",
            _ => "the stack inside is deleted with all that it holds",
        };
        return vec![DataAtRisk {
            what: "what the stack inside holds".to_owned(),
            is_deleted: effect == Effect::Unknown || !is_kept,
            message: message.to_owned(),
        }];
    }
    let is_holder = HOLDERS.iter().any(|(kind, ..)| *kind == old.kind);
    // Of the types of which only the schema is kept, those that hold data stand among the holders.
    let is_known = EMPTY.contains(&old.kind.as_str())
        || resource_schemas::is_checked(&old.kind)
        || !is_unknown_type(&old.kind);
    if !is_holder && !is_known {
        return vec![DataAtRisk {
            what: "what it holds".to_owned(),
            is_deleted: !is_kept,
            message: "nothing is known here of this type: it may hold data".to_owned(),
        }];
    }
    HOLDERS
        .iter()
        .filter(|(kind, ..)| *kind == old.kind)
        .map(|(_, what, deleted)| {
            let stays = deleted.contains("stays behind");
            DataAtRisk {
                what: (*what).to_owned(),
                is_deleted: !is_kept && !stays,
                message: told(match is_kept {
                    true if is_protected => {
                        "it is protected against deletion: it stays behind, outside the stack"
                    }
                    true => "it is kept outside the stack; what takes its place starts empty",
                    false => deleted,
                }),
            }
        })
        .collect()
}

/// Whether nothing is known here of a type: it has no schema, and it is no custom resource, of which
/// the function behind it decides. What a macro of an organization's own makes of a type that AWS
/// doesn't have is such a resource as well; without a macro that is known, nothing is read of it.
pub(super) fn is_unknown_type(kind: &str) -> bool {
    let is_custom = kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource";
    let is_made = kind.starts_with("AWS::")
        && !kind.starts_with("AWS::Serverless::")
        && !resource_schemas::is_type(kind);
    !is_custom && !is_made && crate::resource::facts(kind).is_none()
}

/// Whether its service refuses to delete it, so that CloudFormation leaves it where it is. Another update may
/// lift that, this one doesn't: the old one stays as it was.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html>
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html>
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html>
fn is_protected(old: &Resource, properties: &Properties<'_>) -> bool {
    let switch = match old.kind.as_str() {
        "AWS::RDS::DBInstance"
        | "AWS::RDS::DBCluster"
        | "AWS::RDS::GlobalCluster"
        | "AWS::DocDB::DBCluster"
        | "AWS::Neptune::DBCluster"
        | "AWS::Cognito::UserPool" => "DeletionProtection",
        "AWS::DynamoDB::Table" => "DeletionProtectionEnabled",
        _ => return false,
    };
    let set = properties(switch).and_then(Node::scalar_text);
    set.is_some_and(|text| matches!(text.as_str(), "true" | "ACTIVE"))
}

/// Whether CloudFormation keeps a snapshot of what it removes where no policy says so: of a
/// database cluster, and of a database outside of a cluster. What it replaces goes without one.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
fn is_kept_by_default(old: &Resource, properties: &Properties<'_>) -> bool {
    match old.kind.as_str() {
        "AWS::RDS::DBCluster" => true,
        "AWS::RDS::DBInstance" => properties("DBClusterIdentifier").is_none(),
        _ => false,
    }
}

/// A machine's files. The root volume goes with the machine unless the template says otherwise;
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html>
fn machine(properties: &Properties<'_>, is_kept: bool) -> DataAtRisk {
    let devices = properties("BlockDeviceMappings").and_then(Node::as_list);
    let is_root = |device: &&Node| {
        let name = device.get("DeviceName").and_then(Node::as_str);
        name.is_some_and(|name| matches!(name, "/dev/xvda" | "/dev/sda1" | "/dev/xvda1"))
    };
    let stays = devices
        .into_iter()
        .flatten()
        .find(is_root)
        .and_then(|device| device.get("Ebs")?.get("DeleteOnTermination")?.scalar_text())
        .is_some_and(|text| text == "false");
    let message = match (is_kept, stays) {
        (true, _) => {
            "the old machine stays, outside the stack; the new one starts without its files"
        }
        (false, true) => {
            "the root volume stays, detached; the new machine starts without its files"
        }
        (false, false) => "the root volume is deleted with the machine",
    };
    DataAtRisk {
        what: "files on the machine".to_owned(),
        is_deleted: !is_kept && !stays,
        message: message.to_owned(),
    }
}

/// What a change in place does to data: a shorter retention deletes, a new expiry rule deletes, a
/// disabled key locks, another generated secret takes the old one's place.
pub(super) fn in_place(
    kind: &str,
    path: &[String],
    old: Option<&Node>,
    new: Option<&Node>,
) -> Option<DataAtRisk> {
    let number = |node: Option<&Node>| node?.scalar_text()?.parse::<f64>().ok();
    let risk = |what: &str, message: &str| {
        Some(DataAtRisk {
            what: what.to_owned(),
            is_deleted: true,
            message: message.to_owned(),
        })
    };
    match (kind, path.first().map(String::as_str).unwrap_or_default()) {
        ("AWS::Logs::LogGroup", "RetentionInDays") => match (number(old), number(new)) {
            (Some(before), Some(after)) if after < before => {
                risk("logs", "logs older than the new retention are deleted")
            }
            (None, Some(_)) if old.is_none() => {
                risk("logs", "logs older than the retention are deleted")
            }
            (Some(_), Some(_)) => None,
            // A value that isn't known may be a shorter one.
            _ if new.is_some() => risk(
                "logs",
                "logs older than the new retention are deleted, where it is shorter",
            ),
            _ => None,
        },
        ("AWS::KMS::Key", "Enabled")
            if new
                .and_then(Node::scalar_text)
                .is_some_and(|text| text == "false") =>
        {
            risk("what the key encrypts", "a disabled key decrypts nothing")
        }
        ("AWS::SQS::Queue", "MessageRetentionPeriod")
        | ("AWS::Kinesis::Stream", "RetentionPeriodHours")
        | ("AWS::RDS::DBInstance" | "AWS::RDS::DBCluster", "BackupRetentionPeriod")
            if is_cut(number(old), number(new)) =>
        {
            risk("what is older than the new period", "it is deleted")
        }
        ("AWS::DynamoDB::Table", "TimeToLiveSpecification")
            if new.is_some_and(|new| !is_off(new)) =>
        {
            risk("the table's items", "items whose time is over are deleted")
        }
        ("AWS::ECR::Repository", "LifecyclePolicy") if new.is_some() => {
            risk("images", "images that the new policy names are deleted")
        }
        ("AWS::ElastiCache::CacheCluster", "NumCacheNodes") if is_cut(number(old), number(new)) => {
            risk(
                "what it keeps in memory",
                "nodes are taken away, with what they keep",
            )
        }
        ("AWS::SecretsManager::Secret", "GenerateSecretString") => risk(
            "the secret's value",
            "another value takes its place; the old one stays as the previous version",
        ),
        _ => None,
    }
}

/// Whether a switch is off, or an object that has one called `Enabled`.
fn is_off(node: &Node) -> bool {
    let switch = node.get("Enabled").unwrap_or(node);
    switch.scalar_text().is_some_and(|text| text == "false")
}

/// Whether a number of days or hours becomes less; where one isn't known, it may.
fn is_cut(old: Option<f64>, new: Option<f64>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => new < old,
        _ => true,
    }
}
