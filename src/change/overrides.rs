//! Where AWS's documentation knows more about an update than AWS's schemas.
//!
//! The schemas tell what replaces and what may. When it does, what interrupts, and what leaves
//! running things as they are, only the documentation tells: one row a property, with its page.

use super::Effect;
use super::documented::{Override, ROWS, Rule, Upgrades};
use super::stack::Properties;
use crate::cfn::Node;
use crate::cfn::normal::normal_text;
use std::collections::{BTreeMap, BTreeSet};

/// Every row.
pub fn overrides() -> &'static [Override] {
    ROWS
}

impl Override {
    /// What a change at `path` does; nothing where the row doesn't decide it. `policy` is the resource's
    /// `UpdatePolicy`.
    pub(super) fn effect(
        &self,
        path: &[String],
        old: &Properties<'_>,
        new: &Properties<'_>,
        policy: Option<&Node>,
    ) -> Option<Effect> {
        let first = path.first().map_or("", String::as_str);
        match self.rule {
            Rule::Always(effect) => Some(effect),
            Rule::EbsRoot => Some(match has_ebs_root(old) {
                true => Effect::Interrupted,
                false => Effect::Unknown,
            }),
            Rule::BlockDevices => Some(block_devices(path, old, new)),
            Rule::ReplaceComputeEnvironment => compute_environment(path, new),
            Rule::NewRevision => {
                let is_fixed = matches!(first, "JobDefinitionName" | "Tags");
                (!is_fixed).then_some(Effect::NotApplied)
            }
            Rule::DocumentUpdateMethod => {
                let is_versioned = new("UpdateMethod").and_then(Node::as_str) == Some("NewVersion");
                let replaces = [
                    "Attachments",
                    "Content",
                    "DocumentFormat",
                    "Requires",
                    "TargetType",
                    "VersionName",
                ];
                match (replaces.contains(&first), is_versioned) {
                    (false, _) => None,
                    (true, true) => Some(Effect::InPlace),
                    (true, false) => Some(Effect::Replaced),
                }
            }
            Rule::GrowsOnly(larger) => {
                let size = |properties: &Properties<'_>| -> Option<f64> {
                    self.value(properties)?.scalar_text()?.parse().ok()
                };
                Some(match (size(old), size(new)) {
                    (Some(before), Some(after)) if after < before => Effect::Fails,
                    (Some(_), Some(_)) => larger,
                    // Only one template says it, or not before launch.
                    _ => Effect::Unknown,
                })
            }
            Rule::UpgradesOnly(asked) => {
                let version = |properties: &Properties<'_>| numbers(self.value(properties)?);
                upgrade(asked, version(old)?, version(new)?, new)
            }
            Rule::AddsOnly => Some(additions(self.value(old), self.value(new))),
            Rule::NodeType => {
                let engine = new("Engine").and_then(Node::as_str);
                (engine == Some("memcached")).then_some(Effect::Fails)
            }
            Rule::OneIndexAtATime => Some(indexes(old, new)),
            Rule::UnlessPolicy(name) => {
                let switch = policy.and_then(|policy| policy.get(name));
                Some(match switch.map(Node::scalar_text) {
                    None => Effect::Replaced,
                    Some(Some(text)) if text == "false" => Effect::Replaced,
                    Some(Some(text)) if text == "true" => Effect::InPlace,
                    // A function of what only the account knows.
                    Some(_) => Effect::Unknown,
                })
            }
            Rule::GroupPolicy => Some(group(first, policy)),
            Rule::GroupRules => {
                let rules = |properties: &Properties<'_>| -> Option<Vec<String>> {
                    let rules = properties(first)?.as_list()?;
                    Some(rules.iter().map(normal_text).collect())
                };
                // A group without egress rules has the two that EC2 gives it.
                Some(match (rules(old), rules(new)) {
                    (Some(old), Some(new)) if old.iter().all(|rule| new.contains(rule)) => {
                        Effect::InPlace
                    }
                    (None, Some(_)) if first == "SecurityGroupIngress" => Effect::InPlace,
                    _ => Effect::Interrupted,
                })
            }
        }
    }

    /// What the property that the row speaks of is.
    fn value<'n>(&self, properties: &Properties<'n>) -> Option<&'n Node> {
        let (first, rest) = self.path.split_first()?;
        let mut node = properties(first)?;
        for name in rest {
            node = node.get(name)?;
        }
        Some(node)
    }
}

