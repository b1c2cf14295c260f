//! One environment: an account in a region.

use super::{LoginEndpoint, VersionRetention};
use crate::product::{AccountId, Key};
use crate::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A file under `portfolios/environments/`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Environment {
    /// The account.
    pub account: Located<AccountId>,
    /// The region, such as `us-east-1`.
    #[schemars(regex(pattern = "^[a-z]{2}(-[a-z]+)+-[0-9]$"), extend("patternErrorMessage" = "is no region, such as `us-east-1`"))]
    pub region: Located<String>,
    /// The built-in local AWS. Its account stands in no template: what looks an account up is launched elsewhere.
    #[serde(default)]
    pub local: bool,
    /// The bucket for templates, where it is another than the one of the foundation stack.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    #[serde(default)]
    #[schemars(
        length(min = 3, max = 63),
        regex(pattern = "^[a-z0-9]([.]?[a-z0-9-])*[.]?[a-z0-9]$"),
        extend(
            "not" = { "pattern": "^(xn--|sthree-|amzn-s3-demo-|([0-9]+[.]){3}[0-9]+$)|(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$" },
            "patternErrorMessage" = "is no name of a bucket: lower-case letters, digits, hyphens and single dots, a letter or digit at both ends, no address, and no prefix or suffix that S3 keeps for itself"
        )
    )]
    pub template_bucket: Option<String>,
    /// Names of exports in this account, by the key that the organization file declares.
    #[serde(default)]
    #[schemars(extend("additionalProperties" = {
        "type": "string",
        "maxLength": 255,
        "pattern": r"^([A-Za-z0-9:-]|[$][{]AWS::(AccountId|Partition|Region)[}])+$",
        "patternErrorMessage": "is no name of an export: letters, digits, colons and hyphens",
    }))]
    pub exports: IndexMap<Located<String>, Located<String>>,
    /// Products that were there before this catalog, by key: their versions are kept.
    #[serde(default)]
    pub products: IndexMap<Located<Key>, RecordedId>,
    /// Closes the versions of those from before this catalog to new launches, which its launch role
    /// can't launch. What runs on them goes on, and can be updated and ended.
    #[serde(default)]
    pub close_adopted: bool,
    /// Portfolios that were there before this catalog, by key.
    #[serde(default)]
    pub portfolios: IndexMap<Located<Key>, RecordedId>,
    /// Where the people of this environment log in.
    #[serde(default)]
    pub login_endpoint: Option<LoginEndpoint>,
    /// Takes only versions that this environment has published and verified.
    #[serde(default)]
    pub promotes_from: Option<Located<Key>>,
    /// How many versions of each product are kept.
    #[serde(default)]
    pub retention: VersionRetention,
    /// The role, by ARN, by which the login application assumes the roles of end users.
    #[serde(default)]
    #[schemars(regex(pattern = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$"), extend("patternErrorMessage" = "is no ARN of a role, such as `arn:aws:iam::123456789012:role/name`"))]
    pub login_role: Option<String>,
    /// The stacks are gone whose exports the catalog's stacks take the place of, and others still
    /// import those names: the catalog exports them.
    #[serde(default)]
    pub legacy_exports: bool,
    /// The profile of the AWS configuration to publish with, where `AWS_PROFILE` names none.
    #[serde(default)]
    pub profile: Option<String>,
}

/// The id of something that exists in the account.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordedId {
    /// Its id, `prod-…` or `port-…`.
    #[schemars(regex(pattern = "^(prod|port)-[a-z0-9]{13}$"), extend("patternErrorMessage" = "is no id: `prod-` or `port-`, then 13 letters and digits"))]
    pub id: Located<String>,
}
