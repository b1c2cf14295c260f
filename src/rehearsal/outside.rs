//! What the catalog meets in an account and doesn't make: functions behind custom resources,
//! macros, policies, and what AWS's own policies say.

use super::behaviour::CallRow;
use super::thing::{Origin, Thing};
use crate::cfn::{IndexMap, Map, Node};
use crate::environment::{ExportKind, Organization};
use crate::yaml::{InputError, Located, hint, load};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

/// `portfolios/outside.yaml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutsideFile {
    /// Functions that custom resources call, by the export that holds their ARN.
    #[serde(default)]
    pub functions: IndexMap<Located<String>, OutsideFunction>,
    /// Macros, by name.
    #[serde(default)]
    pub macros: IndexMap<String, OutsideMacro>,
    /// Managed policies, by the export that holds their ARN.
    #[serde(default)]
    pub policies: IndexMap<Located<String>, Json>,
    /// Values of exports that nothing else says.
    #[serde(default)]
    pub exports: IndexMap<String, Located<String>>,
}

/// A function that custom resources call.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutsideFunction {
    /// Its name in the account, or one like it.
    pub name: String,
    /// What it answers to an Update.
    #[serde(default)]
    pub update: UpdateAnswer,
}

/// What a function answers to an Update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UpdateAnswer {
    /// The same physical id.
    #[default]
    Same,
    /// Another physical id: the old one is deleted.
    Replaced,
    /// FAILED.
    Failed,
}

/// A macro.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutsideMacro {
    /// Its function's name; none: it is AWS's own.
    #[serde(default)]
    pub function: Option<String>,
    /// The end of its transform's ARN, where it isn't one of the account under its name.
    #[serde(default)]
    pub transform: Option<String>,
    /// The custom resources that it makes of types, by the name of the function behind them.
    #[serde(default)]
    pub makes: IndexMap<String, MadeByMacro>,
}

/// A custom resource that a macro makes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MadeByMacro {
    /// Its type.
    pub becomes: String,
    /// The name of the function behind it.
    pub function: String,
}

/// What the catalog meets in an account.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The file.
    pub file: OutsideFile,
    aws_policies: IndexMap<String, Node>,
}

impl OutsideFile {
    fn mistakes(&self, file: &str, organization: &Organization) -> Vec<InputError> {
        let mut errors = Vec::new();
        let mut check = |name: &Located<String>, known: &[&str], what: &str, otherwise: &str| {
            if !known.contains(&name.as_str()) {
                errors.push(InputError {
                    file: file.to_owned(),
                    at: name.at,
                    message: format!("`{}` is no {what}", name.value),
                    hint: Some(hint(name, known.iter().copied(), || otherwise.to_owned())),
                });
            }
        };
        let declared = |holds: ExportKind| -> Vec<&str> {
            let exports = organization.exports.iter();
            let exports = exports.filter(|(_, export)| export.holds == holds);
            exports.map(|(key, _)| key.as_str()).collect()
        };
        let functions = declared(ExportKind::FunctionArn);
        for name in self.functions.keys() {
            check(
                name,
                &functions,
                "declared export of a function",
                "declare it under `exports` of portfolios/organization.yaml, with `holds: function-arn`",
            );
        }
        let policies = declared(ExportKind::PolicyArn);
        let of_exports = |name: &str| self.exports.values().any(|policy| policy.value == name);
        for name in self.policies.keys().filter(|name| !of_exports(name)) {
            check(
                name,
                &policies,
                "declared export of a policy",
                "declare it under `exports` of portfolios/organization.yaml, with `holds: policy-arn`, or name what exports it under `exports` here",
            );
        }
        let policies: Vec<&str> = self.policies.keys().map(|name| name.as_str()).collect();
        for name in self.exports.values() {
            check(
                name,
                &policies,
                "policy of this file",
                "write it under `policies`",
            );
        }
        errors.sort();
        errors
    }
}

/// What programs call in AWS: `products/<key>/calls.yaml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Programs {
    /// By the logical id of the machine, function or job definition that they run on.
    #[serde(default)]
    pub programs: Vec<Program>,
}

