//! What AWS's schemas don't say of a type, a service and a launch, as the file of behaviours says it.

use crate::cfn::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A condition key that calls carry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContextKey {
    /// The key.
    pub key: String,
    /// The actions whose calls carry it.
    pub actions: Vec<String>,
    /// Its value.
    pub value: String,
    /// The fact behind it.
    pub fact: String,
}

/// What Service Catalog and CloudFormation call as the launch role, beside the handlers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LaunchBehaviour {
    /// The fact behind it.
    pub fact: String,
    /// The service that assumes the launch role.
    pub service: String,
    /// A key that the service may send when it does, or not.
    pub doubtful: DoubtfulKey,
    /// Whatever is done.
    pub always: Vec<CallRow>,
    /// To launch.
    pub create: Vec<CallRow>,
    /// To update.
    pub update: Vec<CallRow>,
    /// To end.
    pub delete: Vec<CallRow>,
    /// For each macro of the template.
    #[serde(rename = "macro")]
    pub of_macros: CallRows,
    /// For each object of S3 that the template names: those of nested stacks, and what it includes.
    pub files: CallRows,
    /// For each action that a person starts on the product.
    pub service_action: CallRows,
}

/// A key that AWS may send, or not: nobody says.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DoubtfulKey {
    /// The key.
    pub key: String,
    /// Its value, where it is sent.
    pub value: String,
    /// The fact behind it.
    pub fact: String,
}

/// Calls that one fact speaks of.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CallRows {
    /// The fact behind them.
    pub fact: String,
    /// The calls.
    pub calls: Vec<CallRow>,
}

/// What a service needs of a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceBehaviour {
    /// The service, such as `batch.amazonaws.com`.
    pub service: String,
    /// The fact behind it.
    pub fact: String,
    /// The keys that it sends when it assumes a role.
    #[serde(default)]
    pub sends: IndexMap<String, String>,
    /// What it calls as the role, whatever the role is for.
    #[serde(default)]
    pub needs: Vec<CallRow>,
}

/// What the schema of a type leaves out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TypeBehaviour {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it is named; none: its id is all it has.
    #[serde(default)]
    pub name: Option<Naming>,
    /// What `Ref` yields.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Attributes that are other than what any text would do for.
    #[serde(default)]
    pub attributes: IndexMap<String, String>,
    /// The actions that make it: before them, it isn't there and has no tags.
    pub creates: Vec<String>,
    /// Making it again under its name is no conflict.
    #[serde(default)]
    pub shared: bool,
    /// The roles that it takes.
    #[serde(default)]
    pub roles: Vec<TakenRole>,
    /// Calls that are other than one on itself.
    #[serde(default)]
    pub calls: Vec<CallRow>,
    /// The policy that it carries.
    #[serde(default)]
    pub policy: Option<OwnPolicy>,
    /// Whose tags it carries as well.
    #[serde(default)]
    pub inherits: Option<Inherits>,
    /// It gets contents in use, and isn't deleted with them.
    #[serde(default)]
    pub fills: Option<Fills>,
}

/// How resources of a type are named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Naming {
    /// The property that names one.
    #[serde(default)]
    pub property: Option<String>,
    /// What the name that CloudFormation makes begins with; none: it makes none.
    #[serde(default)]
    pub generated: Option<Generated>,
    /// The greatest length of a name, in characters.
    #[serde(default)]
    pub most: Option<usize>,
    /// Names are in lower case.
    #[serde(default)]
    pub lower: bool,
}

/// What a name that CloudFormation makes begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Generated {
    /// The name of the stack, then the logical id.
    Stack,
    /// The logical id.
    LogicalId,
}

/// A property that takes a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TakenRole {
    /// The property; `*` stands for each item.
    pub property: String,
    /// How the role is written there.
    pub by: RoleSpelling,
    /// The service that takes it.
    pub passed_to: String,
    /// The fact behind it.
    pub fact: String,
}

/// How a property names a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RoleSpelling {
    /// By ARN.
    Arn,
    /// By name, whatever its path.
    Name,
    /// By ARN, or by name with its path; a name alone has the path `/`.
    ArnOrPathAndName,
    /// By the instance profile that holds it.
    Profile,
}

/// A call of a handler, of a service or of a program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CallRow {
    /// The actions.
    pub actions: Vec<String>,
    /// One call for each value of this property; none without it.
    #[serde(default)]
    pub each: Option<String>,
    /// Only with one of these properties.
    #[serde(default)]
    pub with: Vec<String>,
    /// On what: each must be allowed. A text whose property isn't set is left out.
    #[serde(default)]
    pub on: Vec<String>,
    /// The condition keys beside those that every call carries.
    #[serde(default)]
    pub keys: IndexMap<String, String>,
    /// The handler never calls it, though the schema lists it.
    #[serde(default)]
    pub never: bool,
    /// The fact behind it.
    #[serde(default)]
    pub fact: Option<String>,
}

/// The policy that a resource carries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OwnPolicy {
    /// The property that holds it.
    pub property: String,
    /// Nobody uses the resource whom it doesn't let in.
    pub must_allow: bool,
    /// The fact behind it.
    pub fact: String,
}

/// Whose tags a resource carries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inherits {
    /// The resource.
    pub tags_of: String,
    /// The fact behind it.
    pub fact: String,
}

/// What fills up in use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fills {
    /// The fact behind it.
    pub fact: String,
}
