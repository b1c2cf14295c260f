//! A Linux machine: what the products that have one share, from the account's exports to the
//! commands that open a shell on it.

use super::boot::{LinuxBoot, StackEnv};
use super::instance::{self, Machine, MachineSettings, MetadataReach, Network};
use super::launch_values::LaunchValues;
use super::machine_role::{self, MachineRole};
use super::session::Sessions;
use compute_catalog::cfn::{Builder, Handle, Number, ParameterHandle, Value};
use compute_catalog::product::{Context, Imports, ProductError};
use compute_catalog::resource::{ec2, logs};

/// What a Linux machine takes from its account.
pub struct LinuxAccount {
    /// Where it stands.
    pub network: Network,
    /// ARNs of the policies by which its boot finds out who launched it.
    policies: [Value<String>; 2],
    /// The token of the tagger.
    tagger: Value<String>,
}

impl LinuxAccount {
    /// The account's exports, and after them those of the product's own.
    ///
    /// # Errors
    /// Every key that isn't declared for all accounts.
    pub fn import<S, const N: usize>(
        context: &Context<'_, S>,
        builder: &mut Builder,
        own: [&str; N],
    ) -> Result<(LinuxAccount, Imports<N>), Vec<ProductError>> {
        let keys = [
            "VPCId",
            "PrivateSubnet",
            "VpnSecurityGroup",
            "TagInstancePolicy",
            "ReadAssumedRoleInformationPolicy",
            "SetInstanceTagsFunctionArn",
        ];
        let (values, own) = context.imports_of_both(builder, keys, own)?;
        let [
            vpc_id,
            subnet,
            vpn_security_group,
            search_policy,
            role_policy,
            tagger,
        ] = values;
        let account = LinuxAccount {
            network: Network {
                vpc_id,
                subnet,
                vpn_security_group,
            },
            policies: [search_policy, role_policy],
            tagger,
        };
        Ok((account, own))
    }

    /// Declares the machine's role.
    pub fn role(&self, builder: &mut Builder, log_group: &Handle<logs::LogGroup>) -> MachineRole {
        let monitoring = machine_role::monitoring(log_group);
        machine_role::declare(builder, self.policies.clone(), monitoring)
    }

    /// Declares `TagInstance`.
    pub fn tag(&self, builder: &mut Builder, instance: &Handle<ec2::Instance>, role: &MachineRole) {
        instance::tag_instance(builder, &self.tagger, instance, role);
    }
}

/// The fields of the launch form that every Linux machine has.
pub struct LinuxForm {
    /// The type of the instance.
    pub instance_type: ParameterHandle<String>,
    /// The size of its disk.
    pub volume_size: ParameterHandle<Number>,
}

impl LinuxForm {
    /// Declares the fields in this group of the form, the product's own field between them.
    pub fn declare<T>(
        builder: &mut Builder,
        launch: &LaunchValues<'_>,
        group: &str,
        own: impl FnOnce(&mut Builder) -> ParameterHandle<T>,
    ) -> (LinuxForm, ParameterHandle<T>) {
        let instance_type = launch
            .instance_type()
            .label("EC2 Instance Type")
            .group(group);
        let instance_type = builder.parameter("EC2InstanceType", instance_type);
        let own = own(builder);
        let volume_size = launch.volume_size().label("Disk Size").group(group);
        let volume_size = builder.parameter("VolumeSize", volume_size);
        let form = LinuxForm {
            instance_type,
            volume_size,
        };
        (form, own)
    }
}

/// A Linux machine on its way into a template.
pub struct LinuxMachine<'a> {
    /// The logical id of its instance.
    pub logical_id: &'a str,
    /// Its settings.
    pub settings: &'a MachineSettings,
    /// Its launch values.
    pub launch: &'a LaunchValues<'a>,
    /// Its fields of the launch form.
    pub form: &'a LinuxForm,
    /// What it takes from its account.
    pub account: &'a LinuxAccount,
    /// Its own security groups, beside the account's.
    pub security_groups: Vec<Value<String>>,
    /// Where its logs go.
    pub log_group: &'a Handle<logs::LogGroup>,
    /// What it may do.
    pub role: &'a MachineRole,
    /// What its boot scripts read.
    pub env: StackEnv,
    /// The config set of the product's own script, such as `SetupDocker`.
    pub last_set: &'a str,
    /// That script, by its path in the product's folder, such as `files/docker.sh`.
    pub script: &'a str,
}

impl LinuxMachine<'_> {
    /// Declares the instance. Its containers reach its metadata.
    ///
    /// # Errors
    /// A boot file is missing.
    pub fn declare<S>(
        self,
        context: &Context<'_, S>,
        builder: &mut Builder,
    ) -> Result<Handle<ec2::Instance>, Vec<ProductError>> {
        let boot = LinuxBoot {
            logical_id: self.logical_id,
            log_group: self.log_group,
            env: self.env,
            last_set: self.last_set,
            script: self.script,
        };
        let machine = Machine {
            logical_id: self.logical_id,
            settings: self.settings,
            launch: self.launch,
            instance_type: &self.form.instance_type,
            volume_size: &self.form.volume_size,
            network: &self.account.network,
            security_groups: self.security_groups,
            role: self.role,
            boot: boot.build(context)?,
            metadata_reach: MetadataReach::Containers,
        };
        Ok(machine.declare(builder))
    }
}

/// The commands as outputs: a shell, a shell as the image's user, and a port of the machine.
pub fn commands(builder: &mut Builder, sessions: &Sessions<'_>, login_user: Option<&str>) {
    sessions.shell_command(builder);
    if let Some(user) = login_user {
        sessions.login_command(builder, user);
    }
    sessions.port_forward(
        builder,
        "PortForwardCommand",
        80,
        9090,
        "Makes port 80 of the instance port 9090 of your computer: http://localhost:9090",
    );
}
