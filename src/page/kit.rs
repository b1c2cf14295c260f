//! The connect kit: what a community's members put on their computers to use what they launched.
//!
//! The scripts are `credential_process` programs of the AWS command line.
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html>

use super::error::PageError;
use super::render::{page_text, script};
use crate::environment::{Communities, Environments, Support};
use serde::Serialize;

/// One file of the kit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitFile {
    /// Its path: the community's key and the file's name.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What the templates of the kit are filled in from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kit<'a> {
    command: &'a str,
    name: &'a str,
    profile: &'a str,
    endpoint: &'a str,
    token_page: &'a str,
    tokens: Option<&'a str>,
    credentials_path: &'a str,
    profile_lines: String,
    windows_line: String,
    ssh_lines: String,
    support: &'a Support,
}

/// The kits of all communities.
///
/// # Errors
/// Templates that can't be filled in.
pub fn connect_kit(
    communities: &Communities,
    environments: &Environments,
    command: &str,
) -> Result<Vec<KitFile>, PageError> {
    let mut files = Vec::new();
    for (key, community) in &communities.communities {
        let environment = environments.by_key.get(&community.environment.value);
        let endpoint = communities.login_endpoint(community, &environments.by_key);
        let (Some(environment), Some(endpoint)) = (environment, endpoint) else {
            continue;
        };
        let profile = communities.profile.as_str();
        let process = "credential_process =";
        let kit = Kit {
            command,
            name: &community.name,
            profile,
            endpoint: endpoint.as_str(),
            token_page: &communities.login.token_page,
            tokens: communities.login.tokens.as_deref(),
            credentials_path: &communities.login.credentials,
            profile_lines: format!(
                "[profile {profile}]\nregion = {}\n{process} \"HOME/.aws/{profile}-credentials.sh\" \"HOME/.aws/{profile}-token\"",
                environment.region.value
            ),
            windows_line: format!(
                "{process} powershell -NoProfile -ExecutionPolicy Bypass -File \"HOME\\.aws\\{profile}-credentials.ps1\" -TokenFile \"HOME\\.aws\\{profile}-token\""
            ),
            ssh_lines: format!(
                "Host i-* mi-*\n    ProxyCommand aws ssm start-session --profile {profile} --target %h --document-name AWS-StartSSHSession --parameters portNumber=%p"
            ),
            support: &environments.organization.support,
        };
        let mut add = |name: String, text: String| {
            files.push(KitFile {
                path: format!("{key}/{name}"),
                text,
            });
        };
        add(
            format!("{profile}-credentials.sh"),
            script("credentials.sh", &kit)?,
        );
        add(
            format!("{profile}-credentials.ps1"),
            script("credentials.ps1", &kit)?,
        );
        add(
            "aws-config".to_owned(),
            format!(
                "# Generated from portfolios/communities.yaml by `{command}`. Do not edit.\n{}\n",
                kit.profile_lines
            ),
        );
        // No user stands in it: products log in as different users, and the first match wins.
        add(
            "ssh-config".to_owned(),
            format!(
                "# Generated from portfolios/communities.yaml by `{command}`. Do not edit.\n{}\n",
                kit.ssh_lines
            ),
        );
        add(
            "README.md".to_owned(),
            page_text("kit", &kit, key.as_str())?,
        );
    }
    Ok(files)
}
