//! A portfolio as a person writes it: `portfolios/<key>.yaml`.

use super::rule::TemplateRule;
use super::{LogicalId, Recipients, StackName};
use crate::product::{AccountId, Key};
use crate::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A portfolio: who may launch which products, and how.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Portfolio {
    /// Its stack. Products, constraints and tag options hang on the portfolio's id, and the id on
    /// this name and the next: they never change.
    pub stack: Located<StackName>,
    /// Its logical id in the stack.
    pub logical_id: Located<LogicalId>,
    /// The name that people see.
    #[schemars(length(min = 1, max = 100), regex(pattern = r"^[^\n\r\t]+$"), extend("patternErrorMessage" = "is no name that stands on one line of a page"))]
    pub name: Located<String>,
    /// What it is for.
    #[schemars(length(min = 1, max = 2000))]
    pub description: String,
    /// Who sees its products.
    pub principals: Vec<Located<Principal>>,
    /// Logical ids of principals, by what names each, where they are other than those made of it: a stack
    /// from before this catalog has its own, and under another the principal would be made twice, then
    /// deleted.
    #[serde(default)]
    pub principal_ids: IndexMap<Located<String>, LogicalId>,
    /// Its products.
    pub products: Vec<Placement>,
    /// Keys of the tag options that its launches offer.
    #[serde(default)]
    pub tag_options: Vec<Located<String>>,
    /// With whom it is shared.
    #[serde(default)]
    pub shares: Vec<Located<Share>>,
    /// What those accounts need: the roles that launches call by name.
    #[serde(default)]
    pub recipients: Option<Recipients>,
}

/// Who sees a portfolio's products.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Principal {
    /// An end-user role of this catalog, by its key.
    EndUserRole(Key),
    /// A role whose ARN another stack exports under this name; may hold `${AWS::Region}`.
    Import(#[schemars(length(min = 1))] String),
    /// A role of the account, by its name with its path.
    RoleName(
        #[schemars(
            length(max = 576),
            regex(pattern = r"^[A-Za-z0-9_+=,.@/-]*[A-Za-z0-9_+=,.@-]{1,64}$"), extend("patternErrorMessage" = "is no name of a role: letters, digits and `+=,.@_-`, after a path if it has one, without wildcards"))]
        String,
    ),
    /// A user, group or role, by its ARN.
    Arn(
        #[schemars(regex(
            pattern = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user|group)/[A-Za-z0-9_+=,.@/-]*[A-Za-z0-9_+=,.@-]$"
        ), extend("patternErrorMessage" = "is no ARN of a role, user or group, such as `arn:aws:iam::123456789012:role/name`, without wildcards"))]
        String,
    ),
    /// Roles by a pattern without account, such as `arn:aws:iam:::role/team/*`. For shared
    /// portfolios: it holds in every account that imports them.
    Pattern(String),
}

/// A product in a portfolio.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Placement {
    /// The product.
    pub product: Located<Key>,
    /// Logical ids, where they are other than those made of the product's key.
    #[serde(default)]
    pub logical_ids: PlacementIds,
    /// As whom the product is launched; left out, as its own launch role.
    #[serde(default)]
    pub launch: Option<Located<Launch>>,
    /// Whether the tags of a running product may be changed.
    pub tag_update: TagUpdate,
    /// What may be chosen on the launch form, narrower than the template allows.
    #[serde(default)]
    pub rules: Vec<Located<TemplateRule>>,
    /// Topics that are told of the stack's events; ARNs or `${AWS::Region}` texts of them.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisionProduct.html>
    #[serde(default)]
    #[schemars(
        length(max = 5),
        extend("uniqueItems" = true),
        inner(regex(
            pattern = r"^arn:(aws[a-z-]*|[$][{]AWS::Partition[}]):sns:([a-z]{2}(-[a-z]+)+-[0-9]|[$][{]AWS::Region[}]):([0-9]{12}|[$][{]AWS::AccountId[}]):[A-Za-z0-9_-]{1,256}([.]fifo)?$"
        )), extend("patternErrorMessage" = "is no ARN of an SNS topic, such as `arn:aws:sns:us-east-1:123456789012:name`"))]
    pub notify: Vec<String>,
    /// Launches into several accounts and regions.
    #[serde(default)]
    pub stack_set: Option<Located<StackSetConstraint>>,
}

/// Logical ids of one product's resources in a portfolio's stack.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlacementIds {
    /// Of the association.
    #[serde(default)]
    pub association: Option<LogicalId>,
    /// Of the launch constraint.
    #[serde(default)]
    pub launch: Option<LogicalId>,
    /// Of the constraint on tag updates.
    #[serde(default)]
    pub tag_update: Option<LogicalId>,
}

