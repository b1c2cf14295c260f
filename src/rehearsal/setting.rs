//! The account in which a product is rehearsed: the catalog's stacks in it, and what others export.

use super::account::{Account, Caller};
use super::cause::Cause;
use super::custom::Declared;
use super::engine::{Engine, Failure, Manner};
use super::event::Status;
use super::fill::Values;
use super::stack::StackRequest;
use super::thing::{Origin, Thing};
use super::world::World;
use crate::cfn::{IndexMap, Map, Scenario, Template};
use crate::environment::{Environment, ExportKind, Organization};
use std::sync::Arc;

/// A stack of the catalog.
#[derive(Clone, Debug)]
pub struct CatalogTemplate {
    /// Its name.
    pub name: String,
    /// Its file, from the root of the repository.
    pub file: String,
    /// Its template.
    pub template: Arc<Template>,
}

/// An account, set up for the rehearsal of a product.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The environment.
    pub environment: String,
    /// The account, the catalog's stacks in it.
    pub account: Account,
    /// The launch role, by ARN; its name, where a constraint names it and there is no such role.
    pub launch_role: String,
}

/// How a product's launch role is told to Service Catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaunchRole {
    /// By the export that holds its ARN; may hold `${AWS::Region}`.
    Export(String),
    /// By name.
    Name(String),
}

impl LaunchRole {
    /// The ARN; none where the account has no such export or role.
    pub fn arn(&self, account: &Account) -> Option<String> {
        match self {
            LaunchRole::Export(export) => {
                let export = export.replace("${AWS::Region}", &account.region);
                account.exports.get(&export).cloned()
            }
            LaunchRole::Name(name) => {
                let role = account.find("AWS::IAM::Role", name)?;
                Some(role.arn.clone())
            }
        }
    }

    fn name(&self) -> String {
        match self {
            LaunchRole::Export(name) | LaunchRole::Name(name) => name.clone(),
        }
    }
}

