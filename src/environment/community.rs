//! Communities: who logs in where, and which portfolios they find there.

use super::{Environment, LoginEndpoint};
use crate::product::Key;
use crate::yaml::{InputError, Located, Location, hint, load};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// `portfolios/communities.yaml`: the communities, and how their members get credentials.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Communities {
    /// The profile that members add to their AWS configuration; commands on pages name it.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,64}$"), extend("patternErrorMessage" = "is no name of a profile: 1 to 64 letters, digits and `_.-`"))]
    pub profile: String,
    /// Paths of the login application, the same behind every login endpoint.
    pub login: Login,
    /// The communities by key, in the order in which they are shown.
    pub communities: IndexMap<Key, Community>,
}

/// Paths of the login application.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Login {
    /// What people log in with, as a phrase: `Example account`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub account: Option<String>,
    /// The page where they see and delete the tokens that they have.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://[^ ]+$"), extend("patternErrorMessage" = "is no address of a page: `https://`, a host, and no blanks"))]
    pub tokens: Option<String>,
    /// The page that hands out a personal access token.
    #[schemars(regex(pattern = "^/[A-Za-z0-9/_-]*$"), extend("patternErrorMessage" = "is no path: `/`, then letters, digits and `/_-`"))]
    pub token_page: String,
    /// What takes the token and answers AWS credentials as JSON.
    #[schemars(regex(pattern = "^/[A-Za-z0-9/_-]*$"), extend("patternErrorMessage" = "is no path: `/`, then letters, digits and `/_-`"))]
    pub credentials: String,
}

/// One community.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Community {
    /// Its name.
    #[schemars(length(min = 1, max = 100))]
    pub name: Located<String>,
    /// The environment in which it works.
    pub environment: Located<Key>,
    /// The end-user role that its members take; portfolios name it among their principals.
    pub role: Located<Key>,
    /// The page at which its members begin, where that isn't the login endpoint itself.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://[^ ]+$"), extend("patternErrorMessage" = "is no address of a page: `https://`, a host, and no blanks"))]
    pub entry_page: Option<String>,
    /// The page of the team whose members may log in.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://[^ ]+$"), extend("patternErrorMessage" = "is no address of a page: `https://`, a host, and no blanks"))]
    pub team: Option<String>,
    /// The address that adds people to the team. Not a person's own where the repository is public.
    #[serde(default)]
    #[schemars(
        length(max = 254),
        regex(pattern = "^[!-?A-~]+@[A-Za-z0-9.-]+[.][A-Za-z0-9-]+$"),
        extend("patternErrorMessage" = "is no e-mail address, such as `help@example.org`")
    )]
    pub manager: Option<String>,
    /// Where members ask each other, as a phrase: `the Slack channel #help`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub help: Option<String>,
}

impl Communities {
    /// Reads the file.
    ///
    /// # Errors
    /// Every mistake in it: environments that aren't there or have no login endpoint, roles that
    /// aren't among these, names and paths that could not stand in a script.
    pub fn read(
        file: &str,
        text: &str,
        environments: &IndexMap<Key, Environment>,
        roles: &[&Key],
    ) -> Result<Communities, Vec<InputError>> {
        let read: Communities = load(file, text)?;
        let errors = read.mistakes(file, environments, roles);
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(errors)
        }
    }

    /// Where a community logs in. Every community of a file that was read has one.
    pub fn login_endpoint<'a>(
        &self,
        community: &Community,
        environments: &'a IndexMap<Key, Environment>,
    ) -> Option<&'a LoginEndpoint> {
        environments
            .get(&community.environment.value)?
            .login_endpoint
            .as_ref()
    }

    fn mistakes(
        &self,
        file: &str,
        environments: &IndexMap<Key, Environment>,
        roles: &[&Key],
    ) -> Vec<InputError> {
        let mut errors = Vec::new();
        let mut fail = |at: Location, message: String, hint: String| {
            errors.push(InputError {
                file: file.to_owned(),
                at,
                message,
                hint: Some(hint),
            });
        };
        for (index, (key, community)) in self.communities.iter().enumerate() {
            let mut before = self.communities.iter().take(index);
            if let Some((other, _)) =
                before.find(|(_, other)| other.name.value == community.name.value)
            {
                fail(
                    community.name.at,
                    format!(
                        "`{}` is the name of `{other}` too, and `{key}` can't be told from it",
                        community.name.value
                    ),
                    "give each community a name of its own".to_owned(),
                );
            }
            let role = &community.role;
            if !roles.contains(&&role.value) {
                let known = roles.iter().map(|role| role.as_str());
                let hint = hint(role.as_str(), known, || {
                    "name a role of portfolios/end-users.yaml".to_owned()
                });
                fail(
                    role.at,
                    format!("`{}` is no end-user role", role.value),
                    hint,
                );
            }
            let key = &community.environment;
            match environments.get(&key.value) {
                None => {
                    let known = environments.keys().map(Key::as_str);
                    let hint = hint(key.as_str(), known, || {
                        "name a file of portfolios/environments".to_owned()
                    });
                    fail(key.at, format!("`{}` is no environment", key.value), hint);
                }
                Some(environment) if environment.login_endpoint.is_none() => fail(
                    key.at,
                    format!("nobody can log in to `{}`", key.value),
                    format!(
                        "add `loginEndpoint` to portfolios/environments/{}.yaml",
                        key.value
                    ),
                ),
                Some(_) => {}
            }
        }
        errors.sort();
        errors
    }
}
