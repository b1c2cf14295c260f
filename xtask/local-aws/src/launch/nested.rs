//! Resources of stacks with what stands in them, stacks within stacks included: as CloudFormation here
//! remembers them, and as the core's engine works on them.

use crate::context::Context;
use crate::state::cloudformation::{NestedStack, StackResource};
use crate::state::tag::Tag;
use crate::wire::ApiError;
use crate::{s3, template as templates};
use compute_catalog::cfn::{self, DeletionPolicy, IndexMap, Node, Template};
use compute_catalog::rehearsal::{Made, Stack, StackRequest, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const KIND: &str = "AWS::CloudFormation::Stack";

/// What is asked of CloudFormation.
pub(super) fn request(
    name: &str,
    template: Template,
    parameters: &BTreeMap<String, String>,
    tags: &[Tag],
) -> StackRequest {
    StackRequest {
        name: name.to_owned(),
        template: Arc::new(template),
        file: name.to_owned(),
        parameters: parameters
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
        tags: tags
            .iter()
            .map(|tag| (tag.key.clone(), tag.value.clone()))
            .collect(),
    }
}

/// The templates that a template's stacks within it name, and those that these name, by the last part
/// of their URL. One whose URL is worked out, or that can't be read, isn't among them: who needs it is
/// told that it isn't known.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html>
pub(super) fn templates(context: &Context<'_>, of: &Template) -> IndexMap<String, Arc<Template>> {
    let mut found = IndexMap::default();
    let mut open = urls(of);
    while let Some(url) = open.pop() {
        let name = url.rsplit('/').next().unwrap_or_default().to_owned();
        if found.contains_key(&name) {
            continue;
        }
        let body = s3::read(context, &url);
        if let Some(template) = body.ok().and_then(|body| templates::read(&body).ok()) {
            open.extend(urls(&template));
            found.insert(name, Arc::new(template));
        }
    }
    found
}

fn urls(template: &Template) -> Vec<String> {
    let stacks = template.resources.values().filter(|one| one.kind == KIND);
    stacks
        .filter_map(|one| one.properties.get("TemplateURL")?.scalar_text())
        .collect()
}

/// Resources as they were left, for the engine, in the order in which they were made.
pub(super) fn read(
    kept: &BTreeMap<String, StackResource>,
) -> Result<IndexMap<String, Made>, ApiError> {
    let mut kept: Vec<(&String, &StackResource)> = kept.iter().collect();
    kept.sort_by_key(|(_, resource)| resource.order);
    let resources = kept.into_iter();
    resources
        .map(|(logical, resource)| Ok((logical.clone(), made(resource)?)))
        .collect()
}

fn made(resource: &StackResource) -> Result<Made, ApiError> {
    let nested = resource.nested.as_deref().map(stack).transpose()?;
    let attributes = resource.attributes.iter();
    Ok(Made {
        kind: resource.kind.clone(),
        id: resource.physical.clone(),
        properties: match Node::from_json(&resource.properties) {
            Node::Map(map) => map,
            _ => IndexMap::default(),
        },
        attributes: attributes
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        nested: nested.map(Box::new),
    })
}

fn stack(kept: &NestedStack) -> Result<Stack, ApiError> {
    let template = templates::read(kept.template.as_bytes()).map_err(ApiError::internal)?;
    let mut stack = Stack::new(request(&kept.name, template, &kept.parameters, &kept.tags));
    stack.status = Status::CreateComplete;
    stack.resources = read(&kept.resources)?;
    let outputs = kept.outputs.iter();
    stack.outputs = outputs
        .map(|(name, value)| (name.clone(), Node::from_json(value)))
        .collect();
    Ok(stack)
}

/// What a stack has made, to be remembered.
pub(super) fn write(
    context: &Context<'_>,
    stack: &Stack,
    is_update: bool,
) -> Result<BTreeMap<String, StackResource>, ApiError> {
    let status = match is_update {
        true => "UPDATE_COMPLETE",
        false => "CREATE_COMPLETE",
    };
    let resources = stack.resources.iter().enumerate();
    resources
        .map(|(order, (logical, made))| {
            let declared = stack.request.template.resources.get(logical);
            let policy = declared.and_then(|one| one.deletion_policy);
            let attributes = made.attributes.iter();
            let nested = made.nested.as_deref();
            let nested = nested.map(|nested| remembered(context, nested, is_update));
            let resource = StackResource {
                kind: made.kind.clone(),
                physical: made.id.clone(),
                order,
                properties: Node::Map(made.properties.clone()).to_json(),
                attributes: attributes
                    .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                    .collect(),
                retained: matches!(
                    policy,
                    Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate)
                ),
                status: status.to_owned(),
                changed: context.now,
                nested: nested.transpose()?.map(Box::new),
            };
            Ok((logical.clone(), resource))
        })
        .collect()
}

fn remembered(
    context: &Context<'_>,
    stack: &Stack,
    is_update: bool,
) -> Result<NestedStack, ApiError> {
    let asked = &stack.request;
    let tags = asked.tags.iter();
    let outputs = stack.outputs.iter();
    Ok(NestedStack {
        name: asked.name.clone(),
        template: cfn::write(&asked.template, None).map_err(ApiError::internal)?,
        parameters: asked.parameters.clone().into_iter().collect(),
        tags: tags
            .map(|(key, value)| Tag {
                key: key.clone(),
                value: value.clone(),
            })
            .collect(),
        resources: write(context, stack, is_update)?,
        outputs: outputs
            .map(|(name, value)| (name.clone(), value.to_json()))
            .collect(),
    })
}
