//! How the Windows machine boots: cfn-init writes the files, runs four config sets, and cfn-hup
//! runs them again when an update changes them.
//!
//! The config sets keep the names that earlier versions gave them: the hook of a machine launched
//! then calls these four, and takes up the hook that stands here. So the CloudWatch agent comes
//! with one of the four.

use super::Settings;
use super::package::Package;
use crate::part::boot::{Booted, each_in_a_set, filled};
use compute_catalog::cfn::init::{Command, Config, File, Service, ServiceManager};
use compute_catalog::cfn::{Handle, Sub, base64};
use compute_catalog::product::{Context, ProductError};
use compute_catalog::resource::logs;
use serde_json::{Value as Json, json};

const FOLDER: &str = r"C:\compute-catalog";
const SETS: [&str; 4] = ["SetupCfn", "SetupApps", "SetEnv", "SetupJumpcloud"];
const HUP: [&str; 2] = [
    r"c:\cfn\cfn-hup.conf",
    r"c:\cfn\hooks.d\cfn-auto-reloader.conf",
];

/// The metadata and user data of the instance, whose logs go to this group.
///
/// # Errors
/// A boot file is missing.
pub fn build(
    context: &Context<'_, Settings>,
    logical_id: &str,
    log_group: &Handle<logs::LogGroup>,
) -> Result<Booted, Vec<ProductError>> {
    let source = |name: &str| context.own_file(&format!("files/{name}"));
    let mut files = Config::new().file(
        &at("stack.json"),
        File::content(stack_file(context.settings)),
    );
    for name in [
        "boot.ps1",
        "agent.ps1",
        "packages.ps1",
        "instance-env.ps1",
        "directory-agent.ps1",
        "ready.ps1",
    ] {
        files = files.file(&at(name), File::content(source(name)?));
    }
    let agent = Sub::new(source("cloudwatch-agent.json.sub")?).with("SystemLogGroup", log_group);
    files = files
        .file(&at("cloudwatch-agent.json"), File::content(agent))
        .file(HUP[0], File::content(Sub::new(source("cfn-hup.conf.sub")?)))
        .file(
            HUP[1],
            File::content(filled(
                source("cfn-auto-reloader.conf.sub")?,
                logical_id,
                &SETS,
            )),
        )
        .service(
            ServiceManager::Windows,
            "cfn-hup",
            Service::running().restart_on_files(&HUP),
        );
    let configs = [
        ("files", files),
        ("packages", scripts(&["agent.ps1", "packages.ps1"])),
        ("environment", scripts(&["instance-env.ps1"])),
        ("directory", scripts(&["directory-agent.ps1", "ready.ps1"])),
    ];
    let init = each_in_a_set(&SETS, configs);
    let user_data = base64(filled(source("user-data.ps1.sub")?, logical_id, &SETS));
    Ok(Booted { init, user_data })
}

fn at(name: &str) -> String {
    format!(r"{FOLDER}\{name}")
}

/// Commands that run scripts in this order; cfn-init orders by name.
fn scripts(names: &[&str]) -> Config {
    names
        .iter()
        .enumerate()
        .fold(Config::new(), |config, (index, name)| {
            let line = format!(
                "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File {}",
                at(name)
            );
            config.command(
                &format!("{}-run", index + 1),
                Command::new(line).wait_after_completion(0),
            )
        })
}

/// `stack.json`: what the boot scripts read. Every key is there; a value may be empty.
/// CloudFormation fills in the stack's own names.
fn stack_file(settings: &Settings) -> Sub {
    let users = &settings.users;
    let packages: Vec<_> = settings.packages.iter().map(|one| package(one)).collect();
    let agent = settings.directory_agent.as_ref().map_or_else(
        || json!({ "connectKeyParameter": "" }),
        |agent| {
            let mut file = package(&agent.package);
            file["connectKeyParameter"] = literal(&agent.connect_key_parameter);
            file
        },
    );
    let file = json!({
        "region": "${AWS::Region}",
        "stackName": "${AWS::StackName}",
        "stackId": "${AWS::StackId}",
        "instanceEnvFile": literal(&users.instance_env_file),
        "profileUrl": literal(&users.profile_url),
        "ownerEmailDomain": literal(&users.owner_email_domain),
        "agent": package(&settings.agent),
        "packages": packages,
        "directoryAgent": agent,
    });
    Sub::new(format!("{file:#}"))
}

fn package(package: &Package) -> Json {
    json!({
        "name": literal(&package.name),
        "url": literal(&package.url),
        "sha256": literal(&package.sha256),
        "signer": literal(&package.signer),
        "arguments": literal(&package.arguments),
        "present": literal(&package.present),
    })
}

/// A setting as text that `Fn::Sub` leaves as it is.
fn literal(text: &str) -> Json {
    Json::String(text.replace("${", "${!"))
}
