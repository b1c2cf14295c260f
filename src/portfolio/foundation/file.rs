//! The foundation as a person writes it: `portfolios/foundation.yaml`.

use crate::portfolio::{LogicalId, StackName};
use crate::product::{AccountId, Key};
use crate::yaml::Located;
use schemars::JsonSchema;
use serde::Deserialize;

/// What the catalog stands on in each account.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Foundation {
    /// The stack.
    pub stack: Located<StackName>,
    /// What a running product can be told to do.
    #[serde(default)]
    pub service_actions: Vec<ServiceAction>,
    /// Policies for machines that write parameters of their own.
    #[serde(default)]
    pub parameter_policies: Vec<ParameterPolicy>,
    /// The most that roles made by products can do.
    pub boundary: Vec<BoundaryStatement>,
    /// As whom each product is launched.
    pub launch_roles: Vec<LaunchRoleFile>,
    /// What makes products of the type `EXTERNAL`. Service Catalog takes one engine an account.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-considerations>
    #[serde(default)]
    pub external_engine: Option<Located<ExternalEngine>>,
}

/// An engine that makes products, such as one that runs Terraform: it takes their launch roles.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExternalEngine {
    /// The account that it runs in; left out, the one that the catalog is published to.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The roles of its parser and of what carries its work out, by their paths and names: `*` stands
    /// for any letters, such as the region at their end.
    #[schemars(
        length(min = 1),
        inner(
            length(max = 576),
            regex(pattern = r"^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{4}[A-Za-z0-9_+=,.@*-]*$")
        )
    )]
    pub roles: Vec<String>,
    /// Endings of the files that it reads; one has to stand at the root of every archive. Left out,
    /// `.tf`, which is what AWS's own engine reads.
    /// <https://github.com/aws-samples/service-catalog-engine-for-terraform-os#artifact-file-types>
    #[serde(default = "terraform_files")]
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub reads: Vec<String>,
}

fn terraform_files() -> Vec<String> {
    vec![".tf".to_owned()]
}

impl Foundation {
    /// Endings of the files that the engine reads, of which one has to stand at the root of every
    /// archive; what AWS's own engine reads, where none is declared yet.
    pub fn engine_reads(&self) -> Vec<String> {
        let engine = self.external_engine.as_ref();
        engine.map_or_else(terraform_files, |engine| engine.reads.clone())
    }
}

/// A service action: an automation document that a person starts on a product.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/using-service-actions.html>
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceAction {
    /// Its logical id; other stacks import its id under this name and `Id`.
    pub logical_id: LogicalId,
    /// The name that people see.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]([A-Za-z0-9 _.-]{0,254}[A-Za-z0-9_.-])?$"), extend("patternErrorMessage" = "is no name of an action: letters, digits, blanks and `_.-`, no blank at an end"))]
    pub name: Located<String>,
    /// What it does.
    #[schemars(length(max = 1024))]
    pub description: String,
    /// The automation document of Systems Manager, by its name: an ARN would be that of one account
    /// and region, and the stack is the same in all.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{3,128}$"), extend("patternErrorMessage" = "is no name of a document: 3 to 128 letters, digits and `_.-`, no ARN"))]
    pub document: Located<String>,
    /// The document's version: its number.
    #[schemars(regex(pattern = "^[1-9][0-9]*$"), extend("patternErrorMessage" = "is no number of a version, such as `\"1\"`"))]
    pub document_version: String,
    /// Actions that the document calls on the instance.
    pub calls: Vec<Located<String>>,
    /// Products that have it.
    pub products: Vec<Located<Key>>,
}

/// A policy by which a machine writes the parameters that carry its own tag, and no others.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ParameterPolicy {
    /// Its logical id; its ARN is exported under this name.
    pub logical_id: LogicalId,
    /// What the names of the parameters start with.
    /// <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html>
    #[schemars(
        regex(pattern = "^(/[A-Za-z0-9_.-]+)+/$"),
        extend(
            "not" = { "pattern": "^/([Aa][Ww][Ss]|[Ss][Ss][Mm])" },
            "patternErrorMessage" = "is no path of parameters: `/name/`, of letters, digits and `_.-`, and neither `/aws` nor `/ssm` first"
        )
    )]
    pub path: String,
    /// The tag whose value is the same on the machine's role and on its parameters.
    #[schemars(
        regex(pattern = "^[A-Za-z0-9 _.:/=+@-]{1,128}$"),
        extend(
            "not" = { "pattern": "^[Aa][Ww][Ss]:" },
            "patternErrorMessage" = "is no key of a tag: 1 to 128 letters, digits, blanks and `_.:/=+@-`, and not `aws:` first"
        )
    )]
    pub tag: String,
    /// The stack whose export of the same name this one takes the place of.
    #[serde(default)]
    pub legacy_stack: Option<StackName>,
}

