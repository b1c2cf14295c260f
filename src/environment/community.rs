//! Communities: who logs in where, and which portfolios they find there.

use super::{Environment, LoginEndpoint};
use crate::product::Key;
use crate::yaml::{InputError, Located, Location, load};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// `portfolios/communities.yaml`: the communities, and how their members get credentials.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Communities {
    /// The profile that members add to their AWS configuration; commands on pages name it.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,64}$"))]
    pub profile: Located<String>,
    /// Paths of the login application, the same behind every login endpoint.
    pub login: Login,
    /// The communities by key, in the order in which they are shown.
    pub communities: IndexMap<Key, Community>,
}

/// Paths of the login application.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Login {
    /// The page that hands out a personal access token.
    #[schemars(regex(pattern = "^/[A-Za-z0-9/_-]*$"))]
    pub token_page: Located<String>,
    /// What takes the token and answers AWS credentials as JSON.
    #[schemars(regex(pattern = "^/[A-Za-z0-9/_-]*$"))]
    pub credentials: Located<String>,
}

/// One community.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Community {
    /// Its name.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// The environment in which it works.
    pub environment: Located<Key>,
    /// The portfolios that its members see.
    pub portfolios: Vec<Located<Key>>,
}

impl Communities {
    /// Reads the file.
    ///
    /// # Errors
    /// Every mistake in it: environments that aren't there or have no login endpoint, names and
    /// paths that can't stand in a script.
    pub fn read(
        file: &str,
        text: &str,
        environments: &IndexMap<Key, Environment>,
    ) -> Result<Communities, Vec<InputError>> {
        let read: Communities = load(file, text)?;
        let errors = read.mistakes(file, environments);
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

    fn mistakes(&self, file: &str, environments: &IndexMap<Key, Environment>) -> Vec<InputError> {
        let mut errors = Vec::new();
        let mut fail = |at: Location, message: String, hint: String| {
            errors.push(InputError {
                file: file.to_owned(),
                at,
                message,
                hint: Some(hint),
            });
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if self.profile.is_empty() || !self.profile.chars().all(is_word) {
            fail(
                self.profile.at,
                format!("`{}` is no name for a profile", *self.profile),
                "write letters, digits, `_`, `.` and `-`".to_owned(),
            );
        }
        for path in [&self.login.token_page, &self.login.credentials] {
            let is_path = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
            if !path.starts_with('/') || !path.chars().all(is_path) {
                fail(
                    path.at,
                    format!("`{}` is no path of the login application", **path),
                    "write it with a slash first, such as `/credentials`".to_owned(),
                );
            }
        }
        for community in self.communities.values() {
            let key = &community.environment;
            match environments.get(&key.value) {
                None => {
                    let known = environments.keys().map(Key::as_str);
                    let hint = crate::yaml::nearest(key.as_str(), known).map_or_else(
                        || "name a file of portfolios/environments".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
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
