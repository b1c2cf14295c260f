//! `linux-docker`: one Linux machine with Docker, in the private network.

use compute_catalog::cfn::{
    Builder, Mapping, Output, ParameterDeclaration, ParameterHandle, Template, Value, find_in_map,
};
use compute_catalog::product::part::boot::{LinuxBoot, StackEnv, UserSettings};
use compute_catalog::product::part::instance::{
    self, LogGroupName, LogSettings, Machine, MachineSettings, MetadataReach, Network,
};
use compute_catalog::product::part::launch_values::LaunchSettings;
use compute_catalog::product::part::machine_role;
use compute_catalog::product::part::session::{self, SessionSettings, Sessions};
use compute_catalog::product::{CatalogEntry, Context, Fault, Key, Model};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct LinuxDocker;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// Images, instance types, disk sizes.
    pub launch: LaunchSettings,
    /// The base image of the launch form.
    pub base_image: BaseImage,
    /// The machine.
    pub machine: MachineSettings,
    /// Its logs.
    pub logs: LogSettings,
    /// Who uses it.
    pub users: UserSettings,
    /// How they reach it.
    pub sessions: SessionSettings,
    /// The image's login users; the first is the one that people log in as.
    #[schemars(length(min = 1), inner(regex(pattern = "^[a-z_][a-z0-9_-]*$")))]
    pub login_users: Vec<String>,
}

/// What the launch form calls the images, whatever their architecture.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BaseImage {
    /// The value of the parameter `AMI`.
    #[schemars(regex(pattern = "^[A-Za-z0-9]+$"))]
    pub name: String,
    /// What it holds, for people.
    #[schemars(length(min = 1, max = 200))]
    pub holds: String,
}

const ID: &str = "EC2Instance";
const GROUP: &str = "EC2 Instance Configuration";

impl Model for LinuxDocker {
    const KEY: Key = Key::constant("linux-docker");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<Fault>> {
        let settings = context.settings;
        let launch = settings.launch.values(context)?;
        let mut builder = Builder::new("EC2: one Linux instance with Docker for one person");
        let keys = [
            "VPCId",
            "PrivateSubnet",
            "VpnSecurityGroup",
            "TagInstancePolicy",
            "ReadAssumedRoleInformationPolicy",
            "SetInstanceTagsFunctionArn",
        ];
        let [
            vpc_id,
            subnet,
            vpn_security_group,
            search_policy,
            role_policy,
            tagger,
        ] = context.imports(&mut builder, keys)?;
        let network = Network {
            vpc_id,
            subnet,
            vpn_security_group,
        };

        let instance_type = builder.parameter(
            "EC2InstanceType",
            launch
                .instance_type()
                .label("EC2 Instance Type")
                .group(GROUP),
        );
        let base_image = base_image_parameter(&mut builder, &settings.base_image);
        let volume_size = builder.parameter(
            "VolumeSize",
            launch.volume_size().label("Disk Size").group(GROUP),
        );

        let log_group = instance::log_group(&mut builder, &settings.logs, LogGroupName::System);
        let vpn = instance::vpn_security_group(&mut builder, &network, &settings.machine);
        let role = machine_role::declare(
            &mut builder,
            [search_policy, role_policy],
            machine_role::monitoring(&log_group),
        );
        // Amazon Linux carries the CloudWatch agent in its own repositories: no address to give.
        let env = StackEnv::new(&settings.users).set("LOGIN_USERS", settings.login_users.join(" "));
        let boot = LinuxBoot {
            logical_id: ID,
            log_group: &log_group,
            env,
            last_set: "SetupDocker",
            script: "files/docker.sh",
        };
        let machine = Machine {
            logical_id: ID,
            settings: &settings.machine,
            launch: &launch,
            instance_type: &instance_type,
            volume_size: &volume_size,
            network: &network,
            security_groups: vec![Value::from(&vpn)],
            role: &role,
            boot: boot.build(context)?,
            metadata_reach: MetadataReach::Containers,
        };
        let machine = machine.declare(&mut builder);
        instance::tag_instance(&mut builder, &tagger, &machine, &role);

        let sessions = Sessions {
            instance: &machine,
            settings: &settings.sessions,
        };
        sessions.instance_id(&mut builder);
        builder.output(
            "EC2InstancePrivateIpAddress",
            Output::new(machine.private_ip(), "Address of the instance in the VPN"),
        );
        builder.output(
            "EC2InstanceType",
            Output::new::<String>(&instance_type, "Type of the instance"),
        );
        sessions.connection_uri(&mut builder);
        sessions.console_uri(&mut builder);
        builder.output(
            "Documentation",
            Output::new::<String>(&settings.catalog.documentation, "How to use the instance"),
        );
        session::log_outputs(&mut builder, &log_group, LogGroupName::System);
        base_image_output(&mut builder, &settings.base_image, &base_image);
        sessions.shell_command(&mut builder);
        if let Some(user) = settings.login_users.first() {
            sessions.login_command(&mut builder, user);
        }
        sessions.port_forward(
            &mut builder,
            "PortForwardCommand",
            80,
            9090,
            "Makes port 80 of the instance port 9090 of your computer: http://localhost:9090",
        );
        context.finish(builder)
    }
}

/// Declares `AMI`. It has one value; a stack of an earlier version passes it on at its update.
fn base_image_parameter(builder: &mut Builder, image: &BaseImage) -> ParameterHandle<String> {
    builder.parameter(
        "AMI",
        ParameterDeclaration::string()
            .label("Base Image")
            .group(GROUP)
            .description("What the machine starts from")
            .default(&image.name)
            .allowed_values([&image.name]),
    )
}

fn base_image_output(builder: &mut Builder, image: &BaseImage, chosen: &ParameterHandle<String>) {
    let mut holds = Mapping::<String>::new();
    holds.set(&image.name, "Holds", &image.holds);
    let holds = builder.mapping("BaseImages", holds);
    builder.output(
        "BaseImage",
        Output::new(
            find_in_map(&holds, chosen, "Holds"),
            "What the instance started from",
        ),
    );
}