/// What roles made by products may do at most, where their policies grant it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BoundaryStatement {
    /// Its name in the policy.
    pub sid: LogicalId,
    /// Why roles may need it.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The actions; a boundary grants nothing, so `service:*` may stand here.
    pub actions: Vec<String>,
    /// The resources; left out, any.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Names of exports that hold further resources by ARN; may hold `${AWS::Region}`.
    #[serde(default)]
    pub imports: Vec<Located<String>>,
    /// Services to which a role may be passed, for `iam:PassRole`.
    #[serde(default)]
    pub passed_to: Vec<Located<String>>,
    /// Products whose roles may do it; left out, those of any.
    #[serde(default)]
    pub roles_of: Vec<Located<Key>>,
}

/// As whom a product is launched, beyond what its templates say.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LaunchRoleFile {
    /// The product.
    pub product: Located<Key>,
    /// The role's stack, which exports `LaunchRoleArn` and `LaunchRoleName`.
    pub stack: Located<StackName>,
    /// A stack whose exports of the same names this role takes the place of.
    #[serde(default)]
    pub legacy_stack: Option<StackName>,
    /// The number of actions that the role before this one granted, for the table.
    #[serde(default)]
    pub legacy_actions: Option<u32>,
    /// Resource types of versions from before this catalog, whose templates it doesn't have: the
    /// role reads and deletes what they made, in an update or at the end, and makes none.
    #[serde(default)]
    pub legacy_types: Vec<LegacyType>,
    /// Custom resources of such versions, with the functions that change and end them.
    #[serde(default)]
    pub legacy_functions: Vec<LegacyFunction>,
    /// Macros of such versions' templates.
    #[serde(default)]
    pub legacy_macros: Vec<LegacyMacro>,
    /// Types that a macro puts into the templates.
    #[serde(default)]
    pub macro_types: Vec<Located<String>>,
    /// Actions that no schema tells of.
    #[serde(default)]
    pub grants: Vec<Located<Grant>>,
    /// Actions that the schemas list and the product doesn't need.
    #[serde(default)]
    pub removals: Vec<Located<Removal>>,
}

/// A resource type of versions from before this catalog.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LegacyType {
    /// The type.
    #[serde(rename = "type")]
    pub name: Located<String>,
    /// Its resources, by ARN, where they aren't named after their stacks.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Logical ids of resources that an update within those versions changes.
    #[serde(default)]
    pub logical_ids: Vec<String>,
}

/// A custom resource of versions from before this catalog.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LegacyFunction {
    /// The type, `Custom::…`.
    #[serde(rename = "type")]
    pub name: Located<String>,
    /// The function behind it.
    pub function: FunctionOf,
}

/// The function behind a custom resource.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FunctionOf {
    /// Its ARN is exported under this name.
    Import(String),
    /// Its name, or the pattern of it.
    Name(String),
    /// It is in the stack that uses it, or in a stack nested there.
    OwnStack,
    /// There is none any more, and why: such a resource can be neither changed nor ended.
    Gone(String),
}

/// A macro of versions from before this catalog.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LegacyMacro {
    /// Its name, `AWS::…` for AWS's own.
    pub name: Located<String>,
    /// The name of its function, or the pattern of it; AWS's own have none.
    #[serde(default)]
    pub function: Option<String>,
}

/// Actions beyond those of the schemas.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Grant {
    /// Its name in the policy.
    pub sid: LogicalId,
    /// Why.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The resource type or macro of the templates that needs it; `EXTERNAL` where the product is of
    /// that type.
    pub needed_by: Located<String>,
    /// The actions.
    pub actions: Vec<String>,
    /// The resources, by ARN; may hold `${AWS::Region}` and the like.
    pub resources: Vec<String>,
}

/// An action that stays out.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Removal {
    /// The action.
    pub action: String,
    /// Why.
    #[schemars(length(min = 1))]
    pub reason: String,
}
