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
use compute_catalog::environment::ExportKind;
use compute_catalog::product::Key;
use compute_catalog::rehearsal::Outside;
use local_aws::{Config, Server};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The stack that stands in for the stacks of others.
const STACK: &str = "surroundings";

/// Starts the local AWS of a checkout; its state stays under `target/local-aws`.
pub(crate) fn start(
    root: &Path,
    account: &str,
    region: &str,
    outside: Outside,
) -> Result<Server, CommandError> {
    let config = Config {
        account: account.to_owned(),
        region: region.to_owned(),
        outside,
        ..Config::new(root.join("target/local-aws"))
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
    let own_exports = repository.own_exports();
    let have = exports::read(session).await?;
    let mut outputs = Map::new();
    let mut lacks_any = false;
    for (index, (key, export)) in organization.exports.iter().enumerate() {
        let own = environment.exports.get(key).map(|name| &name.value);
        let Some(name) = own.or(export.name.as_ref()) else {
            continue;
        };
        if own_exports.contains(name) {
            continue;
        }
        let plain = name
            .replace("${AWS::Region}", &session.region)
            .replace("${AWS::AccountId}", session.account.as_str());
        lacks_any |= !have.contains_key(&plain);
        let output =
            json!({ "Value": value(session, export.holds, key), "Export": { "Name": plain } });
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

/// A value of the form that a kind of export has.
fn value(session: &Session, kind: ExportKind, key: &str) -> String {
    let (region, account) = (&session.region, &session.account);
    let name = key.to_lowercase();
    match kind {
        ExportKind::VpcId => "vpc-0123456789abcdef0".to_owned(),
        ExportKind::SubnetId => "subnet-0123456789abcdef0".to_owned(),
        ExportKind::SecurityGroupId => "sg-0123456789abcdef0".to_owned(),
        ExportKind::FunctionArn => format!("arn:aws:lambda:{region}:{account}:function:{name}"),
        ExportKind::PolicyArn => format!("arn:aws:iam::{account}:policy/{name}"),
        ExportKind::RoleArn => format!("arn:aws:iam::{account}:role/{name}"),
        ExportKind::ListenerArn => format!(
            "arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{name}/0123456789abcdef/0123456789abcdef"
        ),
        ExportKind::Url => format!("https://{name}.example.org"),
    }
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
            .hint("delete target/local-aws to start afresh"),
    )
}