/// The tags that Service Catalog gives a stack, and through it its resources.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html>
pub(super) fn stack_tags(
    account: &Account,
    product: &str,
    version: &str,
) -> IndexMap<String, String> {
    let (id, region) = (&account.id, &account.region);
    [
        (
            "provisioningPrincipalArn",
            format!("arn:aws:sts::{id}:assumed-role/ServiceCatalogEndusers/1111111"),
        ),
        (
            "productArn",
            format!("arn:aws:catalog:{region}:{id}:product/{product}"),
        ),
        (
            "provisionedProductArn",
            format!("arn:aws:servicecatalog:{region}:{id}:stack/{product}/pp-a"),
        ),
        ("provisioningArtifactIdentifier", version.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (format!("aws:servicecatalog:{name}"), value))
    .collect()
}

impl Setting {
    /// Sets an account up: what others export, then the catalog's stacks, in this order.
    ///
    /// # Errors
    /// Stacks of the catalog that can't be made in it.
    pub fn new(
        world: World<'_>,
        name: &str,
        environment: &Environment,
        organization: &Organization,
        stacks: &[CatalogTemplate],
        launch_role: &LaunchRole,
    ) -> Result<Setting, Vec<Failure>> {
        let mut account = Account::new(environment.account.as_str(), &environment.region);
        outside_exports(&mut account, world, environment, organization);
        let mut failures = Vec::new();
        for stack in stacks {
            let mut functions = Declared;
            let manner = Manner::survey();
            let mut engine = Engine::new(
                world,
                &mut account,
                Caller::Administrator,
                &mut functions,
                manner,
            );
            engine.create(StackRequest {
                name: stack.name.clone(),
                template: Arc::clone(&stack.template),
                file: stack.file.clone(),
                parameters: parameters(environment, &stack.template),
                tags: IndexMap::default(),
            });
            failures.append(&mut engine.failures);
        }
        let launch_role = launch_role
            .arn(&account)
            .unwrap_or_else(|| launch_role.name());
        match failures.is_empty() {
            true => Ok(Setting {
                environment: name.to_owned(),
                account,
                launch_role,
            }),
            false => Err(failures),
        }
    }

    /// The name of the stack of somebody's product.
    pub(super) fn stack(&self, person: u32) -> String {
        format!("SC-{}-pp-abcdefghijkl{person}", self.account.id)
    }

    pub(super) fn here<'a>(&'a self, world: World<'a>, stack: &str) -> Here<'a> {
        Here {
            world,
            account: &self.account,
            stack: self.account.pseudo(stack).stack_id,
            each: None,
            none: Map::default(),
        }
    }
}

/// The values of a stack of the catalog.
fn parameters(environment: &Environment, template: &Template) -> Scenario {
    let mut given = Scenario::default();
    for (name, parameter) in &template.parameters {
        if parameter.default.is_some() {
            continue;
        }
        let login = environment.login_role.clone();
        let example = format!(
            "arn:aws:iam::{}:role/login-application",
            *environment.account
        );
        let text = match name.contains("Role") {
            true => login.unwrap_or(example),
            false => "prod-abcdefghijklm".to_owned(),
        };
        given.insert(name.clone(), text);
    }
    given
}

/// What stacks outside the catalog export.
fn outside_exports(
    account: &mut Account,
    world: World<'_>,
    environment: &Environment,
    organization: &Organization,
) {
    let (partition, region, id) = (
        account.partition.clone(),
        account.region.clone(),
        account.id.clone(),
    );
    let file = &world.outside.file;
    let mut values: IndexMap<String, String> = IndexMap::default();
    let mut number = 0;
    for (key, export) in &organization.exports {
        number += 1;
        let hex = format!("0abc{number:013x}");
        let value = match export.holds {
            ExportKind::VpcId => format!("vpc-{hex}"),
            ExportKind::SubnetId => format!("subnet-{hex}"),
            ExportKind::SecurityGroupId => format!("sg-{hex}"),
            ExportKind::FunctionArn => match file.functions.get(key) {
                Some(function) => format!(
                    "arn:{partition}:lambda:{region}:{id}:function:{}",
                    function.name
                ),
                None => continue,
            },
            ExportKind::PolicyArn => match file.policies.contains_key(key) {
                true => format!("arn:{partition}:iam::{id}:policy/{key}"),
                false => continue,
            },
            // Roles are the catalog's own.
            ExportKind::RoleArn => continue,
            ExportKind::ListenerArn => format!(
                "arn:{partition}:elasticloadbalancing:{region}:{id}:listener/app/shared/{hex}/{hex}"
            ),
            ExportKind::Url => "https://connect.example.org".to_owned(),
        };
        let own = environment.exports.get(key).map(|name| name.value.clone());
        if let Some(name) = own.or_else(|| export.name.clone()) {
            values.insert(name, value);
        }
    }
    for (name, key) in &file.exports {
        values.insert(
            name.clone(),
            format!("arn:{partition}:iam::{id}:policy/{}", key.value),
        );
    }
    for (name, value) in values {
        account
            .exports
            .insert(name.replace("${AWS::Region}", &region), value);
    }
    let things = world
        .outside
        .things(&account.partition, &account.region, &account.id);
    for thing in things {
        account.add(thing);
    }
    // An instance on which actions are started, in a stack of a product.
    let tags = [(
        "aws:cloudformation:stack-name".to_owned(),
        format!("SC-{id}-pp-abcdefghijkl1"),
    )];
    account.add(Thing {
        kind: "AWS::EC2::Instance".to_owned(),
        id: "i-of-somebody".to_owned(),
        name: "i-of-somebody".to_owned(),
        arn: format!("arn:{partition}:ec2:{region}:{id}:instance/i-of-somebody"),
        properties: Map::default(),
        tags: tags.into_iter().collect(),
        attached: Vec::new(),
        is_filled: false,
        stack: None,
        origin: Origin::default(),
    });
}

/// The values of an account and a stack.
pub(super) struct Here<'a> {
    world: World<'a>,
    account: &'a Account,
    stack: String,
    each: Option<String>,
    none: Map,
}

impl<'a> Here<'a> {
    /// The same for one of several.
    pub fn with(&self, each: Option<&str>) -> Here<'a> {
        Here {
            world: self.world,
            account: self.account,
            stack: self.stack.clone(),
            each: each.map(str::to_owned),
            none: Map::default(),
        }
    }
}

impl Values for Here<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let text = match name {
            "Partition" => &self.account.partition,
            "Region" => &self.account.region,
            "Account" => &self.account.id,
            "StackArn" => &self.stack,
            "Each" => self.each.as_ref()?,
            _ => return None,
        };
        Some(text.clone())
    }

    fn properties(&self) -> &Map {
        &self.none
    }

    fn the(&self, kind: &str, name: &str) -> Option<String> {
        Some(self.account.find(kind, name)?.arn.clone())
    }
}

impl Failure {
    /// Something that keeps a whole stack from being rehearsed.
    pub fn of_file(file: &str, cause: Cause) -> Failure {
        Failure {
            file: file.to_owned(),
            logical_id: String::new(),
            kind: "AWS::CloudFormation::Stack".to_owned(),
            property: None,
            status: Status::CreateFailed,
            cause,
        }
    }
}
