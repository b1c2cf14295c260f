//! `notebook`: one Linux machine that runs a notebook behind the organisation's login.
//!
//! The browser reaches it through the account's load balancer, which logs the user in; a proxy on
//! the machine lets in the machine's owner alone, and keeps the owner's access token where the
//! notebook finds it.

mod access;
mod credential;
mod software;

pub use credential::CredentialSettings;
pub use software::{AgentPackage, AgentSettings, ContainerImage, Software, SoftwareSettings};

use crate::part::boot::{StackEnv, UserSettings};
use crate::part::instance::{self, LogGroupName, LogSettings, MachineSettings};
use crate::part::launch_values::LaunchSettings;
use crate::part::linux_machine::{self, LinuxAccount, LinuxForm, LinuxMachine};
use crate::part::session::{self, SessionSettings, Sessions};
use compute_catalog::cfn::{Builder, Output, ParameterDeclaration, Template, Value};
use compute_catalog::product::{CatalogEntry, Context, Installed, Key, Model, ProductError};
use compute_catalog::yaml::Located;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct Notebook;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// Images, instance types, disk sizes.
    pub launch: LaunchSettings,
    /// The notebooks.
    pub software: SoftwareSettings,
    /// The CloudWatch agent, which the image's distribution doesn't carry.
    pub agent: Located<AgentSettings>,
    /// Where the owner's access token is kept.
    pub credential: CredentialSettings,
    /// The machine.
    pub machine: MachineSettings,
    /// Its logs.
    pub logs: LogSettings,
    /// Who uses it.
    pub users: UserSettings,
    /// How they reach it.
    pub sessions: SessionSettings,
    /// The image's user that people log in as.
    #[schemars(regex(pattern = "^[a-z_][a-z0-9_-]*$"), extend("patternErrorMessage" = "is no name of a user: lower-case letters, digits and `_-`"))]
    pub login_user: String,
}

const ID: &str = "LinuxInstance";
const GROUP: &str = "Linux Instance Configuration";

impl Model for Notebook {
    const KEY: Key = Key::constant("notebook");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn installed(settings: &Settings) -> Vec<Installed> {
        let mut installed = settings.launch.operating_systems();
        let software = &settings.software;
        for (name, notebook) in [
            ("RStudio", &software.rstudio),
            ("Jupyter", &software.jupyter),
        ] {
            let image = format!("container `{}`", notebook.notebook.image);
            installed.push(Installed::new(name, image));
        }
        installed
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let faults = software::check(context);
        let launch = match (settings.launch.values(context), faults.is_empty()) {
            (Ok(launch), true) => launch,
            (Ok(_), false) => return Err(faults),
            (Err(more), _) => return Err(more.into_iter().chain(faults).collect()),
        };
        let mut builder = Builder::new("EC2: one Linux instance with a notebook for one person");
        let own = [
            "ALBSecurityGroup",
            "ALBListenerARN",
            "ALBConnectionURI",
            "ALBRuleFunctionArn",
        ];
        let (account, own) = LinuxAccount::import(context, &mut builder, own)?;
        let [balancer_group, listener, connection_uri, rule_function] = own;
        let rule_code = context.own_file("files/listener_rule.py")?;

        let (form, kind) = LinuxForm::declare(&mut builder, &launch, GROUP, |builder| {
            builder.parameter(
                "NotebookType",
                ParameterDeclaration::string()
                    .label("Notebook Type")
                    .group(GROUP)
                    .description("The notebook to run: RStudio or Jupyter")
                    .default(Software::NAMES[0])
                    .allowed_values(Software::NAMES),
            )
        });

        let log_group = instance::log_group(&mut builder, &settings.logs, LogGroupName::System);
        let role = account.role(&mut builder, &log_group);
        let connect = access::security_group(&mut builder, &account.network, &balancer_group);
        let vpn = instance::vpn_security_group(
            &mut builder,
            &account.network,
            &settings.machine,
            instance::EveryPort::Spelt,
        );
        let env = settings
            .software
            .env(&mut builder, &kind, StackEnv::new(&settings.users));
        let machine = LinuxMachine {
            logical_id: ID,
            settings: &settings.machine,
            launch: &launch,
            form: &form,
            account: &account,
            security_groups: vec![Value::from(&connect), Value::from(&vpn)],
            log_group: &log_group,
            role: &role,
            env: settings.credential.env(settings.agent.env(env)),
            last_set: "StartNotebook",
            script: "files/notebook.sh",
        };
        let machine = machine.declare(context, &mut builder)?;
        credential::declare(&mut builder, &settings.credential, &machine, &role);
        let target = access::target_group(&mut builder, &account.network, &machine);
        access::listener_rule(
            &mut builder,
            &machine,
            &target,
            &listener,
            &rule_function,
            rule_code,
        );
        let address = access::address(&mut builder, &settings.credential, &machine, connection_uri);
        account.tag(&mut builder, &machine, &role);

        let sessions = Sessions {
            instance: &machine,
            settings: &settings.sessions,
        };
        builder.output(
            "LinuxInstanceId",
            Output::new(&machine, "Id of the instance"),
        );
        builder.output(
            "LinuxInstancePrivateIpAddress",
            Output::new(machine.private_ip(), "Address of the instance in the VPN"),
        );
        builder.output(
            "EC2InstanceType",
            Output::new::<String>(&form.instance_type, "Type of the instance"),
        );
        sessions.connection_uri(&mut builder);
        sessions.console_uri(&mut builder);
        builder.output(
            "NotebookConnectionURI",
            Output::new(address.value(), "Opens the notebook in the browser"),
        );
        builder.output(
            "Documentation",
            Output::new::<String>(&settings.catalog.documentation, "How to use the notebook"),
        );
        session::log_outputs(&mut builder, &log_group, LogGroupName::System);
        sessions.instance_id(&mut builder);
        linux_machine::commands(&mut builder, &sessions, Some(&settings.login_user));
        context.finish(builder)
    }
}
