//! `team-machine`: imported from a hand-written template.

use compute_catalog::cfn::{
    Builder, CreationPolicy, Output, ParameterDeclaration, Sub, Template, base64, get_azs, json,
    select,
};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::ec2;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct TeamMachine;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// What the launch form offers where nothing is chosen.
    pub defaults: Defaults,
}

/// What the launch form offers where nothing is chosen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Defaults {
    /// Of the parameter `Type`.
    pub type_parameter: String,
    /// Of the parameter `From`.
    pub from: String,
}

impl Model for TeamMachine {
    const KEY: Key = Key::constant("team-machine");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new("A machine that sets itself up");
        let type_parameter = builder.parameter(
            "Type",
            ParameterDeclaration::string()
                .label("Size")
                .group("Machine")
                .description("How fast it is.")
                .default(&settings.defaults.type_parameter)
                .allowed_values(["t3.micro", "t3.small"]),
        );
        let image = builder.parameter(
            "Image",
            ParameterDeclaration::<String>::of_type("AWS::EC2::Image::Id")
                .label("Image")
                .group("Machine")
                .description("An image of Amazon Linux."),
        );
        let subnet = builder.parameter(
            "Subnet",
            ParameterDeclaration::<String>::of_type("AWS::EC2::Subnet::Id")
                .label("Subnet")
                .group("Machine")
                .description("Where it stands."),
        );
        let vpc = builder.parameter(
            "Vpc",
            ParameterDeclaration::<String>::of_type("AWS::EC2::VPC::Id")
                .label("Network")
                .group("Machine")
                .description("The network of the subnet."),
        );
        let from = builder.parameter(
            "From",
            ParameterDeclaration::string()
                .label("Readers")
                .group("Machine")
                .description("Who may read the page.")
                .default(&settings.defaults.from)
                .pattern(r"^10\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/[0-9]{1,2}$")
                .constraint_description("Write addresses of the network, such as 10.1.0.0/16.")
                .min_length(9)
                .max_length(18),
        );
        let web = builder.resource(
            "Web",
            ec2::SecurityGroup::new("Web")
                .vpc_id(&vpc)
                .security_group_ingress([ec2::Ingress::new("tcp")
                    .from_port(80)
                    .to_port(80)
                    .cidr_ip(&from)]),
        );
        let machine = builder.resource(
            "Machine",
            ec2::Instance::new()
                .image_id(&image)
                .instance_type(&type_parameter)
                .subnet_id(&subnet)
                .security_group_ids([web.group_id()])
                .availability_zone(select::<String>(0, get_azs("")))
                .metadata_options(
                    ec2::MetadataOptions::new()
                        .http_tokens(ec2::MetadataOptionsHttpTokens::Required),
                )
                .block_device_mappings([ec2::BlockDeviceMapping::new("/dev/xvda")
                    .ebs(ec2::Ebs::new().encrypted(true).volume_size(8))])
                .tags([ec2::Tag::new("Name", Sub::new("web-${AWS::StackName}"))])
                .user_data(base64(Sub::new(
                    context.own_file("files/machine-user-data.sh")?,
                )))
                .creation_policy(CreationPolicy::one_signal_within_minutes(15))
                .metadata(
                    "AWS::CloudFormation::Init",
                    json!({
                        "config": {
                            "packages": {"yum": {"httpd": []}},
                            "files": {
                                "/var/www/html/index.html": {
                                    "content": Sub::new("<p>${AWS::StackName}</p>\n"),
                                    "mode": "000644",
                                    "owner": "root",
                                    "group": "root",
                                },
                            },
                            "services": {
                                "sysvinit": {
                                    "httpd": {"enabled": "true", "ensureRunning": "true"},
                                },
                            },
                        },
                    }),
                ),
        );
        builder.output(
            "Address",
            Output::new::<String>(machine.private_ip(), "Its address"),
        );

        context.finish(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::TeamMachine;
    use compute_catalog::product::imported_differences;

    #[test]
    fn the_template_means_what_the_imported_one_does() {
        let settings = include_str!("settings.yaml");
        let original = include_str!("imported.yaml");
        let files = [(
            "files/machine-user-data.sh",
            include_str!("files/machine-user-data.sh"),
        )];
        let differences = imported_differences::<TeamMachine>(settings, original, &files);
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