/// What runs on a machine, in a function or as a job.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Program {
    /// The logical id of what runs it.
    pub runs_on: String,
    /// Where it stands, below `products/`; none: it is somebody else's, such as an agent.
    #[serde(default)]
    pub file: Option<String>,
    /// Who runs it.
    #[serde(default)]
    pub by: Option<String>,
    /// The path of the property that names its role.
    pub role: String,
    /// For a function behind a custom resource, the requests on which it makes the calls.
    #[serde(default)]
    pub requests: Vec<RequestKind>,
    /// It answers SUCCESS to a Delete of what was never made.
    #[serde(default)]
    pub forgives_unmade: bool,
    /// The machine calls it before it signals that it is ready.
    #[serde(default)]
    pub at_boot: bool,
    /// It goes on where a call is refused.
    #[serde(default)]
    pub optional: bool,
    /// The page that says what it calls, where it is somebody else's.
    #[serde(default)]
    pub source: Option<String>,
    /// The calls. In texts, names of the template's resources and parameters stand in `${…}`.
    pub calls: Vec<CallRow>,
}

/// What CloudFormation asks of the function behind a custom resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "each is documented by AWS under its own name")]
pub enum RequestKind {
    Create,
    Update,
    Delete,
}

impl Outside {
    /// What a file says, with the policies of AWS: `vendor/managed-policies.json`, by name.
    ///
    /// # Errors
    /// Every mistake in the file: functions and policies of exports that the organisation doesn't
    /// declare as such, exports of policies that aren't there.
    pub fn read(
        file: &str,
        text: &str,
        organization: &Organization,
    ) -> Result<Outside, Vec<InputError>> {
        let read: OutsideFile = load(file, text)?;
        let errors = read.mistakes(file, organization);
        match errors.is_empty() {
            true => Ok(Outside {
                file: read,
                aws_policies: aws_policies(),
            }),
            false => Err(errors),
        }
    }

    /// Nothing but AWS's own policies.
    pub fn of_aws() -> Outside {
        Outside {
            file: OutsideFile::default(),
            aws_policies: aws_policies(),
        }
    }

    /// A policy of AWS, by ARN.
    pub fn aws_policy(&self, arn: &str) -> Option<&Node> {
        let (_, path) = arn.split_once(":iam::aws:policy/")?;
        self.aws_policies.get(path.rsplit('/').next()?)
    }

    /// The function of this name or ARN.
    pub fn function(&self, arn: &str) -> Option<&OutsideFunction> {
        let name = arn.rsplit(':').next()?;
        self.file
            .functions
            .values()
            .find(|function| function.name == name)
    }

    /// What of it stands in an account: policies, and the functions behind custom resources and macros.
    pub fn things(&self, partition: &str, region: &str, account: &str) -> Vec<Thing> {
        let thing = |kind: &str, arn: String, name: &str, properties: Map| Thing {
            kind: kind.to_owned(),
            id: match kind {
                "AWS::IAM::ManagedPolicy" => arn.clone(),
                _ => name.to_owned(),
            },
            name: name.to_owned(),
            arn,
            properties,
            tags: IndexMap::default(),
            attached: Vec::new(),
            is_filled: false,
            stack: None,
            origin: Origin {
                file: "portfolios/outside.yaml".to_owned(),
                logical_id: name.to_owned(),
            },
        };
        let policies = self.file.policies.iter().map(|(key, document)| {
            let properties = [("PolicyDocument".to_owned(), Node::from_json(document))];
            let key = &key.value;
            let arn = format!("arn:{partition}:iam::{account}:policy/{key}");
            let properties = properties.into_iter().collect();
            thing("AWS::IAM::ManagedPolicy", arn, key, properties)
        });
        let functions = self.functions().map(|name| {
            let arn = format!("arn:{partition}:lambda:{region}:{account}:function:{name}");
            thing("AWS::Lambda::Function", arn, name, Map::default())
        });
        policies.chain(functions).collect()
    }

    /// The names of all functions, those of macros among them.
    pub fn functions(&self) -> impl Iterator<Item = &String> {
        let macros = || self.file.macros.values();
        let behind = self.file.functions.values().map(|function| &function.name);
        let of_macros = macros().filter_map(|one| one.function.as_ref());
        let made = macros().flat_map(|one| one.makes.values());
        behind
            .chain(of_macros)
            .chain(made.map(|made| &made.function))
    }
}

/// The policies of AWS that roles of products have, as they are vendored.
fn aws_policies() -> IndexMap<String, Node> {
    let text = include_str!("../../vendor/managed-policies.json");
    let all: IndexMap<String, Json> = serde_json::from_str(text).unwrap_or_default();
    all.into_iter()
        .map(|(name, document)| (name, Node::from_json(&document)))
        .collect()
}

impl Programs {
    /// Reads what programs call.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Programs, Vec<InputError>> {
        load(file, text)
    }
}
