//! What a template asks for: its parameters, capabilities and types.

use super::stack;
use super::template::{capability, load, parse};
use crate::api::cloudformation as api;
use crate::context::Context;
use crate::wire::ApiError;
use compute_catalog::cfn::Node;
use std::collections::BTreeSet;

pub(super) fn validate(
    context: &mut Context<'_>,
    input: api::ValidateTemplateInput,
) -> Result<api::ValidateTemplateOutput, ApiError> {
    let (_, template) = load(context, input.template_body, input.template_url)?;
    let parameters = template
        .parameters
        .iter()
        .map(|(name, parameter)| api::TemplateParameter {
            parameter_key: Some(name.clone()),
            default_value: parameter.default.as_ref().and_then(Node::scalar_text),
            no_echo: Some(parameter.no_echo),
            description: parameter.description.clone(),
        })
        .collect();
    let (capability, reason) = capability(&template).unzip();
    Ok(api::ValidateTemplateOutput {
        parameters,
        description: template.description,
        capabilities: Vec::from_iter(capability.map(str::to_owned)),
        capabilities_reason: reason,
        declared_transforms: names(&template.transform),
    })
}

pub(super) fn summary(
    context: &mut Context<'_>,
    input: api::GetTemplateSummaryInput,
) -> Result<api::GetTemplateSummaryOutput, ApiError> {
    let template = match input.stack_name {
        Some(name) => parse(&stack::find(context, &name)?.template)?,
        None => load(context, input.template_body, input.template_url)?.1,
    };
    let parameters = template
        .parameters
        .iter()
        .map(|(name, parameter)| {
            let allowed: Vec<String> = parameter
                .allowed_values
                .iter()
                .filter_map(Node::scalar_text)
                .collect();
            api::ParameterDeclaration {
                parameter_key: Some(name.clone()),
                default_value: parameter.default.as_ref().and_then(Node::scalar_text),
                parameter_type: Some(parameter.kind.to_string()),
                no_echo: Some(parameter.no_echo),
                description: parameter.description.clone(),
                parameter_constraints: Some(api::ParameterConstraints {
                    allowed_values: allowed,
                }),
            }
        })
        .collect();
    let types: BTreeSet<&String> = template.resources.values().map(|one| &one.kind).collect();
    let (capability, reason) = capability(&template).unzip();
    let types = types.into_iter().cloned().collect();
    Ok(api::GetTemplateSummaryOutput {
        parameters,
        description: template.description.clone(),
        capabilities: Vec::from_iter(capability.map(str::to_owned)),
        capabilities_reason: reason,
        resource_types: types,
        version: Some("2010-09-09".to_owned()),
        declared_transforms: names(&template.transform),
        ..Default::default()
    })
}

/// The names of macros.
fn names(transforms: &[compute_catalog::cfn::Transform]) -> Vec<String> {
    let names = transforms.iter().map(|transform| transform.name.clone());
    names.collect()
}
