//! `windows`: one Windows machine in the private network, with a remote desktop.

mod boot;
mod package;

pub use package::{DirectoryAgent, Package};

use crate::part::boot::UserSettings;
use crate::part::instance::{
    self, LogGroupName, LogSettings, Machine, MachineSettings, MetadataReach, Network,
};
use crate::part::launch_values::LaunchSettings;
use crate::part::machine_role;
use crate::part::session::{self, SessionSettings, Sessions};
use compute_catalog::cfn::{Builder, Output, Template, Value};
use compute_catalog::product::{CatalogEntry, Context, Installed, Key, Model, ProductError};
use compute_catalog::yaml::Located;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct Windows;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// Images, instance types, disk sizes.
    pub launch: LaunchSettings,
    /// The machine.
    pub machine: MachineSettings,
    /// Its logs.
    pub logs: LogSettings,
    /// Who uses it.
    pub users: UserSettings,
    /// How they reach it.
    pub sessions: SessionSettings,
    /// The CloudWatch agent. Its `present` is the script that controls it.
    pub agent: Located<Package>,
    /// What is installed after it at the first boot, in this order.
    #[schemars(length(min = 1))]
    pub packages: Vec<Located<Package>>,
    /// The agent of the organisation's directory, installed after the packages.
    #[serde(default)]
    pub directory_agent: Option<Located<DirectoryAgent>>,
}

const ID: &str = "WindowsInstance";
const GROUP: &str = "Windows Instance Configuration";

/// The port of the remote desktop, on the machine and on the reader's computer.
const REMOTE_DESKTOP: u16 = 3389;

impl Model for Windows {
    const KEY: Key = Key::constant("windows");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn installed(settings: &Settings) -> Vec<Installed> {
        let mut installed = settings.launch.operating_systems();
        for package in &settings.packages {
            installed.push(Installed::new(package.name.as_str(), package.version()));
        }
        installed
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut faults = package::check(context);
        let launch = match settings.launch.values(context) {
            Ok(launch) if faults.is_empty() => launch,
            Ok(_) => return Err(faults),
            Err(more) => {
                faults.extend(more);
                return Err(faults);
            }
        };
        let mut builder =
            Builder::new("EC2: one Windows instance with a remote desktop for one person");
        let keys = [
            "VPCId",
            "PrivateSubnet1",
            "VpnSecurityGroup",
            "TagInstancePolicy",
            "SetInstanceTagsFunctionArn",
        ];
        let [vpc_id, subnet, vpn_security_group, search_policy, tagger] =
            context.imports(&mut builder, keys)?;
        let network = Network {
            vpc_id,
            subnet,
            vpn_security_group,
        };

        let instance_type = builder.parameter(
            "WindowsInstanceType",
            launch.instance_type().label("Instance Type").group(GROUP),
        );
        let volume_size = builder.parameter(
            "VolumeSize",
            launch.volume_size().label("Disk Size").group(GROUP),
        );

        let log_group = instance::log_group(&mut builder, &settings.logs, LogGroupName::Generated);
        let agent = settings.directory_agent.as_ref();
        let connect_key = agent.map(|agent| agent.reading_the_key());
        let role = machine_role::declare(
            &mut builder,
            [search_policy],
            machine_role::monitoring(&log_group)
                .into_iter()
                .chain(connect_key.into_iter().flatten()),
        );
        let vpn = instance::vpn_security_group(
            &mut builder,
            &network,
            &settings.machine,
            instance::EveryPort::LeftOut,
        );
        let machine = Machine {
            logical_id: ID,
            settings: &settings.machine,
            launch: &launch,
            instance_type: &instance_type,
            volume_size: &volume_size,
            network: &network,
            security_groups: vec![Value::from(&vpn)],
            role: &role,
            boot: boot::build(context, ID, &log_group)?,
            metadata_reach: MetadataReach::Machine,
        };
        let machine = machine.declare(&mut builder);
        instance::tag_instance(&mut builder, &tagger, &machine, &role);

        let sessions = Sessions {
            instance: &machine,
            settings: &settings.sessions,
        };
        builder.output(
            "WindowsInstancePrivateIpAddress",
            Output::new(machine.private_ip(), "Address of the instance in the VPN"),
        );
        builder.output(
            "WindowsInstanceId",
            Output::new(&machine, "Id of the instance"),
        );
        builder.output(
            "WindowsInstanceType",
            Output::new::<String>(&instance_type, "Type of the instance"),
        );
        sessions.console_uri(&mut builder);
        builder.output(
            "Documentation",
            Output::new::<String>(&settings.catalog.documentation, "How to use the instance"),
        );
        session::log_outputs(&mut builder, &log_group, LogGroupName::Generated);
        sessions.instance_id(&mut builder);
        sessions.connection_uri(&mut builder);
        sessions.shell_command(&mut builder);
        sessions.port_forward(
            &mut builder,
            "RemoteDesktopCommand",
            REMOTE_DESKTOP,
            REMOTE_DESKTOP,
            "Makes the remote desktop of the instance one of your computer: connect to localhost",
        );
        context.finish(builder)
    }
}
