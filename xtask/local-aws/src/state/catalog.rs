//! What Service Catalog remembers.

use crate::state::cloudformation::{Change, StackOutput};
use crate::state::tag::Tag;
use compute_catalog::product::ProductType;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What Service Catalog has in one account and region, by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalog {
    pub products: BTreeMap<String, Product>,
    pub portfolios: BTreeMap<String, Portfolio>,
    pub constraints: BTreeMap<String, Constraint>,
    pub tag_options: BTreeMap<String, TagOption>,
    pub actions: BTreeMap<String, Action>,
    pub provisioned: BTreeMap<String, Provisioned>,
    pub records: BTreeMap<String, Record>,
    pub plans: BTreeMap<String, ProductPlan>,
    pub share_operations: BTreeMap<String, ShareOperation>,
    /// Portfolios of other accounts that this one has accepted.
    pub accepted: Vec<String>,
    /// Answers given for idempotency tokens.
    pub tokens: BTreeMap<String, Remembered>,
}

/// A product with its versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub id: String,
    pub name: String,
    /// Its type, and that of its versions.
    #[serde(default)]
    pub kind: ProductType,
    pub texts: Texts,
    pub tags: Vec<Tag>,
    pub created: i64,
    pub artifacts: BTreeMap<String, Artifact>,
    pub tag_options: Vec<String>,
    /// The repository that its versions come from: its connection, and what of it.
    #[serde(default)]
    pub source: Option<Source>,
}

/// A repository by a connection of CodeStar.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub connection: String,
    pub repository: String,
    pub branch: String,
    pub path: String,
}

/// What a product says about itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub owner: String,
    pub description: Option<String>,
    pub distributor: Option<String>,
    pub support_description: Option<String>,
    pub support_email: Option<String>,
    pub support_url: Option<String>,
}

/// A version.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Artifact {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub created: i64,
    /// Position in the order of creation.
    pub order: usize,
    pub active: bool,
    pub guidance: String,
    /// Whether the creation ends as `FAILED`.
    pub failed: bool,
    /// Key of the service's own copy of the template.
    pub frozen: String,
    /// Ids of the associated service actions.
    pub actions: Vec<String>,
}

/// A portfolio with its associations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Portfolio {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub provider: String,
    pub tags: Vec<Tag>,
    pub created: i64,
    pub products: BTreeSet<String>,
    /// ARN and type.
    pub principals: BTreeSet<(String, String)>,
    pub tag_options: Vec<String>,
    pub shares: Vec<Share>,
}

/// A share of a portfolio.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    /// Account or ARN of the organisation or unit.
    pub principal: String,
    /// `ACCOUNT`, `ORGANIZATION`, `ORGANIZATIONAL_UNIT` or `ORGANIZATION_MEMBER_ACCOUNT`.
    pub kind: String,
    pub accepted: bool,
    pub tag_options: bool,
    pub principals: bool,
}

/// A share with an organisation in progress, by its token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareOperation {
    pub portfolio: String,
    pub node: String,
}

/// A constraint.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Constraint {
    pub id: String,
    /// `LAUNCH`, `NOTIFICATION`, `RESOURCE_UPDATE`, `STACKSET` or `TEMPLATE`.
    pub kind: String,
    pub product: String,
    pub portfolio: String,
    pub description: Option<String>,
    /// JSON text, as given.
    pub parameters: String,
}

/// A tag option.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagOption {
    pub id: String,
    pub key: String,
    pub value: String,
    pub active: bool,
}

/// A service action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub definition: BTreeMap<String, String>,
}

/// A provisioned product.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provisioned {
    pub id: String,
    pub name: String,
    pub product: String,
    pub artifact: String,
    /// The portfolio that it came through.
    pub path: String,
    pub parameters: Vec<Tag>,
    pub tags: Vec<Tag>,
    pub created: i64,
    /// ARN of who launched it.
    pub user: String,
    /// Id of its stack, once there is one.
    pub stack: Option<String>,
    /// `AVAILABLE`, `TAINTED` or `ERROR`, when nothing is being done to it.
    pub status: String,
    pub status_message: Option<String>,
    pub last_record: String,
    pub last_success: Option<String>,
}

/// What a request did to a provisioned product.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub id: String,
    pub work: Work,
    pub provisioned: String,
    pub name: String,
    pub product: String,
    pub artifact: String,
    /// The portfolio that it goes through.
    pub path: String,
    pub launch_role: Option<String>,
    pub tags: Vec<Tag>,
    pub created: i64,
    pub updated: i64,
    /// How it ended; nothing while it is being carried out.
    pub ended: Option<Ended>,
}

/// What a record asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Work {
    /// All parameters that are given.
    Launch { parameters: Vec<Tag> },
    /// All parameters that it has from then on.
    Update { parameters: Vec<Tag> },
    /// With what is in it left behind, or gone also where its stack can't be deleted.
    End { retain: bool, ignore_errors: bool },
    /// A service action, by id, with what it is told.
    Action {
        action: String,
        parameters: BTreeMap<String, Vec<String>>,
    },
}

/// How a record ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    /// Code and description; nothing where it went well.
    pub error: Option<(String, String)>,
    pub outputs: Vec<StackOutput>,
}

/// A plan of a provisioned product.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductPlan {
    pub id: String,
    pub name: String,
    /// Of the provisioned product, which may not exist yet.
    pub provisioned: String,
    pub provisioned_name: String,
    pub product: String,
    pub artifact: String,
    pub path: String,
    pub parameters: Vec<Tag>,
    pub tags: Vec<Tag>,
    pub changes: Vec<Change>,
    /// Why it can't be executed.
    pub failure: Option<String>,
    /// The record of its execution.
    pub record: Option<String>,
    pub created: i64,
}

/// The answer given for a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remembered {
    /// Digest of the input, which a repeat has to have as well.
    pub input: String,
    pub answer: Value,
    /// Repeats so far, where tokens expire.
    #[serde(default)]
    pub repeats: u32,
}
