//! What is the same in every account of the organisation.

use crate::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `portfolios/organization.yaml`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Organization {
    /// The organisation's name, shown as the owner of its products.
    #[schemars(length(min = 1, max = 50))]
    pub name: String,
    /// Who helps with products.
    pub support: Support,
    /// What other stacks of the account export, by the key under which products ask for it.
    #[serde(default)]
    pub exports: IndexMap<String, Export>,
    /// Macros of the accounts that leave everything in a template alone but resources of types of
    /// their own, by name. What any other macro makes of a template isn't known.
    #[serde(default)]
    pub macros: IndexMap<String, Macro>,
    /// Who reviews changes, by the pattern of files: teams, users or addresses, as GitHub takes them.
    /// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
    #[serde(default)]
    pub code_owners: IndexMap<Located<String>, Vec<CodeOwner>>,
}

/// A team, a user or an address that reviews changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CodeOwner(
    /// `@organization/team`, `@user`, or an address.
    #[schemars(
        length(max = 254),
        regex(
            pattern = r"^(@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9_.-]+)?|[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+[.][A-Za-z0-9-]+)$"
        ), extend("patternErrorMessage" = "is neither `@organization/team` nor `@user` nor an e-mail address"))]
    pub String,
);

/// A macro.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Macro {
    /// The types that it makes something of.
    #[schemars(
        length(min = 1),
        inner(regex(pattern = "^[A-Za-z0-9]+(::[A-Za-z0-9@_-]+)+$")),
        extend("patternErrorMessage" = "is no resource type, such as `AWS::S3::Object`")
    )]
    pub types: Vec<String>,
    /// How that is known.
    pub source: String,
}

/// Who helps with products.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateProduct.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Support {
    /// What to do in need of help.
    #[schemars(length(min = 1, max = 8191))]
    pub description: String,
    /// Where to write.
    #[schemars(
        email,
        length(max = 254),
        regex(pattern = "^[!-?A-~]+@[A-Za-z0-9.-]+[.][A-Za-z0-9-]+$"), extend("patternErrorMessage" = "is no e-mail address, such as `help@example.org`"))]
    pub email: String,
    /// Where to read.
    #[schemars(
        url,
        length(max = 2083),
        regex(
            pattern = r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?$"
        ), extend("patternErrorMessage" = "is no address of a page: `https://` or `http://`, a host, and no blanks"))]
    pub url: String,
}

/// An export that templates import. Preflight looks for it before anything is published.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Export {
    /// What it holds.
    pub holds: ExportKind,
    /// Its name, where that is the same in every account; may hold `${AWS::Region}`.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>
    #[serde(default)]
    #[schemars(
        length(max = 255),
        regex(pattern = r"^([A-Za-z0-9:-]|[$][{]AWS::(AccountId|Partition|Region)[}])+$"),
        extend("patternErrorMessage" = "is no name of an export: letters, digits, colons and hyphens, with `${AWS::Region}` where it is meant")
    )]
    pub name: Option<String>,
}

/// What an export holds; preflight checks its value against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExportKind {
    /// `vpc-…`
    VpcId,
    /// `subnet-…`
    SubnetId,
    /// `sg-…`
    SecurityGroupId,
    /// The ARN of a Lambda function: the token of a custom resource.
    FunctionArn,
    /// The ARN of a managed policy.
    PolicyArn,
    /// The ARN of a role.
    RoleArn,
    /// The ARN of a load balancer's listener.
    ListenerArn,
    /// An `https` URL.
    Url,
}
