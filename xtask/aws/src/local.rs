//! The built-in local AWS, in this process: where `--env local` publishes to.
//!
//! Real accounts have stacks of others, whose exports the catalog imports. Here a stack stands in for
//! all of them, with a value of the right form for each export that the organisation declares.

use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::{exports, stacks};
use crate::repository::Repository;
use crate::session::Session;
use aws_sdk_cloudformation::types::{ChangeSetStatus, ChangeSetType};
use compute_catalog::digest::Digest;
use compute_catalog::environment::{Environment, ExportKind};
use compute_catalog::product::Key;
use compute_catalog::rehearsal::Outside;
use local_aws::{Config, Server};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The stack that stands in for the stacks of others.
const STACK: &str = "surroundings";

/// Starts a local AWS with its state in a folder.
pub(crate) fn start(
    folder: &Path,
    environment: &Environment,
    outside: Outside,
) -> Result<Server, CommandError> {
    let (account, region) = (environment.account.as_str(), &environment.region.value);
    let function = |name: &String| format!("arn:aws:lambda:{region}:{account}:function:{name}");
    let config = Config {
        account: account.to_owned(),
        region: region.to_owned(),
        functions: outside.functions().map(function).collect(),
        outside,
        ..Config::new(folder)
    };
    Server::start(config).map_err(|error| {
        CommandError::input("the local AWS can't be started")
            .because(error)
            .hint("another command may be running; or give `--endpoint-url` of a server that runs")
    })
}

/// Gives the account of an environment the exports of others that real accounts have, where it lacks
/// any.
///
/// # Errors
/// No such environment; what keeps the stack of exports from being deployed.
pub async fn seed_local(
    session: &Session,
    repository: &Repository,
    key: &Key,
) -> Result<(), CommandError> {
    let environment = repository.environment(key)?;
    let organization = repository.organization();
    let outside = repository.outside()?;
    let own_exports = repository.own_exports();
    let have = exports::read(session).await?;
    let declared = organization.exports.iter().filter_map(|(key, export)| {
        let own = environment.exports.get(key).map(|name| &name.value);
        let name = own.or(export.name.as_ref())?;
        Some((name, value(session, &outside, export.holds, key)))
    });
    let of_before = outside.file.exports.iter();
    let of_before = of_before.map(|(name, policy)| {
        let value = value(session, &outside, ExportKind::PolicyArn, policy);
        (name, value)
    });
    let mut outputs = Map::new();
    let mut lacks_any = false;
    for (index, (name, value)) in declared.chain(of_before).enumerate() {
        if own_exports.contains(name) {
            continue;
        }
        let plain = name
            .replace("${AWS::Region}", &session.region)
            .replace("${AWS::AccountId}", session.account.as_str());
        lacks_any |= !have.contains_key(&plain);
        let output = json!({ "Value": value, "Export": { "Name": plain } });
        outputs.insert(format!("Export{index}"), output);
    }
    if !lacks_any {
        return Ok(());
    }
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Stands in for the stacks of others, which real accounts have",
        "Resources": { "Nothing": { "Type": "AWS::CloudFormation::WaitConditionHandle" } },
        "Outputs": Value::Object(outputs),
    })
    .to_string();
    let is_first = stacks::find(session, STACK).await?.is_none();
    deploy(session, &template, is_first).await
}

/// A value of the form that a kind of export has: what is declared of it, or one that is made up.
fn value(session: &Session, outside: &Outside, kind: ExportKind, key: &str) -> String {
    let (region, account) = (&session.region, &session.account);
    let name = match (outside.file.functions.get(key), kind) {
        (Some(function), _) => function.name.clone(),
        (None, ExportKind::PolicyArn) => key.to_owned(),
        (None, _) => key.to_lowercase(),
    };
    match kind {
        ExportKind::VpcId => format!("vpc-{}", hex(key)),
        ExportKind::SubnetId => format!("subnet-{}", hex(key)),
        ExportKind::SecurityGroupId => format!("sg-{}", hex(key)),
        ExportKind::FunctionArn => format!("arn:aws:lambda:{region}:{account}:function:{name}"),
        ExportKind::PolicyArn => format!("arn:aws:iam::{account}:policy/{name}"),
        ExportKind::RoleArn => format!("arn:aws:iam::{account}:role/{name}"),
        ExportKind::ListenerArn => format!(
            "arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{name}/0123456789abcdef/0123456789abcdef"
        ),
        ExportKind::Url => format!("https://{name}.example.org"),
    }
}

/// The end of an id, for each key another.
fn hex(key: &str) -> String {
    let digest = Digest::of(key.as_bytes());
    format!("0{}", digest.hex().get(..16).unwrap_or_default())
}

async fn deploy(session: &Session, template: &str, is_first: bool) -> Result<(), CommandError> {
    let digest = Digest::of(template.as_bytes());
    let change_set = format!("s-{}", digest.hex().get(..16).unwrap_or_default());
    let client = &session.stacks;
    let created = client
        .create_change_set()
        .stack_name(STACK)
        .change_set_name(&change_set)
        .change_set_type(if is_first {
            ChangeSetType::Create
        } else {
            ChangeSetType::Update
        })
        .template_body(template)
        .send()
        .await
        .named("cloudformation CreateChangeSet", STACK);
    match created {
        Err(error) if error.code.as_deref() == Some("AlreadyExistsException") => {}
        created => {
            created?;
        }
    }
    for _ in 0..session.pace.looks {
        let described = client
            .describe_change_set()
            .stack_name(STACK)
            .change_set_name(&change_set)
            .send()
            .await
            .named("cloudformation DescribeChangeSet", STACK)?;
        if described.status() == Some(&ChangeSetStatus::CreateComplete) {
            break;
        }
        session.pace.wait().await;
    }
    client
        .execute_change_set()
        .stack_name(STACK)
        .change_set_name(&change_set)
        .send()
        .await
        .named("cloudformation ExecuteChangeSet", STACK)?;
    for _ in 0..session.pace.looks {
        let stacks = client
            .describe_stacks()
            .stack_name(STACK)
            .send()
            .await
            .named("cloudformation DescribeStacks", STACK)?;
        let status = stacks
            .stacks()
            .first()
            .and_then(|stack| stack.stack_status());
        if status.is_some_and(|status| status.as_str().ends_with("_COMPLETE")) {
            return Ok(());
        }
        session.pace.wait().await;
    }
    Err(
        CommandError::new("the local AWS doesn't get its surroundings")
            .hint("delete its state, target/local-aws or target/try, to start afresh"),
    )
}
