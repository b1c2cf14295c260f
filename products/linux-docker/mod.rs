//! `linux-docker`: one Linux machine with Docker, in the private network.

use crate::part::boot::{StackEnv, UserSettings};
use crate::part::instance::{self, LogGroupName, LogSettings, MachineSettings};
use crate::part::launch_values::LaunchSettings;
use crate::part::linux_machine::{self, LinuxAccount, LinuxForm, LinuxMachine};
use crate::part::session::{self, SessionSettings, Sessions};
use compute_catalog::cfn::{
    Builder, Mapping, Output, ParameterDeclaration, ParameterHandle, Template, Value, find_in_map,
};
use compute_catalog::product::{CatalogEntry, Context, Installed, Key, Model, ProductError};
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
    #[schemars(length(min = 1), extend("uniqueItems" = true), inner(regex(pattern = "^[a-z_][a-z0-9_-]*$")), extend("patternErrorMessage" = "is no name of a user: lower-case letters, digits and `_-`"))]
    pub login_users: Vec<String>,
}

/// What the launch form calls the images, whatever their architecture.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BaseImage {
    /// The value of the parameter `AMI`.
    #[schemars(regex(pattern = "^[A-Za-z0-9]+$"), extend("patternErrorMessage" = "is no name of an image: letters and digits"))]
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

    fn installed(settings: &Settings) -> Vec<Installed> {
        let docker = Installed::new("Docker", "with the plugin `docker compose`");
        let mut installed = settings.launch.operating_systems();
        installed.push(docker);
        installed
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let launch = settings.launch.values(context)?;
        let mut builder = Builder::new("EC2: one Linux instance with Docker for one person");
        let (account, []) = LinuxAccount::import(context, &mut builder, [])?;
        let (form, base_image) = LinuxForm::declare(&mut builder, &launch, GROUP, |builder| {
            base_image_parameter(builder, &settings.base_image)
        });

        let log_group = instance::log_group(&mut builder, &settings.logs, LogGroupName::System);
        let vpn = instance::vpn_security_group(
            &mut builder,
            &account.network,
            &settings.machine,
            instance::EveryPort::Spelt,
        );
        let role = account.role(&mut builder, &log_group);
        let machine = LinuxMachine {
            logical_id: ID,
            settings: &settings.machine,
            launch: &launch,
            form: &form,
            account: &account,
            security_groups: vec![Value::from(&vpn)],
            log_group: &log_group,
            role: &role,
            // Amazon Linux carries the CloudWatch agent in its own repositories: no address to give.
            env: StackEnv::new(&settings.users).set("LOGIN_USERS", settings.login_users.join(" ")),
            last_set: "SetupDocker",
            script: "files/docker.sh",
        };
        let machine = machine.declare(context, &mut builder)?;
        account.tag(&mut builder, &machine, &role);

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
            Output::new::<String>(&form.instance_type, "Type of the instance"),
        );
        sessions.connection_uri(&mut builder);
        sessions.console_uri(&mut builder);
        builder.output(
            "Documentation",
            Output::new::<String>(&settings.catalog.documentation, "How to use the instance"),
        );
        session::log_outputs(&mut builder, &log_group, LogGroupName::System);
        base_image_output(&mut builder, &settings.base_image, &base_image);
        let user = settings.login_users.first();
        linux_machine::commands(&mut builder, &sessions, user.map(String::as_str));
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
