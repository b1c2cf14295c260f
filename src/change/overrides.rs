//! Where AWS's documentation knows more about an update than AWS's schemas.
//!
//! The schemas tell what replaces and what may. When it does, what interrupts, and what leaves
//! running things as they are, only the documentation tells: one row a property, with its page.

use super::Effect;
use super::documented::{Override, ROWS, Rule};
use super::stack::Properties;
use crate::cfn::Node;
use std::collections::BTreeSet;

/// Every row.
pub fn overrides() -> &'static [Override] {
    ROWS
}

impl Override {
    /// What a change at `path` does; nothing where the row doesn't decide it.
    pub(super) fn effect(
        &self,
        path: &[String],
        old: &Properties<'_>,
        new: &Properties<'_>,
    ) -> Option<Effect> {
        match self.rule {
            Rule::Always(effect) => Some(effect),
            Rule::EbsRoot => Some(match has_ebs_root(old) {
                true => Effect::Interrupted,
                false => Effect::Unknown,
            }),
            Rule::BlockDevices => Some(block_devices(path, old, new)),
            Rule::ReplaceComputeEnvironment => compute_environment(path, new),
            Rule::NewRevision => {
                let is_fixed = path
                    .first()
                    .is_some_and(|name| matches!(name.as_str(), "JobDefinitionName" | "Tags"));
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
                let is_concerned = path
                    .first()
                    .is_some_and(|name| replaces.contains(&name.as_str()));
                match (is_concerned, is_versioned) {
                    (false, _) => None,
                    (true, true) => Some(Effect::InPlace),
                    (true, false) => Some(Effect::Replaced),
                }
            }
        }
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
        devices
            .iter()
            .map(|device| crate::cfn::normal::normal(device).to_json().to_string())
            .collect()
    };
    match sizes(old) == sizes(new) && !sizes(new).is_empty() {
        true => Effect::InPlace,
        false => Effect::Replaced,
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
