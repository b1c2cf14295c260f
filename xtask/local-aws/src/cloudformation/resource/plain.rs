//! Types that no service here has: they exist as a record under a physical id.

use super::{CreatedResource, Place, generated, text};
use crate::cloudformation::{here, here_mut, invalid};
use crate::context::Context;
use crate::wire::ApiError;
use serde_json::{Value, json};

/// A type, and how its things are called.
struct Type {
    kind: &'static str,
    name: Name,
}

enum Name {
    /// By this property.
    Property(&'static str),
    /// By an id that starts so.
    Id(&'static str),
}

const TYPES: [Type; 7] = [
    Type {
        kind: "AWS::CloudFormation::WaitConditionHandle",
        name: Name::Id("https://wait.invalid/"),
    },
    Type {
        kind: "AWS::EC2::SecurityGroup",
        name: Name::Id("sg-"),
    },
    Type {
        kind: "AWS::KMS::Alias",
        name: Name::Property("AliasName"),
    },
    Type {
        kind: "AWS::KMS::Key",
        name: Name::Id(""),
    },
    Type {
        kind: "AWS::Logs::LogGroup",
        name: Name::Property("LogGroupName"),
    },
    Type {
        kind: "AWS::SSM::Document",
        name: Name::Property("Name"),
    },
    Type {
        kind: "AWS::SSM::Parameter",
        name: Name::Property("Name"),
    },
];

fn find(kind: &str) -> Option<&'static Type> {
    TYPES.iter().find(|one| one.kind == kind)
}

pub(super) fn has(kind: &str) -> bool {
    find(kind).is_some()
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    place: Place<'_>,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let one = find(kind).ok_or_else(|| invalid(format!("no type {kind}")))?;
    let physical = match one.name {
        Name::Property(property) => match text(properties, property) {
            Some(name) => name,
            None => generated(context, place, 128),
        },
        Name::Id(prefix) => context.change().mint(prefix),
    };
    let all = here_mut(context).plain.entry(kind.to_owned()).or_default();
    if all.contains_key(&physical) {
        return Err(invalid(format!("{physical} already exists")));
    }
    all.insert(physical.clone(), properties.clone());
    Ok(made(context, kind, physical, properties))
}

fn made(
    context: &Context<'_>,
    kind: &str,
    physical: String,
    properties: &Value,
) -> CreatedResource {
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
    CreatedResource::new(physical, &attributes)
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let all = here_mut(context).plain.entry(kind.to_owned()).or_default();
    let record = all
        .get_mut(physical)
        .ok_or_else(|| invalid(format!("{physical} doesn't exist")))?;
    *record = properties.clone();
    Ok(made(context, kind, physical.to_owned(), properties))
}

pub(super) fn delete(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
) -> Result<(), ApiError> {
    if let Some(all) = here_mut(context).plain.get_mut(kind) {
        all.remove(physical);
    }
    Ok(())
}

pub(super) fn actual(context: &Context<'_>, kind: &str, physical: &str) -> Option<Value> {
    let record = here(context)?.plain.get(kind)?.get(physical)?;
    Some(json!(record))
}
