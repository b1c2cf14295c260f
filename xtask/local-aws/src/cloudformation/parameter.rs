//! Parameter values that a change set gives, checked against the template.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use super::{here, invalid};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::wire::ApiError;
use compute_catalog::cfn::{IndexMap, Node, Parameter, ParameterType, Template};
use fancy_regex::Regex;
use std::collections::BTreeMap;

/// The values of all parameters, by name, those of SSM types as given.
pub(super) fn values(
    template: &Template,
    given: &[api::Parameter],
    previous: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut values = BTreeMap::new();
    let unknown: Vec<&str> = given
        .iter()
        .map(|one| one.parameter_key.as_deref().unwrap_or_default())
        .filter(|key| !template.parameters.contains_key(*key))
        .collect();
    if !unknown.is_empty() {
        return Err(invalid(format!(
            "Parameters: [{}] do not exist in the template",
            unknown.join(", ")
        )));
    }
    let mut missing = Vec::new();
    for (name, parameter) in &template.parameters {
        let one = given
            .iter()
            .find(|one| one.parameter_key.as_ref() == Some(name));
        let value = match one {
            Some(one) if one.use_previous_value == Some(true) => previous.get(name).cloned(),
            Some(one) => one.parameter_value.clone(),
            None => None,
        };
        let default = || parameter.default.as_ref().and_then(Node::scalar_text);
        match value.or_else(default) {
            Some(value) => {
                check(name, parameter, &value)?;
                values.insert(name.clone(), value);
            }
            None => missing.push(name.as_str()),
        }
    }
    if !missing.is_empty() {
        return Err(invalid(format!(
            "Parameters: [{}] must have values",
            missing.join(", ")
        )));
    }
    Ok(values)
}

/// Values that an instance of a stack set has for itself.
pub(super) fn overrides(
    template: &Template,
    given: &[api::Parameter],
) -> Result<BTreeMap<String, String>, ApiError> {
    let mut values = BTreeMap::new();
    for one in given {
        let name = one.parameter_key.as_deref().unwrap_or_default();
        let parameter = template
            .parameters
            .get(name)
            .ok_or_else(|| invalid(format!("Parameters: [{name}] do not exist in the template")))?;
        let value = one.parameter_value.clone().unwrap_or_default();
        check(name, parameter, &value)?;
        values.insert(name.to_owned(), value);
    }
    Ok(values)
}

fn check(name: &str, parameter: &Parameter, value: &str) -> Result<(), ApiError> {
    let explained = |reason: String| {
        let reason = parameter.constraint_description.clone().unwrap_or(reason);
        Err(invalid(format!(
            "Parameter {name} failed to satisfy constraint: {reason}"
        )))
    };
    if parameter.kind == ParameterType::Number && value.parse::<f64>().is_err() {
        return Err(invalid(format!("Parameter '{name}' must be a number.")));
    }
    let allowed: Vec<String> = parameter
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect();
    let is_list = matches!(
        parameter.kind,
        ParameterType::CommaDelimitedList | ParameterType::NumberList | ParameterType::StringList
    );
    let items: Vec<&str> = if is_list {
        value.split(',').map(str::trim).collect()
    } else {
        vec![value]
    };
    if let Some(item) = items
        .iter()
        .find(|item| !allowed.is_empty() && !allowed.iter().any(|other| other == *item))
    {
        return explained(format!("{item:?} is not one of [{}]", allowed.join(", ")));
    }
    let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    if parameter.min_length.is_some_and(|least| length < least)
        || parameter.max_length.is_some_and(|most| length > most)
    {
        return explained(format!("its length is {length}"));
    }
    let bound = |node: &Option<Node>| node.as_ref()?.scalar_text()?.parse::<f64>().ok();
    if let Ok(number) = value.parse::<f64>()
        && (bound(&parameter.min_value).is_some_and(|least| number < least)
            || bound(&parameter.max_value).is_some_and(|most| number > most))
    {
        return explained(format!("{number} is out of range"));
    }
    if let Some(pattern) = &parameter.allowed_pattern {
        let pattern = Regex::new(&format!("^(?:{pattern})$"))
            .map_err(|error| invalid(format!("AllowedPattern of {name}: {error}")))?;
        let matches = pattern
            .is_match(value)
            .map_err(|error| invalid(format!("AllowedPattern of {name}: {error}")))?;
        if !matches {
            return explained(format!("{value:?} doesn't match the pattern"));
        }
    }
    Ok(())
}

/// The values that `Ref` yields: parameters of an SSM type are read from the store.
pub(super) fn resolve(
    context: &Context<'_>,
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Result<IndexMap<String, String>, ApiError> {
    values
        .iter()
        .map(|(name, value)| {
            let kind = template.parameters.get(name).map(|one| &one.kind);
            let from_store = matches!(kind, Some(ParameterType::Aws(kind))
                if kind.starts_with("AWS::SSM::Parameter::Value<"));
            if !from_store {
                return Ok((name.clone(), value.clone()));
            }
            let stored = here(context)
                .and_then(|here| here.plain.get("AWS::SSM::Parameter")?.get(value))
                .and_then(|parameter| parameter["Value"].as_str())
                .ok_or_else(|| {
                    invalid(format!(
                        "Unable to fetch parameters [{value}] from parameter store for this account."
                    ))
                })?;
            Ok((name.clone(), stored.to_owned()))
        })
        .collect()
}

/// `Parameters` of an answer; what the template hides stays hidden.
pub(super) fn answer(
    template: &Template,
    values: &BTreeMap<String, String>,
) -> Vec<api::Parameter> {
    values
        .iter()
        .map(|(name, value)| {
            let hidden = template.parameters.get(name).is_some_and(|one| one.no_echo);
            let value = if hidden { "****" } else { value };
            api::Parameter {
                parameter_key: Some(name.clone()),
                parameter_value: Some(value.to_owned()),
                ..Default::default()
            }
        })
        .collect()
}