/// The numbers at the start of a version: `8.0.mysql_aurora.3.04` is 8 and 0.
fn numbers(version: &Node) -> Option<Vec<u32>> {
    let text = version.scalar_text()?;
    let numbers: Vec<u32> = text
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// What another version does; nothing where it is an upgrade, of which other sources tell more.
fn upgrade(
    asked: Upgrades,
    before: Vec<u32>,
    after: Vec<u32>,
    new: &Properties<'_>,
) -> Option<Effect> {
    // What the shorter one leaves open isn't less.
    let common = before.len().min(after.len());
    let is_older = after.get(..common)? < before.get(..common)?;
    let engine = new("Engine").and_then(Node::as_str).unwrap_or_default();
    // PostgreSQL's major version is one number since 10, that of the others two.
    let parts = match engine.contains("postgres") && after.first().is_some_and(|one| *one >= 10) {
        true => 1,
        false => 2,
    };
    let major = |version: &[u32]| version.iter().take(parts).copied().collect::<Vec<u32>>();
    let is_major = common >= parts && major(&before) != major(&after);
    let allows = new("AllowMajorVersionUpgrade").map(Node::scalar_text);
    match asked {
        _ if is_older => Some(Effect::Fails),
        Upgrades::MajorWhereAllowed if is_major => match allows {
            None => Some(Effect::Fails),
            Some(Some(text)) if text == "false" => Some(Effect::Fails),
            Some(Some(_)) => None,
            Some(None) => Some(Effect::Unknown),
        },
        Upgrades::ByOneMinor => {
            let step = |version: &[u32]| Some((*version.first()?, *version.get(1)?));
            let (from, to) = (step(&before)?, step(&after)?);
            (from.0 != to.0 || to.1 > from.1 + 1).then_some(Effect::Fails)
        }
        _ => None,
    }
}

/// What becomes of a list of named things to which some can only be added.
fn additions(old: Option<&Node>, new: Option<&Node>) -> Effect {
    let (Some(old), Some(new)) = (
        old.map_or(Some(&[][..]), Node::as_list),
        new.map_or(Some(&[][..]), Node::as_list),
    ) else {
        return Effect::Unknown;
    };
    let new: Vec<String> = new.iter().map(normal_text).collect();
    match old.iter().all(|one| new.contains(&normal_text(one))) {
        true => Effect::InPlace,
        false => Effect::Fails,
    }
}

/// The row for a property, the longest path first. Custom resources of any name are one kind.
pub(super) fn row(kind: &str, path: &[String]) -> Option<&'static Override> {
    let kind = match kind.starts_with("Custom::") {
        true => "AWS::CloudFormation::CustomResource",
        false => kind,
    };
    ROWS.iter()
        .filter(|row| row.kind == kind)
        .filter(|row| {
            let named = row.path.iter().zip(path);
            row.path.len() <= path.len() && named.clone().all(|(one, other)| one == other)
        })
        .max_by_key(|row| row.path.len())
}

/// Whether the root volume is an EBS volume: one is mapped, or the type has no other kind.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/RootDeviceStorage.html>
fn has_ebs_root(properties: &Properties<'_>) -> bool {
    /// Families that can start from an instance store.
    const STORE_FAMILIES: [&str; 9] = ["c1", "c3", "d2", "i2", "m1", "m2", "m3", "r3", "x1"];
    let devices = properties("BlockDeviceMappings").and_then(Node::as_list);
    let is_mapped = devices
        .into_iter()
        .flatten()
        .any(|device| device.get("Ebs").is_some());
    let family = properties("InstanceType")
        .and_then(Node::as_str)
        .and_then(|name| name.split('.').next());
    is_mapped || family.is_some_and(|family| !STORE_FAMILIES.contains(&family))
}

fn block_devices(path: &[String], old: &Properties<'_>, new: &Properties<'_>) -> Effect {
    if path
        .last()
        .is_some_and(|name| name == "DeleteOnTermination")
    {
        return Effect::InPlace;
    }
    let sizes = |properties: &Properties<'_>| -> BTreeSet<String> {
        let devices = properties("BlockDeviceMappings").and_then(Node::as_list);
        let mut devices: Vec<Node> = devices.unwrap_or_default().to_vec();
        for device in &mut devices {
            if let Node::Map(device) = device
                && let Some(Node::Map(volume)) = device.get_mut("Ebs")
            {
                volume.shift_remove("DeleteOnTermination");
            }
        }
        devices.iter().map(normal_text).collect()
    };
    match sizes(old) == sizes(new) && !sizes(new).is_empty() {
        true => Effect::InPlace,
        false => Effect::Replaced,
    }
}

