//! Stacks in the account, with what stands beside their resources: the products', and one that has nothing
//! to do with the catalog.

use crate::cfn::{IndexMap, Map, Node, Scenario, Template, read};
use crate::rehearsal::{
    Account, Caller, Cause, Declared, Engine, Failure, Manner, Origin, StackRequest, Thing, World,
};
use std::sync::Arc;

/// A product that stands in the account, with what it takes to launch it.
#[derive(Clone, Copy)]
pub struct Owned<'a> {
    /// Its key.
    pub product: &'a str,
    /// What tells its versions apart: empty for the newest.
    pub version: &'a str,
    /// Its template.
    pub template: &'a Arc<Template>,
    /// The template's file, from the root of the repository.
    pub file: &'a str,
    /// Values of its form; the others have their defaults.
    pub parameters: &'a Scenario,
    /// What it is launched with.
    pub world: World<'a>,
    /// The role that launches it, by ARN.
    pub launch_role: &'a str,
}

/// The name of a stack that has nothing to do with the catalog.
pub(super) const ELSEWHERE: &str = "elsewhere";
const FILE_OF_ELSEWHERE: &str = "src/access/elsewhere.yaml";
const TEMPLATE_OF_ELSEWHERE: &str = include_str!("elsewhere.yaml");

pub(super) const SESSION: &str = "AWS::SSM::Session";
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";
pub(super) const PROVISIONED: &str = "AWS::ServiceCatalog::CloudFormationProvisionedProduct";

pub(super) fn launched(account: &mut Account, owned: &Owned<'_>, name: &str) -> Vec<Failure> {
    make(
        account,
        owned.world,
        StackRequest {
            name: name.to_owned(),
            template: Arc::clone(owned.template),
            file: owned.file.to_owned(),
            parameters: owned.parameters.clone(),
            tags: IndexMap::default(),
        },
    )
}

/// Makes a stack as an administrator does.
fn make(account: &mut Account, world: World<'_>, request: StackRequest) -> Vec<Failure> {
    let mut functions = Declared;
    let manner = Manner {
        survey: true,
        ..Manner::default()
    };
    let caller = Caller::Administrator;
    let mut engine = Engine::new(world, account, caller, &mut functions, manner);
    engine.create(request);
    std::mem::take(&mut engine.failures)
}

/// Makes what has nothing to do with the catalog.
pub(super) fn make_elsewhere(account: &mut Account, world: World<'_>) -> Vec<Failure> {
    let Ok(template) = read(TEMPLATE_OF_ELSEWHERE) else {
        let what = "the template".to_owned();
        return vec![Failure::of_file(FILE_OF_ELSEWHERE, Cause::Unknown { what })];
    };
    let failures = make(
        account,
        world,
        StackRequest {
            name: ELSEWHERE.to_owned(),
            template: Arc::new(template),
            file: FILE_OF_ELSEWHERE.to_owned(),
            parameters: Scenario::default(),
            tags: IndexMap::default(),
        },
    );
    let owner = Owner {
        user: "3333333",
        userid: "AROAELSEWHERE:3333333".to_owned(),
        role: None,
    };
    add_beside(account, ELSEWHERE, &owner);
    failures
}

/// Whose a stack is.
pub(super) struct Owner<'a> {
    /// What sessions' names begin with.
    pub user: &'a str,
    /// What their calls carry.
    pub userid: String,
    /// The role that works on the stack.
    pub role: Option<&'a str>,
}

/// What stands beside a stack's resources: the stack, the provisioned product, and a session on each of
/// its machines.
pub(super) fn add_beside(account: &mut Account, name: &str, owner: &Owner<'_>) {
    let (partition, region, id) = (
        account.partition.clone(),
        account.region.clone(),
        account.id.clone(),
    );
    let machines = account.things.iter();
    let machines = machines.filter(|thing| is_machine_of(thing, name));
    let machines: Vec<String> = machines.map(|thing| thing.id.clone()).collect();
    let mut add = |kind: &str, id: &str, arn: String, tags: &[(&str, &str)], role: Option<&str>| {
        let mut properties = Map::default();
        if let Some(role) = role {
            properties.insert("RoleARN".to_owned(), Node::from(role));
        }
        account.add(Thing {
            kind: kind.to_owned(),
            id: id.to_owned(),
            name: id.to_owned(),
            arn,
            properties,
            tags: tags
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            attached: Vec::new(),
            is_filled: false,
            stack: Some(name.to_owned()),
            origin: Origin::default(),
        });
    };
    add(
        STACK,
        name,
        format!("arn:{partition}:cloudformation:{region}:{id}:stack/{name}/1"),
        &[],
        owner.role,
    );
    let product = name.rsplit('-').next().unwrap_or(name);
    add(
        PROVISIONED,
        &format!("pp-{product}"),
        format!("arn:{partition}:servicecatalog:{region}:{id}:stack/{name}/pp-{product}"),
        &[],
        None,
    );
    for machine in machines {
        let session = format!("{}-{machine}", owner.user);
        add(
            SESSION,
            &session,
            format!("arn:{partition}:ssm:{region}:{id}:session/{session}"),
            &[("aws:ssmmessages:session-id", &owner.userid)],
            None,
        );
    }
}

pub(super) fn is_machine_of(thing: &Thing, stack: &str) -> bool {
    thing.kind == "AWS::EC2::Instance" && thing.stack.as_deref() == Some(stack)
}
