//! What a template asks for: its parameters, capabilities and types.

use super::stack;
use super::template::{capability, load, parse};
use crate::context::{Context, Reply};
use compute_catalog::cfn::Node;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValidateTemplate {
    #[serde(rename = "TemplateBody")]
    body: Option<String>,
    #[serde(rename = "TemplateURL")]
    url: Option<String>,
}

pub(super) fn validate(context: &mut Context<'_>, input: ValidateTemplate) -> Reply {
    let (_, template) = load(context, input.body, input.url)?;
    let parameters: Vec<Value> = template
        .parameters
        .iter()
        .map(|(name, parameter)| {
            json!({
                "ParameterKey": name,
                "DefaultValue": parameter.default.as_ref().and_then(Node::scalar_text),
                "NoEcho": parameter.no_echo,
                "Description": parameter.description,
            })
        })
        .collect();
    let (capability, reason) = capability(&template).unzip();
    Ok(json!({
        "Parameters": parameters,
        "Description": template.description,
        "Capabilities": Vec::from_iter(capability),
        "CapabilitiesReason": reason,
        "DeclaredTransforms": names(&template.transform),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GetTemplateSummary {
    #[serde(rename = "TemplateBody")]
    body: Option<String>,
    #[serde(rename = "TemplateURL")]
    url: Option<String>,
    #[serde(rename = "StackName")]
    stack: Option<String>,
}

pub(super) fn summary(context: &mut Context<'_>, input: GetTemplateSummary) -> Reply {
    let template = match input.stack {
        Some(name) => parse(&stack::find(context, &name)?.template)?,
        None => load(context, input.body, input.url)?.1,
    };
    let parameters: Vec<Value> = template
        .parameters
        .iter()
        .map(|(name, parameter)| {
            let allowed: Vec<String> = parameter
                .allowed_values
                .iter()
                .filter_map(Node::scalar_text)
                .collect();
            json!({
                "ParameterKey": name,
                "DefaultValue": parameter.default.as_ref().and_then(Node::scalar_text),
                "ParameterType": parameter.kind.to_string(),
                "NoEcho": parameter.no_echo,
                "Description": parameter.description,
                "ParameterConstraints": { "AllowedValues": allowed },
            })
        })
        .collect();
    let types: BTreeSet<&String> = template.resources.values().map(|one| &one.kind).collect();
    let (capability, reason) = capability(&template).unzip();
    Ok(json!({
        "Parameters": parameters,
        "Description": template.description,
        "Capabilities": Vec::from_iter(capability),
        "CapabilitiesReason": reason,
        "ResourceTypes": types,
        "Version": "2010-09-09",
        "DeclaredTransforms": names(&template.transform),
    }))
}

/// The names of macros.
fn names(transforms: &[compute_catalog::cfn::Transform]) -> Vec<&str> {
    let names = transforms.iter().map(|transform| transform.name.as_str());
    names.collect()
}
