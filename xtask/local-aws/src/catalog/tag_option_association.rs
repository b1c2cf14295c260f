//! Which portfolios and products offer a tag option.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociateTagOptionWithResource.html>

use super::tag_option::find;
use super::{duplicate, not_found, page, portfolio, product, quota};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::wire::ApiError;

pub(super) fn associate(
    context: &mut Context<'_>,
    input: api::AssociateTagOptionWithResourceInput,
) -> Result<api::AssociateTagOptionWithResourceOutput, ApiError> {
    attach(context, &input.resource_id, &input.tag_option_id)?;
    Ok(api::AssociateTagOptionWithResourceOutput {})
}

/// Attaches a tag option to a portfolio or a product.
pub(crate) fn attach(
    context: &mut Context<'_>,
    resource_id: &str,
    id: &str,
) -> Result<(), ApiError> {
    find(context, id)?;
    let options = of_resource(context, resource_id)?;
    if options.iter().any(|other| other == id) {
        return Err(duplicate(format!(
            "TagOption {id} is associated with {resource_id}"
        )));
    }
    quota::check(
        "tag options of a resource",
        options.len(),
        quota::TAG_OPTIONS_OF_RESOURCE,
    )?;
    options.push(id.to_owned());
    Ok(())
}

fn of_resource<'a>(
    context: &'a mut Context<'_>,
    resource_id: &str,
) -> Result<&'a mut Vec<String>, ApiError> {
    if resource_id.starts_with("port-") {
        Ok(&mut portfolio::find_mut(context, resource_id)?.tag_options)
    } else {
        Ok(&mut product::find_mut(context, resource_id)?.tag_options)
    }
}

pub(super) fn disassociate(
    context: &mut Context<'_>,
    input: api::DisassociateTagOptionFromResourceInput,
) -> Result<api::DisassociateTagOptionFromResourceOutput, ApiError> {
    detach(context, &input.resource_id, &input.tag_option_id)?;
    Ok(api::DisassociateTagOptionFromResourceOutput {})
}

pub(crate) fn detach(
    context: &mut Context<'_>,
    resource_id: &str,
    id: &str,
) -> Result<(), ApiError> {
    let options = of_resource(context, resource_id)?;
    let before = options.len();
    options.retain(|other| other != id);
    if options.len() == before {
        return Err(not_found(format!(
            "TagOption {id} isn't associated with {resource_id}."
        )));
    }
    Ok(())
}

pub(super) fn resources(
    context: &mut Context<'_>,
    input: api::ListResourcesForTagOptionInput,
) -> Result<api::ListResourcesForTagOptionOutput, ApiError> {
    find(context, &input.tag_option_id)?;
    let wanted = |kind: &str| {
        input
            .resource_type
            .as_deref()
            .is_none_or(|only| only == kind)
    };
    let uses = |options: &[String]| options.contains(&input.tag_option_id);
    let detail = |id: &String, arn: String, name: &String| api::ResourceDetail {
        id: Some(id.clone()),
        arn: Some(arn),
        name: Some(name.clone()),
        ..Default::default()
    };
    let mut found = Vec::new();
    if let Some(here) = context.here() {
        for one in here.catalog.portfolios.values() {
            if wanted("Portfolio") && uses(&one.tag_options) {
                let arn = portfolio::arn(context, &one.id);
                found.push(detail(&one.id, arn, &one.name));
            }
        }
        for one in here.catalog.products.values() {
            if wanted("Product") && uses(&one.tag_options) {
                let arn = product::arn(context, &one.id);
                found.push(detail(&one.id, arn, &one.name));
            }
        }
    }
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::ListResourcesForTagOptionOutput {
        resource_details: some,
        page_token: next,
    })
}