/// As whom a product is launched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Launch {
    /// A role whose ARN another stack exports under this name; may hold `${AWS::Region}`.
    Import(String),
    /// A role of this name in the account that launches: for shared portfolios.
    LocalRoleName(
        #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$"), extend("patternErrorMessage" = "is no name of a role: 1 to 64 letters, digits and `+=,.@_-`, without path or ARN"))]
         String,
    ),
    /// As the user.
    AsUser,
}

/// Whether the tags of a running product may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TagUpdate {
    /// They may.
    Allowed,
    /// They may not.
    NotAllowed,
}

/// Launches into several accounts and regions.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/using-stacksets.html>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StackSetConstraint {
    /// The accounts.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub accounts: Vec<AccountId>,
    /// The regions.
    #[schemars(length(min = 1), extend("uniqueItems" = true), inner(regex(pattern = "^[a-z]{2}(-[a-z]+)+-[0-9]$")), extend("patternErrorMessage" = "is no region, such as `us-east-1`"))]
    pub regions: Vec<String>,
    /// The role that administers the stack set, by ARN; may hold `${AWS::AccountId}`.
    #[schemars(regex(
        pattern = r"^arn:(aws[a-z-]*|[$][{]AWS::Partition[}]):iam::([0-9]{12}|[$][{]AWS::AccountId[}]):role/[A-Za-z0-9_+=,.@/-]+$"
    ), extend("patternErrorMessage" = "is no ARN of a role, such as `arn:aws:iam::${AWS::AccountId}:role/name`"))]
    pub admin_role: String,
    /// The role that creates the stacks in each account, by name.
    #[schemars(regex(pattern = "^[A-Za-z0-9_+=,.@-]{1,64}$"), extend("patternErrorMessage" = "is no name of a role: 1 to 64 letters, digits and `+=,.@_-`, without path or ARN"))]
    pub execution_role: String,
    /// Whether users may add and remove stacks themselves.
    pub users_change_stacks: bool,
}

/// With whom a portfolio is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Share {
    /// An account.
    Account(AccountId),
    /// An organisational unit, `ou-…`. CloudFormation has no resource for it: it is shared
    /// through the API.
    OrganizationalUnit(OrganizationalUnit),
}

/// The id of an organisational unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct OrganizationalUnit(
    #[schemars(regex(pattern = "^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$"), extend("patternErrorMessage" = "is no id of an organisational unit, such as `ou-ab12-cdef3456`"))]
     String,
);

impl TryFrom<String> for OrganizationalUnit {
    type Error = String;

    fn try_from(text: String) -> Result<OrganizationalUnit, String> {
        let part = |part: &str, least: usize| {
            (least..=32).contains(&part.len())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        match text.split('-').collect::<Vec<_>>().as_slice() {
            ["ou", root, unit] if part(root, 4) && part(unit, 8) => Ok(OrganizationalUnit(text)),
            _ => Err(format!(
                "`{text}` is no organisational unit: ou-<root>-<unit>"
            )),
        }
    }
}

impl From<OrganizationalUnit> for String {
    fn from(unit: OrganizationalUnit) -> String {
        unit.0
    }
}

impl Portfolio {
    /// The logical id of the association with a principal.
    pub fn principal_id(&self, principal: &Principal) -> LogicalId {
        let text = principal.text();
        let given = self.principal_ids.get(text).cloned();
        given.unwrap_or_else(|| LogicalId::from_text(&format!("Principal{text}")))
    }
}

impl Placement {
    /// The logical id of the association of product and portfolio.
    pub fn association_id(&self) -> LogicalId {
        self.id(&self.logical_ids.association, "Association")
    }

    /// The logical id of the launch constraint.
    pub fn launch_id(&self) -> LogicalId {
        self.id(&self.logical_ids.launch, "LaunchConstraint")
    }

    /// The logical id of the constraint on tag updates.
    pub fn tag_update_id(&self) -> LogicalId {
        self.id(&self.logical_ids.tag_update, "TagUpdateConstraint")
    }

    /// The stack parameter that takes the product's id.
    pub fn product_parameter(&self) -> LogicalId {
        product_parameter(&self.product)
    }

    pub(super) fn id(&self, given: &Option<LogicalId>, suffix: &str) -> LogicalId {
        given
            .clone()
            .unwrap_or_else(|| LogicalId::of_key(&self.product, suffix))
    }
}

/// The stack parameter that takes a product's id.
pub fn product_parameter(product: &Key) -> LogicalId {
    LogicalId::of_key(product, "ProductId")
}

impl Principal {
    /// Its text, as a reader would recognise it.
    pub fn text(&self) -> &str {
        match self {
            Principal::EndUserRole(key) => key.as_str(),
            Principal::Import(text)
            | Principal::RoleName(text)
            | Principal::Arn(text)
            | Principal::Pattern(text) => text,
        }
    }
}
