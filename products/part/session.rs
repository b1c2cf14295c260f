//! How a person reaches a machine: links and commands as outputs, ready to click and to paste.
//!
//! The commands need the AWS CLI with the Session Manager plugin. Their quotes are those that
//! bash, PowerShell and the Windows command prompt read alike.
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html>

use super::instance::LogGroupName;
use compute_catalog::cfn::{Builder, Handle, Output, Sub};
use compute_catalog::resource::{ec2, logs};
use schemars::JsonSchema;
use serde::Deserialize;

/// The settings of sessions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionSettings {
    /// The profile of the AWS configuration that the user manual has people make.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]+$"), extend("patternErrorMessage" = "is no name of a profile: letters, digits and `_.-`"))]
    pub profile: String,
}

/// The outputs of one machine.
pub struct Sessions<'a> {
    /// The machine.
    pub instance: &'a Handle<ec2::Instance>,
    /// The settings.
    pub settings: &'a SessionSettings,
}

impl Sessions<'_> {
    /// `EC2InstanceId`: the target of session commands.
    pub fn instance_id(&self, builder: &mut Builder) {
        builder.output(
            "EC2InstanceId",
            Output::new(
                self.instance,
                "Id of the instance: the target of session commands",
            ),
        );
    }

    /// `ConnectionURI`.
    pub fn connection_uri(&self, builder: &mut Builder) {
        let text = "https://${AWS::Region}.console.aws.amazon.com/systems-manager/session-manager/${Instance}?region=${AWS::Region}";
        self.link(
            builder,
            "ConnectionURI",
            text,
            "Opens a shell on the instance in the browser",
        );
    }

    /// `EC2ConsoleURI`.
    pub fn console_uri(&self, builder: &mut Builder) {
        let text = "https://console.aws.amazon.com/ec2/v2/home?region=${AWS::Region}#Instances:search=${Instance}";
        self.link(
            builder,
            "EC2ConsoleURI",
            text,
            "Shows the state of the instance in the EC2 console",
        );
    }

    /// `ShellCommand`.
    pub fn shell_command(&self, builder: &mut Builder) {
        self.command(
            builder,
            "ShellCommand",
            "",
            "Opens a shell on the instance from a terminal",
        );
    }

    /// `LoginCommand`: a shell as one of the image's users.
    pub fn login_command(&self, builder: &mut Builder, user: &str) {
        let arguments = format!(
            " --document-name AWS-StartInteractiveCommand --parameters \"command=sudo su - {user}\""
        );
        let says = format!("Opens a shell on the instance from a terminal, as {user}");
        self.command(builder, "LoginCommand", &arguments, &says);
    }

    /// A command that makes a port of the instance a port of the reader's own computer.
    pub fn port_forward(
        &self,
        builder: &mut Builder,
        output: &str,
        port: u16,
        local: u16,
        says: &str,
    ) {
        let arguments = format!(
            " --document-name AWS-StartPortForwardingSession --parameters \"portNumber={port},localPortNumber={local}\""
        );
        self.command(builder, output, &arguments, says);
    }

    fn command(&self, builder: &mut Builder, output: &str, arguments: &str, says: &str) {
        let text = format!(
            "aws ssm start-session --profile {} --region ${{AWS::Region}} --target ${{Instance}}{arguments}",
            self.settings.profile
        );
        self.link(builder, output, &text, says);
    }

    fn link(&self, builder: &mut Builder, output: &str, text: &str, says: &str) {
        builder.output(
            output,
            Output::new(Sub::new(text).with("Instance", self.instance), says),
        );
    }
}

/// `CloudWatchLogGroups` and `CloudWatchConsoleURI`: the machine's logs.
pub fn log_outputs(builder: &mut Builder, group: &Handle<logs::LogGroup>, name: LogGroupName) {
    let text = Sub::new("System Logs: ${Group}").with("Group", group);
    builder.output(
        "CloudWatchLogGroups",
        Output::new(text, "Log group of the instance in CloudWatch"),
    );
    let console = "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#logsV2:log-groups/log-group/";
    let link = match name {
        // The console has a group's name encoded twice, with `$` for `%`.
        LogGroupName::System => Sub::new(format!(
            "{console}$252Faws$252Fec2$252Fsystem$252F${{AWS::StackName}}"
        )),
        LogGroupName::Generated => Sub::new(format!("{console}${{Group}}")).with("Group", group),
    };
    builder.output(
        "CloudWatchConsoleURI",
        Output::new(link, "Shows the logs of the instance in CloudWatch"),
    );
}
