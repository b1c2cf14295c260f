//! Types that no service here has: they exist as a record under a physical id.

use super::{Made, Place, generated, text};
use crate::cloudformation::{here, here_mut, invalid};
use crate::context::Context;
use crate::wire::Refusal;
use serde_json::{Value, json};

/// A type: the property that names it, or else the start of its id, and the
/// properties whose change makes another one.
struct Type {
    kind: &'static str,
    named_by: Option<&'static str>,
    prefix: &'static str,
    create_only: &'static [&'static str],
}

const fn named(kind: &'static str, named_by: &'static str) -> Type {
    Type {
        kind,
        named_by: Some(named_by),
        prefix: "",
        create_only: &[],
    }
}

const fn numbered(kind: &'static str, prefix: &'static str) -> Type {
    Type {
        kind,
        named_by: None,
        prefix,
        create_only: &[],
    }
}

const TYPES: [Type; 9] = [
    numbered(
        "AWS::CloudFormation::WaitConditionHandle",
        "https://wait.invalid/",
    ),
    Type {
        create_only: &["GroupDescription", "GroupName", "VpcId"],
        ..numbered("AWS::EC2::SecurityGroup", "sg-")
    },
    numbered("AWS::EC2::SecurityGroupIngress", "sgr-"),
    numbered("AWS::EC2::SecurityGroupEgress", "sgr-"),
    named("AWS::KMS::Alias", "AliasName"),
    Type {
        create_only: &["KeySpec", "KeyUsage", "MultiRegion"],
        ..numbered("AWS::KMS::Key", "")
    },
    named("AWS::Logs::LogGroup", "LogGroupName"),
    Type {
        create_only: &["DocumentType"],
        ..named("AWS::SSM::Document", "Name")
    },
    named("AWS::SSM::Parameter", "Name"),
];

fn find(kind: &str) -> Option<&'static Type> {
    TYPES.iter().find(|one| one.kind == kind)
}

pub(super) fn has(kind: &str) -> bool {
    find(kind).is_some()
}

pub(super) fn replaces(kind: &str, property: &str) -> bool {
    find(kind)
        .is_some_and(|one| one.named_by == Some(property) || one.create_only.contains(&property))
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    place: Place<'_>,
    properties: &Value,
) -> Result<Made, Refusal> {
    let one = find(kind).ok_or_else(|| invalid(format!("no type {kind}")))?;
    let physical = match one.named_by {
        Some(property) => match text(properties, property) {
            Some(name) => name,
            None => generated(context, place, 128),
        },
        None => context.change().mint(one.prefix),
    };
    let all = here_mut(context).plain.entry(kind.to_owned()).or_default();
    if all.contains_key(&physical) {
        return Err(invalid(format!("{physical} already exists")));
    }
    all.insert(physical.clone(), properties.clone());
    Ok(made(context, kind, physical, properties))
}

fn made(context: &Context<'_>, kind: &str, physical: String, properties: &Value) -> Made {
    let arn = |service: &str, resource: String| {
        let (region, account) = (&context.region, context.account());
        format!("arn:aws:{service}:{region}:{account}:{resource}")
    };
    let attributes = match kind {
        "AWS::EC2::SecurityGroup" => vec![
            ("GroupId", physical.clone()),
            ("Id", physical.clone()),
            ("VpcId", text(properties, "VpcId").unwrap_or_default()),
        ],
        "AWS::KMS::Key" => vec![
            ("KeyId", physical.clone()),
            ("Arn", arn("kms", format!("key/{physical}"))),
        ],
        "AWS::Logs::LogGroup" => vec![("Arn", arn("logs", format!("log-group:{physical}:*")))],
        "AWS::SSM::Parameter" => vec![
            ("Type", text(properties, "Type").unwrap_or_default()),
            ("Value", text(properties, "Value").unwrap_or_default()),
        ],
        _ => Vec::new(),
    };
    Made::new(physical, &attributes)
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<Made, Refusal> {
    let all = here_mut(context).plain.entry(kind.to_owned()).or_default();
    let record = all
        .get_mut(physical)
        .ok_or_else(|| invalid(format!("{physical} doesn't exist")))?;
    *record = properties.clone();
    Ok(made(context, kind, physical.to_owned(), properties))
}

pub(super) fn delete(context: &mut Context<'_>, kind: &str, physical: &str) -> Result<(), Refusal> {
    if let Some(all) = here_mut(context).plain.get_mut(kind) {
        all.remove(physical);
    }
    Ok(())
}

pub(super) fn actual(context: &Context<'_>, kind: &str, physical: &str) -> Option<Value> {
    let record = here(context)?.plain.get(kind)?.get(physical)?;
    Some(json!(record))
}
