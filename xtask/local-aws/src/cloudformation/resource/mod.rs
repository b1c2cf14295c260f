//! The resource types that a stack can make here, and how: most as things of the
//! other services, the rest as records. Any other type fails the stack.

mod bucket;
mod catalog;
mod constraint;
mod iam;
mod plain;

use crate::context::Context;
use crate::wire::ApiError;
use compute_catalog::resource::{OnChange, facts};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which resource of which stack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub stack: &'a str,
    pub logical: &'a str,
}

/// A resource that was made.
#[derive(Debug)]
pub(super) struct CreatedResource {
    /// What `Ref` yields.
    pub physical: String,
    /// What `Fn::GetAtt` yields.
    pub attributes: BTreeMap<String, Value>,
}

impl CreatedResource {
    fn new(physical: impl Into<String>, attributes: &[(&str, String)]) -> Self {
        Self {
            physical: physical.into(),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
                .collect(),
        }
    }
}

/// What has it.
enum Maker {
    Bucket,
    Catalog,
    Constraint,
    Iam,
    Plain,
}

fn maker(kind: &str) -> Result<Maker, ApiError> {
    Ok(match kind {
        "AWS::S3::Bucket" | "AWS::S3::BucketPolicy" => Maker::Bucket,
        _ if constraint::has(kind) => Maker::Constraint,
        _ if kind.starts_with("AWS::ServiceCatalog::") && catalog::has(kind) => Maker::Catalog,
        _ if iam::has(kind) => Maker::Iam,
        _ if plain::has(kind) => Maker::Plain,
        _ => {
            return Err(super::invalid(format!(
                "Unrecognized resource types: [{kind}] (the local AWS doesn't make them)"
            )));
        }
    })
}

/// Refuses a type that can't be made here.
pub(super) fn check_kind(kind: &str) -> Result<(), ApiError> {
    maker(kind).map(|_| ())
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    place: Place<'_>,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    match maker(kind)? {
        Maker::Bucket => bucket::create(context, kind, place, properties),
        Maker::Catalog => catalog::create(context, kind, properties),
        Maker::Constraint => constraint::create(context, kind, properties),
        Maker::Iam => iam::create(context, kind, place, properties),
        Maker::Plain => plain::create(context, kind, place, properties),
    }
}

/// Whether a change of this property makes another resource of it. A type that
/// AWS's facts lack here is an association, which consists of what it associates.
pub(crate) fn replaces(kind: &str, property: &str) -> bool {
    facts(kind).is_none_or(|facts| facts.on_change(&[property]) == OnChange::Replaces)
}

/// Refuses properties that the type lacks, and those missing that it requires.
pub(super) fn check_properties(kind: &str, properties: &Value) -> Result<(), ApiError> {
    let Some(facts) = facts(kind) else {
        return Ok(());
    };
    let names = properties
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys());
    if let Some(name) = names
        .into_iter()
        .find(|name| facts.property(name).is_none())
    {
        return Err(super::invalid(format!(
            "Encountered unsupported property {name} of {kind}"
        )));
    }
    let missing = facts
        .properties
        .iter()
        .find(|property| property.required && properties.get(property.name).is_none());
    match missing {
        None => Ok(()),
        Some(property) => Err(super::invalid(format!(
            "Model validation failed: required key [{}] of {kind} not found",
            property.name
        ))),
    }
}

/// Refuses an update that AWS refuses.
pub(super) fn check_update(kind: &str, changed: &[String]) -> Result<(), ApiError> {
    let fails = |name: &&String| {
        facts(kind).is_some_and(|facts| facts.on_change(&[name.as_str()]) == OnChange::Fails)
    };
    match changed.iter().find(fails) {
        None => Ok(()),
        Some(name) => Err(super::invalid(format!("{name} of {kind} can't be updated"))),
    }
}

/// Changes a resource in place, after [`replaces`] said that this is enough.
pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    match maker(kind)? {
        Maker::Bucket => bucket::update(context, kind, physical, properties),
        Maker::Catalog => catalog::update(context, kind, physical, properties),
        Maker::Constraint => constraint::update(context, kind, physical, properties),
        Maker::Iam => iam::update(context, kind, physical, properties),
        Maker::Plain => plain::update(context, kind, physical, properties),
    }
}

/// Deletes a resource; one that is gone already is fine.
pub(super) fn delete(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<(), ApiError> {
    let result = match maker(kind)? {
        Maker::Bucket => bucket::delete(context, kind, physical),
        Maker::Catalog => catalog::delete(context, kind, physical, properties),
        Maker::Constraint => constraint::delete(context, physical),
        Maker::Iam => iam::delete(context, kind, physical),
        Maker::Plain => plain::delete(context, kind, physical),
    };
    match result {
        Err(refusal) if refusal.code == "ResourceNotFoundException" => Ok(()),
        result => result,
    }
}

/// The properties as they are now, as far as they can be told; `None` when it is gone.
pub(super) fn actual(
    context: &Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Option<Value> {
    match maker(kind).ok()? {
        Maker::Bucket => bucket::actual(context, kind, physical, properties),
        Maker::Catalog => catalog::actual(context, kind, physical, properties),
        Maker::Constraint => constraint::actual(context, kind, physical, properties),
        Maker::Iam => iam::actual(context, kind, physical),
        Maker::Plain => plain::actual(context, kind, physical),
    }
}

/// Reads properties strictly.
fn read<T: DeserializeOwned>(kind: &str, properties: &Value) -> Result<T, ApiError> {
    serde_json::from_value(properties.clone()).map_err(|error| {
        super::invalid(format!("Properties validation failed for {kind}: {error}"))
    })
}

/// A name of CloudFormation's making: stack, logical id, something unique.
fn generated(context: &mut Context<'_>, place: Place<'_>, most: usize) -> String {
    let unique = context.change().mint("");
    let mut name = format!("{}-{}", place.stack, place.logical);
    name.truncate(most.saturating_sub(unique.len() + 1));
    format!("{name}-{}", unique.to_uppercase())
}

/// The text of a property.
fn text(properties: &Value, name: &str) -> Option<String> {
    match properties.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
