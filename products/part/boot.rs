//! How a Linux machine boots: cfn-init writes the files of `products/shared/boot/linux` and the
//! product's own script, runs its config sets, and cfn-hup runs them again when an update changes
//! them.
//!
//! The first two config sets that ran in earlier versions keep their names, `SetupCfn` and
//! `SetEnv`: the hook of a machine launched then calls exactly those, and takes up the hook that
//! stands here.

use compute_catalog::cfn::init::{Command, Config, File, Init};
use compute_catalog::cfn::{Handle, Sub, Value, base64};
use compute_catalog::product::{Context, ProductError};
use compute_catalog::resource::logs;
use schemars::JsonSchema;
use serde::Deserialize;

/// The folder of the boot files on a machine.
pub const FOLDER: &str = "/opt/compute-catalog";

const SOURCES: &str = "shared/boot/linux";

/// Who uses the machines, and where scripts find that out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserSettings {
    /// The address of a user's public profile, without the user's id at its end.
    #[schemars(regex(pattern = "^https://[^\\s${]+/$"), extend("patternErrorMessage" = "is no address with a slash at its end: `https://`, a host and a path"))]
    pub profile_url: String,
    /// The domain of the users' e-mail addresses.
    #[schemars(regex(pattern = "^[a-z0-9.-]+$"), extend("patternErrorMessage" = "is no domain, such as `example.org`"))]
    pub owner_email_domain: String,
    /// The file on the machine that tells scripts about it and its owner.
    #[schemars(length(max = 200), regex(pattern = r"^(/|[A-Za-z]:\\)[^\n\r]*$"), extend("patternErrorMessage" = "is no whole path of a file: `/` or a drive such as `C:\\` first"))]
    pub instance_env_file: String,
}

/// What the boot scripts read: `KEY=value` lines.
#[derive(Clone, Debug)]
pub struct StackEnv {
    text: String,
    bindings: Vec<(String, Value<String>)>,
}

impl StackEnv {
    /// The keys that every boot script needs.
    pub fn new(users: &UserSettings) -> StackEnv {
        StackEnv {
            text: String::new(),
            bindings: Vec::new(),
        }
        .set("AWS_REGION", Sub::new("${AWS::Region}"))
        .set("STACK_NAME", Sub::new("${AWS::StackName}"))
        .set("STACK_ID", Sub::new("${AWS::StackId}"))
        .set("INSTANCE_ENV_FILE", &users.instance_env_file)
        .set("PROFILE_URL", &users.profile_url)
        .set("OWNER_EMAIL_DOMAIN", &users.owner_email_domain)
    }

    /// This and one more line.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value<String>>) -> StackEnv {
        let variable = variable(key);
        self.text.push_str(&format!("{key}=${{{variable}}}\n"));
        self.bindings.push((variable, value.into()));
        self
    }

    fn content(self) -> Sub {
        self.bindings
            .into_iter()
            .fold(Sub::new(self.text), |sub, (name, value)| {
                sub.with(&name, value)
            })
    }
}

/// `AWS_REGION` as a variable of `Fn::Sub`, which takes letters and digits: `AwsRegion`.
fn variable(key: &str) -> String {
    key.split('_')
        .flat_map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            [first.to_owned(), rest.to_ascii_lowercase()]
        })
        .collect()
}

/// The text of a `.sub` file, its machine and config sets filled in.
pub fn filled(text: &str, logical_id: &str, config_sets: &[&str]) -> Sub {
    let sub = Sub::new(text).with::<String>("LogicalId", logical_id);
    if text.contains("${ConfigSets}") {
        sub.with::<String>("ConfigSets", config_sets.join(","))
    } else {
        sub
    }
}

/// The boot of one Linux machine.
pub struct LinuxBoot<'a> {
    /// The logical id of the instance.
    pub logical_id: &'a str,
    /// Where its logs go.
    pub log_group: &'a Handle<logs::LogGroup>,
    /// What the scripts read.
    pub env: StackEnv,
    /// The config set of the product's own script, such as `SetupDocker`.
    pub last_set: &'a str,
    /// That script, by its path in the product's folder, such as `files/docker.sh`.
    pub script: &'a str,
}

/// What an instance needs to boot.
pub struct Booted {
    /// Its metadata.
    pub init: Init,
    /// Its user data.
    pub user_data: Value<String>,
}

impl LinuxBoot<'_> {
    /// The metadata and user data.
    ///
    /// # Errors
    /// A boot file is missing.
    pub fn build<S>(self, context: &Context<'_, S>) -> Result<Booted, Vec<ProductError>> {
        let sets = ["SetupCfn", "SetupMonitoring", "SetEnv", self.last_set];
        let source = |name: &str| context.file(&format!("{SOURCES}/{name}"));
        let id = self.logical_id;
        let hup = [
            "/etc/cfn/cfn-hup.conf",
            "/etc/cfn/hooks.d/cfn-auto-reloader.conf",
            "/etc/systemd/system/cfn-hup.service",
            "/etc/systemd/system/cfn-hup.timer",
        ];
        let own = self.script.rsplit('/').next().unwrap_or(self.script);

        let mut files = Config::new().file(&at("stack.env"), plain(self.env.content()));
        files = files.file(&at("boot.sh"), plain(source("boot.sh")?));
        for name in ["hup.sh", "agent.sh", "instance-env.sh"] {
            files = files.file(&at(name), script(source(name)?));
        }
        files = files.file(&at(own), script(context.own_file(self.script)?));
        let agent =
            Sub::new(source("cloudwatch-agent.json.sub")?).with("SystemLogGroup", self.log_group);
        files = files.file(&at("cloudwatch-agent.json"), plain(agent));
        files = files
            .file(hup[0], secret(Sub::new(source("cfn-hup.conf.sub")?)))
            .file(
                hup[1],
                secret(filled(source("cfn-auto-reloader.conf.sub")?, id, &sets)),
            )
            .file(hup[2], plain(source("cfn-hup.service")?))
            .file(hup[3], plain(source("cfn-hup.timer")?))
            .command(
                "hup",
                Command::new(format!("{} {}", at("hup.sh"), hup.join(" "))),
            );

        // Monitoring comes early: what fails after it is told in the log group.
        let run = |name: &str| Config::new().command("run", Command::new(at(name)));
        let configs = [
            ("files", files),
            ("agent", run("agent.sh")),
            ("environment", run("instance-env.sh")),
            ("product", run(own)),
        ];
        let init = each_in_a_set(&sets, configs);
        let user_data = base64(filled(source("user-data.sh.sub")?, id, &sets));
        Ok(Booted { init, user_data })
    }
}

/// Configs, each in a set of its own: what fails is told by the set that it stands in.
pub fn each_in_a_set<const N: usize>(sets: &[&str; N], configs: [(&str, Config); N]) -> Init {
    let init = sets
        .iter()
        .zip(&configs)
        .fold(Init::new(), |init, (set, (name, _))| {
            init.config_set(set, &[name])
        });
    configs
        .into_iter()
        .fold(init, |init, (name, config)| init.config(name, config))
}

fn at(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

fn plain(content: impl Into<Value<String>>) -> File {
    File::content(content).mode("000644", "root", "root")
}

fn script(content: impl Into<Value<String>>) -> File {
    File::content(content).mode("000755", "root", "root")
}

fn secret(content: impl Into<Value<String>>) -> File {
    File::content(content).mode("000400", "root", "root")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_variables_of_letters_and_digits() {
        assert_eq!(variable("AGENT_URL_X86_64"), "AgentUrlX8664");
        assert_eq!(variable("STACK_ID"), "StackId");
    }
}
