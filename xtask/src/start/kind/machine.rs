//! `example-machine`: a managed machine that people reach by Session Manager, with no open port.

use compute_catalog::cfn::{Builder, Output, ParameterDeclaration, Template};
use compute_catalog::iam::PolicyDocument;
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::{ec2, iam};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct ExampleMachine;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// The public parameter of Systems Manager that names the image: the newest at each launch.
    pub image: String,
    /// The device of the image's own disk.
    pub root_device: String,
    /// The instance types that people choose from.
    #[schemars(length(min = 1))]
    pub instance_types: Vec<String>,
    /// The one that is chosen already.
    pub instance_type: String,
    /// The sizes of the disk that people choose from, in GiB.
    #[schemars(length(min = 1))]
    pub disk_sizes: Vec<i64>,
    /// The one that is chosen already.
    pub disk_size: i64,
}

impl Model for ExampleMachine {
    const KEY: Key = Key::constant("example-machine");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new(&settings.catalog.description);
        let instance_type = builder.parameter(
            "InstanceType",
            ParameterDeclaration::string()
                .label("Instance Type")
                .group("Machine")
                .description("How many processors and how much memory the machine has.")
                .allowed_values(settings.instance_types.iter().map(String::as_str))
                .default(settings.instance_type.as_str()),
        );
        let disk = builder.parameter(
            "DiskSize",
            ParameterDeclaration::number()
                .label("Disk Size")
                .group("Machine")
                .description("In GiB.")
                .allowed_values(settings.disk_sizes.iter().copied())
                .default(settings.disk_size),
        );
        let subnet = builder.parameter(
            "Subnet",
            ParameterDeclaration::<String>::of_type("AWS::EC2::Subnet::Id")
                .label("Subnet")
                .group("Network")
                .description(
                    "Where the machine stands: it has to reach Systems Manager from there.",
                ),
        );
        let network = builder.parameter(
            "Network",
            ParameterDeclaration::<String>::of_type("AWS::EC2::VPC::Id")
                .label("Network")
                .group("Network")
                .description("The network of that subnet."),
        );
        let image = builder.parameter(
            "Image",
            ParameterDeclaration::<String>::of_type(
                "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            )
            .label("Image")
            .group("Machine")
            .description("The parameter that names the image: leave it as it is.")
            .default(settings.image.as_str()),
        );
        let role = builder.resource(
            "Role",
            iam::Role::new(PolicyDocument::trust(["ec2.amazonaws.com"]))
                .managed_policy_arns(["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]),
        );
        let profile = builder.resource("Profile", iam::InstanceProfile::new([&role]));
        // No rule lets anybody in: sessions are opened from within.
        let firewall = builder.resource(
            "Firewall",
            ec2::SecurityGroup::new("Nobody comes in").vpc_id(&network),
        );
        let machine = builder.resource(
            "Machine",
            ec2::Instance::new()
                .image_id(&image)
                .instance_type(&instance_type)
                .iam_instance_profile(&profile)
                .subnet_id(&subnet)
                .security_group_ids([firewall.group_id()])
                .metadata_options(
                    ec2::MetadataOptions::new()
                        .http_tokens(ec2::MetadataOptionsHttpTokens::Required),
                )
                .block_device_mappings([ec2::BlockDeviceMapping::new(
                    settings.root_device.as_str(),
                )
                .ebs(
                    ec2::Ebs::new()
                        .volume_type(ec2::EbsVolumeType::Gp3)
                        .volume_size(&disk)
                        .encrypted(true),
                )]),
        );
        builder.output("InstanceId", Output::new(&machine, "Id of the machine"));
        builder.output(
            "PrivateIp",
            Output::new(
                machine.private_ip(),
                "Address of the machine in its network",
            ),
        );
        context.finish(builder)
    }
}
