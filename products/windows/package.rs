//! What is installed at the first boot: pinned by digest, or by the publisher's signature.

use super::Settings;
use compute_catalog::cfn::{Sub, Value};
use compute_catalog::iam::{Condition, Statement};
use compute_catalog::product::instance_type::Architecture;
use compute_catalog::product::{Context, ProductError};
use schemars::JsonSchema;
use serde::Deserialize;

/// An installer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Package {
    /// Its name in the boot log.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"), extend("patternErrorMessage" = "is no name of a package: lower-case letters, digits and hyphens"))]
    pub name: String,
    /// Where it is downloaded: an `.msi` or `.exe`.
    #[schemars(regex(pattern = "^https://[^\\s${]+\\.(msi|exe)$"), extend("patternErrorMessage" = "is no address of an `.msi` or `.exe`: `https://`, and no blanks"))]
    pub url: String,
    /// The SHA-256 of the file.
    #[serde(default)]
    #[schemars(regex(pattern = "^([0-9a-f]{64})?$"), extend("patternErrorMessage" = "is no SHA-256: 64 digits or letters from a to f"))]
    pub sha256: String,
    /// The organisation whose signature the file bears, where its publisher replaces the file in
    /// place and there is no digest, or publishes none to hold the digest against. A file of either
    /// pin is taken.
    #[serde(default)]
    pub signer: String,
    /// What the installer needs to be silent; for an `.msi` its properties.
    #[serde(default)]
    pub arguments: String,
    /// The file that is there once it is installed.
    #[serde(default)]
    pub present: String,
}

impl Package {
    /// Which one is installed, for people: the pinned file, or the newest of a signer who replaces
    /// the file in place.
    pub fn version(&self) -> String {
        let file = self.url.rsplit('/').next().unwrap_or_default();
        if self.sha256.is_empty() {
            format!("the newest of {} (`{file}`)", self.signer)
        } else {
            format!("`{file}`")
        }
    }
}

/// The agent that lets members of the organisation's directory log in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DirectoryAgent {
    /// Its installer.
    pub package: Package,
    /// The parameter of the account's parameter store that holds the organisation's connect key.
    /// The machine reads it at its first boot: the key is in no template, metadata or user data.
    #[schemars(regex(pattern = "^(/[A-Za-z0-9_.-]+)+$"), extend("patternErrorMessage" = "is no name of a parameter, such as `/infra/Key`"))]
    pub connect_key_parameter: String,
}

/// What EC2's images of Windows, and so the packages, are made for.
const PROCESSOR: Architecture = Architecture::X86_64;

/// Where the boot scripts call the AWS CLI.
const AWS_CLI: &str = r"C:\Program Files\Amazon\AWSCLIV2\aws.exe";

/// Refuses packages that nothing pins or that can't be looked for, images that they don't run on,
/// and a list without the AWS CLI.
pub fn check(context: &Context<'_, Settings>) -> Vec<ProductError> {
    let settings = context.settings;
    let mut faults = Vec::new();
    let looked_for: Vec<_> = std::iter::once(&settings.agent)
        .chain(&settings.packages)
        .map(|package| (package.at, &package.value))
        .collect();
    let directory = settings.directory_agent.as_ref();
    let directory = directory.map(|agent| (agent.at, &agent.value.package));
    for (at, package) in looked_for.iter().copied().chain(directory) {
        if package.sha256.is_empty() && package.signer.is_empty() {
            faults.push(context.settings_fault(
                at,
                format!("nothing pins the package `{}`", package.name),
                "give `sha256`, or `signer` where the publisher replaces the file in place",
            ));
        }
    }
    for (index, (at, package)) in looked_for.iter().enumerate() {
        let mut before = looked_for.iter().take(index);
        if let Some((other, _)) = before.find(|(_, other)| other.name == package.name) {
            faults.push(context.settings_fault(
                *at,
                format!(
                    "the package `{}` stands at line {} too",
                    package.name, other.line
                ),
                "give each package a name of its own",
            ));
        }
    }
    for (at, package) in looked_for {
        if package.present.is_empty() {
            faults.push(context.settings_fault(
                at,
                format!("the package `{}` has no `present`", package.name),
                "name the file that is there once it is installed",
            ));
        }
    }
    for (key, image) in &settings.launch.images {
        let architecture = &image.architecture;
        if architecture.value != PROCESSOR {
            faults.push(context.settings_fault(
                architecture.at,
                format!(
                    "the image `{key}` is for {}, and the packages at line {} and below are for {PROCESSOR}",
                    architecture.value, settings.agent.at.line
                ),
                format!("EC2 starts Windows on {PROCESSOR} alone: leave the image out"),
            ));
        }
    }
    let packages = &settings.packages;
    if !packages.iter().any(|package| package.present == AWS_CLI) {
        let at = packages
            .first()
            .map(|package| package.at)
            .unwrap_or_default();
        faults.push(context.settings_fault(
            at,
            "the AWS CLI is not among the packages, and the boot scripts call it",
            format!("add the package whose `present` is {AWS_CLI}"),
        ));
    }
    faults
}

impl DirectoryAgent {
    /// The right to read the connect key, and nothing beside it. Decryption goes by the
    /// parameter's ARN, which Systems Manager puts into the encryption context, so that it holds
    /// whichever key encrypts the parameter.
    /// <https://docs.aws.amazon.com/systems-manager/latest/userguide/services-that-use-kms.html>
    pub fn reading_the_key(&self) -> [Statement; 2] {
        let parameter: Value<String> =
            Sub::new("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Name}")
                .with::<String>("Name", &self.connect_key_parameter)
                .into();
        let keys: Value<String> =
            Sub::new("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*").into();
        [
            Statement::allow("ConnectKey")
                .actions(["ssm:GetParameter"])
                .on([&parameter]),
            Statement::allow("DecryptConnectKey")
                .actions(["kms:Decrypt"])
                .on([keys])
                .when(Condition::string_equals(
                    "kms:EncryptionContext:PARAMETER_ARN",
                    [&parameter],
                )),
        ]
    }
}
