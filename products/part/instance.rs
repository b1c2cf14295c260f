//! A machine: an EC2 instance in the account's private network, its logs and its tags.
//!
//! What replaces an instance (image, subnet, key pair, the block device's properties) is kept to
//! what published versions have: an update takes a machine over as it stands.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html>

use super::boot::Booted;
use super::custom::SynapseTagger;
use super::launch_values::LaunchValues;
use super::machine_role::MachineRole;
use compute_catalog::cfn::{
    Builder, CreationPolicy, DeletionPolicy, Handle, Number, ParameterHandle, Sub,
    UpdateReplacePolicy, Value, pseudo,
};
use compute_catalog::resource::{ec2, logs};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The settings of a machine.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MachineSettings {
    /// The network of the VPN, from which every port is open.
    #[schemars(extend("patternErrorMessage" = "is no network, such as `10.50.0.0/16`"), regex(
        pattern = "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$"
    ))]
    pub vpn_cidr: String,
    /// The key pair. Nobody needs it: it stays because EC2 replaces an instance without it, and
    /// goes with the next image.
    #[serde(default)]
    #[schemars(length(min = 1, max = 255))]
    pub key_name: Option<String>,
    /// Tags that patching and maintenance go by; the machine has ten more at most.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions>
    #[schemars(extend(
        "maxProperties" = 40,
        "propertyNames" = {
            "pattern": "^[A-Za-z0-9 _.:/=+@-]{1,128}$",
            "not": { "pattern": "^([Aa][Ww][Ss]:|Name$)" },
            "patternErrorMessage": "is no key of a tag here: 1 to 128 letters, digits, blanks and `_.:/=+@-`; what begins with `aws:` is AWS's, and `Name` is what every machine has",
        },
        "additionalProperties" = {
            "type": "string",
            "pattern": "^[A-Za-z0-9 _.:/=+@-]{0,256}$",
            "patternErrorMessage": "is no value of a tag: at most 256 letters, digits, blanks and `_.:/=+@-`",
        },
    ))]
    pub tags: IndexMap<String, String>,
    /// How long the first boot may take, in minutes, before the launch counts as failed.
    #[schemars(range(min = 10, max = 120))]
    pub boot_minutes: u32,
}

/// The settings of a machine's logs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LogSettings {
    /// For how many days a line is kept; one of the numbers that CloudWatch Logs takes.
    #[schemars(extend("enum" = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]))]
    pub retention_days: u32,
}

/// The account's network.
pub struct Network {
    /// The VPC.
    pub vpc_id: Value<String>,
    /// The private subnet.
    pub subnet: Value<String>,
    /// The account's security group for the VPN.
    pub vpn_security_group: Value<String>,
}

/// How many network hops a machine's metadata may go. A container on a bridge network is one
/// hop further away than the machine itself.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataReach {
    /// The machine alone.
    Machine,
    /// The machine and its containers.
    Containers,
}

/// What the log group of a machine is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogGroupName {
    /// `/aws/ec2/system/STACK`, where stacks of published versions have it: another name would be
    /// another group.
    System,
    /// A name that CloudFormation makes from the stack's, new with each group. An update that adds
    /// the group can fail and be tried again, although the first group is kept.
    Generated,
}

/// Declares `SystemLogGroup`. It outlives the stack, so that what a machine wrote can be read after it
/// is gone; its lines go after the retention, and the empty group costs nothing. Where its name is
/// fixed, a group whose creation is rolled back goes: the next try of the update would meet its name.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
pub fn log_group(
    builder: &mut Builder,
    settings: &LogSettings,
    name: LogGroupName,
) -> Handle<logs::LogGroup> {
    let mut group = logs::LogGroup::new();
    let mut kept = DeletionPolicy::Retain;
    if name == LogGroupName::System {
        group = group.log_group_name(Sub::new("/aws/ec2/system/${AWS::StackName}"));
        kept = DeletionPolicy::RetainExceptOnCreate;
    }
    builder.resource(
        "SystemLogGroup",
        group
            .retention_in_days(settings.retention_days)
            .deletion_policy(kept)
            .update_replace_policy(UpdateReplacePolicy::Retain),
    )
}

/// Whether the rule for every port says so with the ports -1. An update that changes how the same rule
/// is written was seen to leave a group without any: CloudFormation takes the new one for a duplicate,
/// and then revokes the old one. So each product writes it as its earlier versions did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EveryPort {
    /// `FromPort: -1`, `ToPort: -1`.
    Spelt,
    /// No ports.
    LeftOut,
}

