//! Tag options: values that a user chooses a tag from. The key is fixed; value and activity can be
//! changed.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html>
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_UpdateTagOption.html>

use super::{catalog, duplicate, in_use, invalid, not_found, page, quota};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::catalog::TagOption;
use crate::wire::ApiError;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateTagOptionInput,
) -> Result<api::CreateTagOptionOutput, ApiError> {
    let id = add(context, input.key, input.value, true)?;
    Ok(api::CreateTagOptionOutput {
        tag_option_detail: Some(detail(context, find(context, &id)?)),
    })
}

/// Makes a tag option and returns its id.
pub(crate) fn add(
    context: &mut Context<'_>,
    key: String,
    value: String,
    active: bool,
) -> Result<String, ApiError> {
    check("Key", &key, 128)?;
    check("Value", &value, 256)?;
    let same_key: Vec<&TagOption> = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.tag_options.values())
        .filter(|other| other.key == key)
        .collect();
    refuse_twice(context, &key, &value)?;
    quota::check(
        "values of a tag option key",
        same_key.len(),
        quota::VALUES_OF_TAG_OPTION_KEY,
    )?;
    let id = context.change().mint("tag-");
    let option = TagOption {
        id: id.clone(),
        key,
        value,
        active,
    };
    catalog(context).tag_options.insert(id.clone(), option);
    Ok(id)
}

fn refuse_twice(context: &Context<'_>, key: &str, value: &str) -> Result<(), ApiError> {
    let here = context.here().into_iter();
    let mut all = here.flat_map(|here| here.catalog.tag_options.values());
    match all.any(|other| other.key == key && other.value == value) {
        true => Err(duplicate(format!("the tag option {key}={value} exists"))),
        false => Ok(()),
    }
}

fn check(what: &str, text: &str, most: usize) -> Result<(), ApiError> {
    let fits = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    if text.is_empty() || text.chars().count() > most || !text.chars().all(fits) {
        return Err(invalid(format!("{what} {text:?} of a tag option")));
    }
    Ok(())
}

fn missing(id: &str) -> ApiError {
    not_found(format!("TagOption {id} not found."))
}

pub(super) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a TagOption, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.tag_options.get(id))
        .ok_or_else(|| missing(id))
}

fn detail(context: &Context<'_>, option: &TagOption) -> api::TagOptionDetail {
    api::TagOptionDetail {
        key: Some(option.key.clone()),
        value: Some(option.value.clone()),
        active: Some(option.active),
        id: Some(option.id.clone()),
        owner: Some(context.account().to_owned()),
    }
}

/// `TagOptionDetails` of these ids.
pub(super) fn details(context: &Context<'_>, ids: &[String]) -> Vec<api::TagOptionDetail> {
    ids.iter()
        .filter_map(|id| find(context, id).ok())
        .map(|option| detail(context, option))
        .collect()
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeTagOptionInput,
) -> Result<api::DescribeTagOptionOutput, ApiError> {
    Ok(api::DescribeTagOptionOutput {
        tag_option_detail: Some(detail(context, find(context, &input.id)?)),
    })
}

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateTagOptionInput,
) -> Result<api::UpdateTagOptionOutput, ApiError> {
    let option = find(context, &input.id)?;
    if let Some(value) = input.value.filter(|value| *value != option.value) {
        check("Value", &value, 256)?;
        refuse_twice(context, &option.key, &value)?;
        let options = &mut catalog(context).tag_options;
        let option = options.get_mut(&input.id);
        option.ok_or_else(|| missing(&input.id))?.value = value;
    }
    if let Some(active) = input.active {
        set_active(context, &input.id, active)?;
    }
    Ok(api::UpdateTagOptionOutput {
        tag_option_detail: Some(detail(context, find(context, &input.id)?)),
    })
}

pub(crate) fn set_active(
    context: &mut Context<'_>,
    id: &str,
    active: bool,
) -> Result<(), ApiError> {
    let option = catalog(context)
        .tag_options
        .get_mut(id)
        .ok_or_else(|| missing(id))?;
    option.active = active;
    Ok(())
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteTagOptionInput,
) -> Result<api::DeleteTagOptionOutput, ApiError> {
    remove(context, &input.id)?;
    Ok(api::DeleteTagOptionOutput {})
}

/// Removes a tag option that nothing uses.
pub(crate) fn remove(context: &mut Context<'_>, id: &str) -> Result<(), ApiError> {
    find(context, id)?;
    let catalog = catalog(context);
    let of_portfolios = catalog.portfolios.values().map(|one| &one.tag_options);
    let of_products = catalog.products.values().map(|one| &one.tag_options);
    if of_portfolios
        .chain(of_products)
        .flatten()
        .any(|other| other == id)
    {
        return Err(in_use(format!(
            "TagOption {id} is associated with resources"
        )));
    }
    catalog.tag_options.remove(id);
    Ok(())
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListTagOptionsInput,
) -> Result<api::ListTagOptionsOutput, ApiError> {
    let matches = |option: &TagOption| {
        input.filters.as_ref().is_none_or(|filters| {
            filters.key.as_ref().is_none_or(|key| option.key == *key)
                && filters
                    .value
                    .as_ref()
                    .is_none_or(|value| option.value == *value)
                && filters.active.is_none_or(|active| option.active == active)
        })
    };
    let found = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.tag_options.values())
        .filter(|option| matches(option))
        .map(|option| detail(context, option))
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::ListTagOptionsOutput {
        tag_option_details: some,
        page_token: next,
    })
}
