//! The notebooks that the launch form offers, and what comes with them: container images and the
//! CloudWatch agent, each pinned, each for the processors of the machine images.

use super::Settings;
use crate::part::boot::StackEnv;
use compute_catalog::cfn::{Builder, Mapping, ParameterHandle, find_in_map};
use compute_catalog::product::instance_type::Architecture;
use compute_catalog::product::{Context, ProductError};
use compute_catalog::yaml::Located;
use schemars::JsonSchema;
use serde::Deserialize;

/// The notebooks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SoftwareSettings {
    /// RStudio Server.
    pub rstudio: Software,
    /// Jupyter.
    pub jupyter: Software,
    /// The Docker network of notebook and proxy.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"), extend("patternErrorMessage" = "is no name: lower-case letters, digits and hyphens"))]
    pub docker_network: String,
    /// The notebook's container.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"), extend("patternErrorMessage" = "is no name: lower-case letters, digits and hyphens"))]
    pub container: String,
    /// The Docker volume of the user's work.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"), extend("patternErrorMessage" = "is no name: lower-case letters, digits and hyphens"))]
    pub work_volume: String,
}

/// One kind of notebook.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Software {
    /// The notebook.
    pub notebook: Located<ContainerImage>,
    /// The proxy in front of it.
    pub proxy: Located<ContainerImage>,
}

/// A container image that stays what it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContainerImage {
    /// Its name, with its digest, or with a tag that its publisher never moves: a full version
    /// (`1.2.3`) or the date of its build (`2025-02-18`).
    #[schemars(extend("patternErrorMessage" = "is no image that stays what it is: a name in lower case, then `@sha256:…`, or a tag that is a full version or a date"), regex(
        pattern = r"^[a-z0-9][a-z0-9./_-]*((:[A-Za-z0-9._-]+)?@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+|:\d{4}-\d{2}-\d{2})$"
    ))]
    pub image: String,
    /// The processors that it is built for.
    #[schemars(length(min = 1))]
    pub architectures: Vec<Architecture>,
}

impl Software {
    /// The values of `NotebookType`; the first is the one that the launch form starts with.
    pub const NAMES: [&'static str; 2] = ["Rstudio", "Jupyter"];
}

/// The CloudWatch agent's packages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AgentSettings {
    /// For 64-bit Intel and AMD.
    #[serde(default, rename = "x86_64")]
    pub x86_64: Option<AgentPackage>,
    /// For 64-bit ARM.
    #[serde(default)]
    pub arm64: Option<AgentPackage>,
    /// Where the key is that signs packages without digest.
    #[schemars(regex(pattern = "^https://[^\\s${]+$"), extend("patternErrorMessage" = "is no address: `https://`, a host, and no blanks"))]
    pub key_url: String,
    /// The key's fingerprint, 40 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9A-F]{40}$"), extend("patternErrorMessage" = "is no fingerprint: 40 digits or letters from A to F"))]
    pub key_fingerprint: String,
}

/// One package of the agent, of an exact version.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AgentPackage {
    /// Where it is downloaded; its version stands in the address.
    #[schemars(regex(pattern = r"^https://[^\s${]+/\d+\.[0-9.]+[a-z0-9]*/[^/\s${]+\.(deb|rpm)$"), extend("patternErrorMessage" = "is no address of a `.deb` or `.rpm` in a folder of its version: `https://`, and no blanks"))]
    pub url: String,
    /// Its SHA-256; without it the signature beside the package counts.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"), extend("patternErrorMessage" = "is no SHA-256: 64 digits or letters from a to f"))]
    pub sha256: Option<String>,
}

impl SoftwareSettings {
    fn kinds(&self) -> [(&'static str, &Software); 2] {
        let [rstudio, jupyter] = Software::NAMES;
        [(rstudio, &self.rstudio), (jupyter, &self.jupyter)]
    }

    /// What the boot script reads about the notebook that was chosen.
    pub fn env(
        &self,
        builder: &mut Builder,
        chosen: &ParameterHandle<String>,
        env: StackEnv,
    ) -> StackEnv {
        let mut images = Mapping::<String>::new();
        for (name, software) in self.kinds() {
            images.set(name, "Notebook", &software.notebook.image);
            images.set(name, "Proxy", &software.proxy.image);
        }
        let images = builder.mapping("NotebookTypes", images);
        env.set("NOTEBOOK_TYPE", chosen)
            .set("NOTEBOOK_IMAGE", find_in_map(&images, chosen, "Notebook"))
            .set("PROXY_IMAGE", find_in_map(&images, chosen, "Proxy"))
            .set("DOCKER_NETWORK", &self.docker_network)
            .set("NOTEBOOK_CONTAINER", &self.container)
            .set("WORK_VOLUME", &self.work_volume)
    }
}

impl AgentSettings {
    fn package(&self, architecture: Architecture) -> Option<&AgentPackage> {
        match architecture {
            Architecture::X86_64 => self.x86_64.as_ref(),
            Architecture::Arm64 => self.arm64.as_ref(),
        }
    }

    /// What the boot script reads about the agent.
    pub fn env(&self, env: StackEnv) -> StackEnv {
        let env = Architecture::ALL
            .into_iter()
            .fold(env, |env, architecture| {
                let name = architecture.name().to_ascii_uppercase();
                match self.package(architecture) {
                    Some(package) => env.set(&format!("AGENT_URL_{name}"), &package.url).set(
                        &format!("AGENT_SHA256_{name}"),
                        package.sha256.clone().unwrap_or_default(),
                    ),
                    None => env,
                }
            });
        env.set("AGENT_KEY_URL", &self.key_url)
            .set("AGENT_KEY_FINGERPRINT", &self.key_fingerprint)
    }
}

/// Refuses containers and agents that a machine image's processors can't run.
pub fn check(context: &Context<'_, Settings>) -> Vec<ProductError> {
    let settings = context.settings;
    let mut faults = Vec::new();
    for (key, machine) in &settings.launch.images {
        let architecture = machine.architecture.value;
        let line = machine.architecture.at.line;
        for (_, software) in settings.software.kinds() {
            for image in [&software.notebook, &software.proxy] {
                if !image.architectures.contains(&architecture) {
                    faults.push(context.settings_fault(
                        image.at,
                        format!("`{}` is not built for {architecture}, the processor of the image `{key}` at line {line}", image.image),
                        "name a container image that is, or leave the machine image out",
                    ));
                }
            }
        }
        if settings.agent.package(architecture).is_none() {
            faults.push(context.settings_fault(
                machine.architecture.at,
                format!(
                    "the image `{key}` is for {architecture}, and `agent` at line {} has no package for it",
                    settings.agent.at.line
                ),
                format!("add `agent.{architecture}`, or leave the image out"),
            ));
        }
    }
    faults
}
