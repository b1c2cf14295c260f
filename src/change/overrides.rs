//! Where AWS's documentation knows more about an update than AWS's schemas.
//!
//! The schemas tell what replaces and what may. When it does, what interrupts, and what leaves
//! running things as they are, only the documentation tells: one row a property, with its page.

use super::Effect;
use super::stack::Properties;
use crate::cfn::Node;
use std::collections::BTreeSet;

/// A row: what a change of a property does, as its page says.
#[derive(Debug)]
pub struct Override {
    /// The resource type.
    pub kind: &'static str,
    /// The property; what lies below it counts as well.
    pub path: &'static [&'static str],
    /// What decides.
    rule: Rule,
    /// What the page says, in a sentence.
    pub why: &'static str,
    /// The page.
    pub source: &'static str,
}

/// What decides about the effect.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// Nothing: it is always this.
    Always(Effect),
    /// The root device: a machine with an EBS root volume restarts, another one is replaced.
    EbsRoot,
    /// Which part of the block devices changed.
    BlockDevices,
    /// Whether the compute environment may be replaced.
    ReplaceComputeEnvironment,
    /// A new revision, but where the name or tags change.
    NewRevision,
    /// Whether the document takes new versions.
    DocumentUpdateMethod,
}

const INSTANCE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html";
const DEVICES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-instance-blockdevicemapping.html";
const GROUPS: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/changing-security-group.html";
const FARGATE: &str =
    "https://docs.aws.amazon.com/batch/latest/userguide/updating-compute-environments.html";
const COMPUTE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html";
const DOCUMENT: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html";
const JOB: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobdefinition.html";
const SECRET: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html";
const CUSTOM: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html";
const NESTED: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html";
const WAIT_HANDLE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html";

const RESTARTS: &str =
    "a machine with an EBS root volume stops and starts; one with an instance store is replaced";
const NETWORK: &str =
    "on Fargate updated as it is; on EC2 the machines are replaced, or with them the environment";
const MOVES: &str = "a machine moves between hosts with some interruptions";

macro_rules! row {
    ($kind:expr, $path:expr, $rule:expr, $why:expr, $source:expr) => {
        Override {
            kind: $kind,
            path: $path,
            rule: $rule,
            why: $why,
            source: $source,
        }
    };
}

static ROWS: &[Override] = &[
    row!(
        "AWS::EC2::Instance",
        &["InstanceType"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["EbsOptimized"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["KernelId"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["RamdiskId"],
        Rule::EbsRoot,
        RESTARTS,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["UserData"],
        Rule::EbsRoot,
        "a machine with an EBS root volume stops and starts, and doesn't run the new user data: it runs at the first boot only",
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["BlockDeviceMappings"],
        Rule::BlockDevices,
        "of a running machine's volumes only DeleteOnTermination changes in place; anything else replaces the machine",
        DEVICES
    ),
    // CloudFormation's page speaks of some interruptions here, as for every property that EC2
    // once couldn't change outside of a VPC; EC2's own guide is the more exact.
    row!(
        "AWS::EC2::Instance",
        &["SecurityGroupIds"],
        Rule::Always(Effect::InPlace),
        "a running machine changes its security groups, and goes on",
        GROUPS
    ),
    row!(
        "AWS::EC2::Instance",
        &["Affinity"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["HostId"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["Tenancy"],
        Rule::Always(Effect::Interrupted),
        MOVES,
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["PrivateDnsNameOptions"],
        Rule::Always(Effect::Interrupted),
        "a machine gets another host name with some interruptions",
        INSTANCE
    ),
    row!(
        "AWS::EC2::Instance",
        &["AdditionalInfo"],
        Rule::Always(Effect::Interrupted),
        "reserved by AWS; an update interrupts",
        INSTANCE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources"],
        Rule::ReplaceComputeEnvironment,
        "replaced unless ReplaceComputeEnvironment is false",
        COMPUTE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources", "SecurityGroupIds"],
        Rule::ReplaceComputeEnvironment,
        NETWORK,
        FARGATE
    ),
    row!(
        "AWS::Batch::ComputeEnvironment",
        &["ComputeResources", "Subnets"],
        Rule::ReplaceComputeEnvironment,
        NETWORK,
        FARGATE
    ),
    row!(
        "AWS::SSM::Document",
        &[],
        Rule::DocumentUpdateMethod,
        "replaced unless UpdateMethod is NewVersion",
        DOCUMENT
    ),
    row!(
        "AWS::Batch::JobDefinition",
        &[],
        Rule::NewRevision,
        "a new revision: jobs submitted from then on use it, those that run keep theirs",
        JOB
    ),
    row!(
        "AWS::SecretsManager::Secret",
        &["GenerateSecretString"],
        Rule::Always(Effect::InPlace),
        "a new version of the secret is made, with another value",
        SECRET
    ),
    row!(
        "AWS::SecretsManager::Secret",
        &["SecretString"],
        Rule::Always(Effect::InPlace),
        "a new version of the secret is made, with this value",
        SECRET
    ),
    row!(
        "AWS::CloudFormation::Stack",
        &["TemplateURL"],
        Rule::Always(Effect::Unknown),
        "another template inside: what that changes there isn't known here",
        NESTED
    ),
    row!(
        "AWS::CloudFormation::Stack",
        &["Parameters"],
        Rule::Always(Effect::Unknown),
        "other values inside: what they change there isn't known here",
        NESTED
    ),
    row!(
        "AWS::CloudFormation::WaitConditionHandle",
        &[],
        Rule::Always(Effect::NoEffect),
        "updates are not supported, and nothing is waited for again",
        WAIT_HANDLE
    ),
    row!(
        "AWS::CloudFormation::CustomResource",
        &["ServiceToken"],
        Rule::Always(Effect::Fails),
        "the service token of a custom resource can't change",
        CUSTOM
    ),
    row!(
        "AWS::CloudFormation::CustomResource",
        &[],
        Rule::Always(Effect::Unknown),
        "its function gets an Update request, and decides by the physical id it answers with whether it is replaced",
        CUSTOM
    ),
];

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