/// Declares `TgwHubSecurityGroup`: every port, from the VPN.
pub fn vpn_security_group(
    builder: &mut Builder,
    network: &Network,
    settings: &MachineSettings,
    every_port: EveryPort,
) -> Handle<ec2::SecurityGroup> {
    let rule = ec2::Ingress::new("-1").cidr_ip(&settings.vpn_cidr);
    let rule = match every_port {
        EveryPort::Spelt => rule.from_port(-1i64).to_port(-1i64),
        EveryPort::LeftOut => rule,
    };
    builder.resource(
        "TgwHubSecurityGroup",
        // A group's description can't be changed: another one would be another group.
        ec2::SecurityGroup::new("Allow network access from TGW Hub")
            .vpc_id(&network.vpc_id)
            .security_group_ingress([rule]),
    )
}

/// A machine on its way into a template.
pub struct Machine<'a> {
    /// The logical id of its instance.
    pub logical_id: &'a str,
    /// Its settings.
    pub settings: &'a MachineSettings,
    /// Its launch values.
    pub launch: &'a LaunchValues<'a>,
    /// The parameter of its type.
    pub instance_type: &'a ParameterHandle<String>,
    /// The parameter of its root volume's size.
    pub volume_size: &'a ParameterHandle<Number>,
    /// Where it stands.
    pub network: &'a Network,
    /// Its own security groups, beside the account's.
    pub security_groups: Vec<Value<String>>,
    /// What it may do.
    pub role: &'a MachineRole,
    /// How it boots.
    pub boot: Booted,
    /// How far its metadata goes.
    pub metadata_reach: MetadataReach,
}

impl Machine<'_> {
    /// Declares the instance. It counts as created when its boot says that it is ready.
    pub fn declare(self, builder: &mut Builder) -> Handle<ec2::Instance> {
        let volume = ec2::Ebs::new()
            .delete_on_termination(true)
            .volume_size(self.volume_size)
            .encrypted(true);
        let hops = match self.metadata_reach {
            MetadataReach::Machine => 1,
            MetadataReach::Containers => 2,
        };
        let metadata = ec2::MetadataOptions::new()
            .http_endpoint(ec2::MetadataOptionsHttpEndpoint::Enabled)
            .http_tokens(ec2::MetadataOptionsHttpTokens::Required)
            .http_put_response_hop_limit(hops);
        let groups =
            std::iter::once(self.network.vpn_security_group.clone()).chain(self.security_groups);
        let image = self.launch.image(builder, self.instance_type);
        let mut instance = ec2::Instance::new()
            .image_id(image)
            .instance_type(self.instance_type)
            .subnet_id(&self.network.subnet)
            .security_group_ids(groups.collect::<Value<_>>())
            .iam_instance_profile(&self.role.profile)
            .block_device_mappings([
                ec2::BlockDeviceMapping::new(self.launch.root_device()).ebs(volume)
            ])
            .metadata_options(metadata)
            .user_data(self.boot.user_data)
            .propagate_tags_to_volume_on_creation(true)
            .tags(self.settings.instance_tags());
        if let Some(name) = &self.settings.key_name {
            instance = instance.key_name(name);
        }
        let wait = CreationPolicy::one_signal_within_minutes(self.settings.boot_minutes);
        let declaration = instance.init(self.boot.init).creation_policy(wait);
        builder.resource(self.logical_id, declaration)
    }
}

impl MachineSettings {
    /// The tagger overwrites `Name` with the name of the provisioned product.
    fn instance_tags(&self) -> Value<compute_catalog::cfn::List<ec2::Tag>> {
        let own = [
            ec2::Tag::new("Name", pseudo::stack_name()),
            ec2::Tag::new(
                "Description",
                Sub::new("Service Catalog instance created by ${AWS::StackName}"),
            ),
        ];
        let set = self
            .tags
            .iter()
            .map(|(key, value)| ec2::Tag::new(key, value));
        own.into_iter().chain(set).collect()
    }
}

/// Declares `TagInstance`: the owner's tags on the instance and its volumes. It reads the
/// instance's profile, so it waits for that.
pub fn tag_instance(
    builder: &mut Builder,
    token: &Value<String>,
    instance: &Handle<ec2::Instance>,
    role: &MachineRole,
) {
    builder.resource(
        "TagInstance",
        SynapseTagger::of_instance(token, instance).depends_on(&role.profile),
    );
}
