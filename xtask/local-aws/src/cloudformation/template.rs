//! Templates as operations take them, inline or by URL, and what they ask for.

use super::{invalid, stack};
use crate::context::{Context, Reply};
use crate::s3;
use crate::wire::Refusal;
use compute_catalog::cfn::{Node, Template};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Bytes of a template given inline; from S3 it may have 1 MB.
const INLINE: usize = 51_200;

/// The text of a template that an operation was given, read or refused.
pub(super) fn load(
    context: &Context<'_>,
    body: Option<String>,
    url: Option<String>,
) -> Result<(String, Template), Refusal> {
    let text = match (body, url) {
        (Some(body), None) if body.len() > INLINE => {
            return Err(invalid(format!(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {INLINE}"
            )));
        }
        (Some(body), None) => body,
        (None, Some(url)) => {
            let body = s3::read(context, &url).map_err(invalid)?;
            String::from_utf8(body.to_vec()).map_err(|error| invalid(error.to_string()))?
        }
        _ => {
            return Err(invalid(
                "Either Template URL or Template Body must be specified.",
            ));
        }
    };
    let template = parse(&text)?;
    Ok((text, template))
}

pub(super) fn parse(text: &str) -> Result<Template, Refusal> {
    crate::template::read(text.as_bytes()).map_err(invalid)
}

/// The capability that a template needs, and why.
pub(super) fn capability(template: &Template) -> Option<(&'static str, String)> {
    let iam: Vec<_> = template
        .resources
        .values()
        .filter(|resource| resource.kind.starts_with("AWS::IAM::"))
        .collect();
    let first = iam.first()?;
    let named = iam.iter().any(|resource| {
        [
            "RoleName",
            "ManagedPolicyName",
            "InstanceProfileName",
            "UserName",
            "GroupName",
        ]
        .iter()
        .any(|name| resource.properties.contains_key(*name))
    });
    let name = if named {
        "CAPABILITY_NAMED_IAM"
    } else {
        "CAPABILITY_IAM"
    };
    let reason = format!(
        "The following resource(s) require capabilities: [{}]",
        first.kind
    );
    Some((name, reason))
}

/// Refuses a template that makes IAM resources without the caller's word for it.
pub(super) fn check_capabilities(template: &Template, given: &[String]) -> Result<(), Refusal> {
    let has = |name: &str| given.iter().any(|other| other == name);
    match capability(template) {
        Some((needed, _)) if !has(needed) && !has("CAPABILITY_NAMED_IAM") => Err(Refusal::new(
            400,
            "InsufficientCapabilitiesException",
            format!("Requires capabilities : [{needed}]"),
        )),
        _ => Ok(()),
    }
}

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
        "DeclaredTransforms": template.transform,
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
        "DeclaredTransforms": template.transform,
    }))
}
