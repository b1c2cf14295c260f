//! What is asked of roles, and by which calls one leads to another.

use crate::cfn::IndexMap;
use crate::yaml::{InputError, load};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::LazyLock;

/// Where the questions stand, from the root of the repository.
const QUESTIONS: &str = "src/access/questions.yaml";
const TEXT: &str = include_str!("questions.yaml");

/// The file of questions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Questions {
    /// Which calls matter.
    pub questions: Vec<Question>,
    /// Services that run no code of their users: whoever may use one never gets the credentials of the
    /// role that it has.
    pub keep_credentials: Vec<String>,
    /// By which calls one gets further.
    pub edges: Vec<Edge>,
}

/// Calls that matter, on things of one type.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Question {
    /// Its name.
    pub id: String,
    /// What is asked, in words that follow "may".
    pub asks: String,
    /// The type.
    pub on: String,
    /// Each of them is asked for.
    pub actions: Vec<String>,
    /// What the call names, where it isn't the thing itself.
    #[serde(default)]
    pub resource: Option<String>,
    /// Keys that whoever asks can choose, one set after the other.
    #[serde(default)]
    pub choices: Vec<IndexMap<String, String>>,
    /// The page.
    #[schemars(url)]
    pub source: String,
}

/// A way to get further.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Edge {
    /// Its name.
    pub id: String,
    /// What is done, in words that a thing's name follows.
    pub tells: String,
    /// The type of what it leads over.
    pub on: String,
    /// All of these are needed.
    pub calls: Vec<EdgeCall>,
    /// The service that the role has to trust. Whether it trusts the caller, the call itself decides.
    #[serde(default)]
    pub trusts: Option<String>,
    /// The path of the property that names the role that the thing runs as.
    #[serde(default)]
    pub through: Option<String>,
    /// What it gives.
    pub gives: Gives,
    /// The page.
    #[schemars(url)]
    pub source: String,
}

/// A call that a way needs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EdgeCall {
    /// The action.
    pub action: String,
    /// What the call names, where it isn't the thing itself.
    #[serde(default)]
    pub resource: Option<String>,
    /// On a new name beside the thing's own.
    #[serde(default)]
    pub beside: bool,
    /// Keys that the caller chooses.
    #[serde(default)]
    pub keys: IndexMap<String, String>,
    /// Keys that the caller leaves out.
    #[serde(default)]
    pub without: Vec<String>,
}

/// What a way gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Gives {
    /// The role.
    Role,
    /// The role that the thing runs as.
    Through,
    /// The role, with everything that its boundary lets through; without one, everything.
    Unbound,
    /// The same for each role that has the policy.
    Holders,
    /// Everything.
    Anything,
    /// What is in the thing.
    Data,
}

impl Questions {
    /// The questions that every account is asked.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn known() -> Result<&'static Questions, Vec<InputError>> {
        static KNOWN: LazyLock<Result<Questions, Vec<InputError>>> =
            LazyLock::new(|| load(QUESTIONS, TEXT));
        KNOWN.as_ref().map_err(Clone::clone)
    }
}
