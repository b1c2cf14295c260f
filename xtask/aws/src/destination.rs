//! Where an environment is published, and as whom.

use crate::command_error::CommandError;
use crate::pace::Pace;
use crate::session::Destination;
use compute_catalog::environment::{Environment, environment_path};
use compute_catalog::product::Key;

/// Where an environment is published. One of several has to be reached by the profile that its file
/// names, since `AWS_PROFILE` can't be right for all.
pub(crate) fn destination(
    key: &Key,
    environment: &Environment,
    endpoint: Option<String>,
    is_one_of_several: bool,
) -> Result<Destination, CommandError> {
    let asked = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
    if let Ok(region) = asked.as_ref()
        && !environment.local
        && *region != environment.region.value
    {
        return Err(CommandError::input(format!(
            "AWS_REGION is {region}, the region of `{key}` is {}",
            environment.region.value
        ))
        .hint(format!(
            "unset AWS_REGION, or correct {}",
            environment_path(key)
        )));
    }
    let names_credentials = names_credentials();
    // The built-in server never sees real credentials.
    let is_built_in = environment.local && endpoint.as_deref().is_none_or(is_this_machine);
    Ok(Destination {
        account: environment.account.value.clone(),
        account_at: Some((environment_path(key), environment.account.at)),
        region: environment.region.value.clone(),
        profile: environment
            .profile
            .clone()
            .filter(|_| is_one_of_several || std::env::var_os("AWS_PROFILE").is_none()),
        dummy_credentials: environment.local && (is_built_in || !names_credentials),
        pace: if is_built_in || endpoint.as_deref().is_some_and(is_this_machine) {
            Pace::LOCAL
        } else {
            Pace::AWS
        },
        endpoint,
    })
}

/// Whether a server runs on this machine.
pub(crate) fn is_this_machine(endpoint: &str) -> bool {
    let host = endpoint.split("://").nth(1).unwrap_or(endpoint);
    host.starts_with("127.0.0.1") || host.starts_with("localhost")
}

/// Whether the process is told by which credentials to call.
pub(crate) fn names_credentials() -> bool {
    ["AWS_PROFILE", "AWS_ACCESS_KEY_ID"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}