/// What becomes of a group whose machines are to be others, by its `UpdatePolicy`.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html>
fn group(property: &str, policy: Option<&Node>) -> Effect {
    let part = |name: &str| policy.and_then(|policy| policy.get(name));
    let replacing = part("AutoScalingReplacingUpdate").and_then(|update| update.get("WillReplace"));
    let will_replace = replacing.map(Node::scalar_text);
    let is_of_machines = matches!(
        property,
        "LaunchConfigurationName" | "LaunchTemplate" | "MixedInstancesPolicy"
    );
    match will_replace {
        Some(Some(text)) if text == "true" => Effect::Replaced,
        Some(None) => Effect::Unknown,
        _ if part("AutoScalingRollingUpdate").is_some() => Effect::Unknown,
        // Machines that run stay as they are, until the group makes new ones.
        _ if is_of_machines => Effect::NotApplied,
        _ => Effect::Unknown,
    }
}

/// What other global secondary indexes do to a table. What isn't known before a launch may be refused.
fn indexes(old: &Properties<'_>, new: &Properties<'_>) -> Effect {
    /// What can change of an index that stays.
    const CHANGEABLE: [&str; 4] = [
        "ContributorInsightsSpecification",
        "OnDemandThroughput",
        "ProvisionedThroughput",
        "WarmThroughput",
    ];
    let by_name = |properties: &Properties<'_>| -> Option<BTreeMap<String, Node>> {
        let Some(indexes) = properties("GlobalSecondaryIndexes") else {
            return Some(BTreeMap::new());
        };
        let indexes = indexes.as_list()?.iter().map(|index| {
            let name = index.get("IndexName")?.as_str()?.to_owned();
            let Node::Map(mut kept) = index.clone() else {
                return None;
            };
            kept.retain(|key, _| !CHANGEABLE.contains(&key.as_str()));
            Some((name, Node::Map(kept)))
        });
        indexes.collect()
    };
    let (Some(old), Some(new)) = (by_name(old), by_name(new)) else {
        return Effect::Unknown;
    };
    let removed = old.keys().filter(|name| !new.contains_key(*name)).count();
    let added = new.keys().filter(|name| !old.contains_key(*name)).count();
    let is_other = |(name, index): (&String, &Node)| {
        old.get(name)
            .is_some_and(|former| normal_text(former) != normal_text(index))
    };
    match added + removed > 1 || new.iter().any(is_other) {
        true => Effect::Fails,
        false => Effect::InPlace,
    }
}

/// The properties of compute resources that only new machines get.
const NEW_MACHINES: [&str; 14] = [
    "AllocationStrategy",
    "BidPercentage",
    "Ec2Configuration",
    "Ec2KeyPair",
    "ImageId",
    "InstanceRole",
    "InstanceTypes",
    "LaunchTemplate",
    "PlacementGroup",
    "ScalingPolicy",
    "SecurityGroupIds",
    "Subnets",
    "Tags",
    "Type",
];

fn compute_environment(path: &[String], new: &Properties<'_>) -> Option<Effect> {
    let name = path.get(1)?;
    let resources = new("ComputeResources");
    let kind = resources.and_then(|resources| resources.get("Type"));
    let is_fargate = kind
        .and_then(Node::as_str)
        .is_some_and(|kind| kind.starts_with("FARGATE"));
    if !NEW_MACHINES.contains(&name.as_str()) {
        return None;
    }
    let keeps = new("ReplaceComputeEnvironment")
        .and_then(Node::scalar_text)
        .is_some_and(|text| text == "false");
    Some(match (is_fargate, keeps) {
        // Of an environment on Fargate only its network and size can be updated.
        (true, _) if name == "SecurityGroupIds" || name == "Subnets" => Effect::InPlace,
        (true, true) => Effect::Fails,
        (false, true) => Effect::Interrupted,
        (_, false) => Effect::Replaced,
    })
}
