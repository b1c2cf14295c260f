//! What people can lose: the data that a resource holds, and what becomes of it.

use super::Effect;
use super::side::Properties;
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

/// The resource types that hold data: what they hold, and what CloudFormation does when it
/// deletes one.
const HOLDERS: [(&str, &str, &str); 11] = [
    (
        "AWS::S3::Bucket",
        "objects",
        "a bucket that holds objects can't be deleted: it stays behind, outside the stack",
    ),
    (
        "AWS::KMS::Key",
        "the key, and so all that it encrypts",
        "the key is deleted after its waiting period, and what it encrypts can't be read any more",
    ),
    (
        "AWS::SecretsManager::Secret",
        "the secret's value",
        "the secret is deleted",
    ),
    (
        "AWS::SSM::Parameter",
        "the parameter's value",
        "the parameter is deleted",
    ),
    (
        "AWS::Logs::LogGroup",
        "logs",
        "the log group is deleted with its logs",
    ),
    (
        "AWS::EC2::Volume",
        "files on the volume",
        "the volume is deleted",
    ),
    (
        "AWS::EFS::FileSystem",
        "files",
        "the file system is deleted",
    ),
    (
        "AWS::DynamoDB::Table",
        "the table's items",
        "the table is deleted",
    ),
    (
        "AWS::RDS::DBInstance",
        "the database",
        "the database is deleted",
    ),
    (
        "AWS::SQS::Queue",
        "messages",
        "the queue is deleted with its messages",
    ),
    (
        "AWS::ECR::Repository",
        "images",
        "a repository that holds images can't be deleted: it stays behind, outside the stack",
    ),
];

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
        Effect::Removed => matches!(
            old.deletion_policy,
            Some(
                DeletionPolicy::Retain
                    | DeletionPolicy::RetainExceptOnCreate
                    | DeletionPolicy::Snapshot
            )
        ),
        Effect::Replaced | Effect::Unknown => matches!(
            new.and_then(|new| new.update_replace_policy),
            Some(UpdateReplacePolicy::Retain | UpdateReplacePolicy::Snapshot)
        ),
        _ => return Vec::new(),
    };
    if old.kind == "AWS::EC2::Instance" {
        return vec![machine(old_properties, is_kept)];
    }
    HOLDERS
        .iter()
        .filter(|(kind, ..)| *kind == old.kind)
        .map(|(_, what, deleted)| {
            let stays = deleted.contains("stays behind");
            DataAtRisk {
                what: (*what).to_owned(),
                is_deleted: !is_kept && !stays,
                message: match is_kept {
                    true => "kept outside the stack; what takes its place starts empty".to_owned(),
                    false => (*deleted).to_owned(),
                },
            }
        })
        .collect()
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
    let last = path.last().map(String::as_str).unwrap_or_default();
    match (kind, path.first().map(String::as_str).unwrap_or_default()) {
        ("AWS::Logs::LogGroup", "RetentionInDays") => match (number(old), number(new)) {
            (Some(before), Some(after)) if after < before => {
                risk("logs", "logs older than the new retention are deleted")
            }
            (None, Some(_)) if old.is_none() => {
                risk("logs", "logs older than the retention are deleted")
            }
            _ => None,
        },
        ("AWS::S3::Bucket", "LifecycleConfiguration")
            if new.is_some() && expires(last, new) && !expires(last, old) =>
        {
            risk("objects", "a new lifecycle rule deletes objects")
        }
        ("AWS::KMS::Key", "Enabled")
            if new
                .and_then(Node::scalar_text)
                .is_some_and(|text| text == "false") =>
        {
            risk("what the key encrypts", "a disabled key decrypts nothing")
        }
        ("AWS::SecretsManager::Secret", "GenerateSecretString") => risk(
            "the secret's value",
            "another value takes its place; the old one stays as the previous version",
        ),
        _ => None,
    }
}

fn expires(key: &str, node: Option<&Node>) -> bool {
    const KEYS: [&str; 4] = [
        "Expiration",
        "ExpirationInDays",
        "ExpirationDate",
        "NoncurrentVersionExpiration",
    ];
    let is_set = |key: &str| KEYS.contains(&key);
    match node {
        None => false,
        Some(Node::Map(map)) => map.iter().any(|(key, value)| expires(key, Some(value))),
        Some(Node::List(items)) => items.iter().any(|item| expires("", Some(item))),
        Some(_) => is_set(key),
    }
}
