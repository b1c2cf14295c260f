//! Listings of provisioned products: scan for all, search with a filter.

use super::{invalid, page, provisioned, record};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::Provisioned;
use crate::state::tag;
use crate::wire::ApiError;

/// What scan, search and describe all answer of a provisioned product: a look at what is done to it, as
/// at its record.
fn detail(context: &mut Context<'_>, one: &Provisioned) -> api::ProvisionedProductDetail {
    let is_settled = context.look(&one.last_record) == Age::Settled;
    let status = if !is_settled || record::is_open(context, &one.last_record) {
        "UNDER_CHANGE"
    } else {
        one.status.as_str()
    };
    api::ProvisionedProductDetail {
        name: Some(one.name.clone()),
        arn: Some(format!(
            "arn:aws:servicecatalog:{}:{}:stack/{}/{}",
            context.region,
            context.account(),
            one.name,
            one.id
        )),
        r#type: Some("CFN_STACK".to_owned()),
        id: Some(one.id.clone()),
        status: Some(status.to_owned()),
        created_time: Some(Time(one.created)),
        last_record_id: Some(one.last_record.clone()),
        last_provisioning_record_id: Some(one.last_record.clone()),
        last_successful_provisioning_record_id: one.last_success.clone(),
        status_message: one.status_message.clone(),
        launch_role_arn: provisioned::launch_role(context, &one.path, &one.product)
            .ok()
            .flatten(),
        product_id: Some(one.product.clone()),
        provisioning_artifact_id: Some(one.artifact.clone()),
        ..Default::default()
    }
}

/// Without a filter a caller sees only its own.
fn visible(
    context: &Context<'_>,
    filter: Option<&api::AccessLevelFilter>,
) -> Result<Vec<Provisioned>, ApiError> {
    let level = filter.and_then(|filter| filter.key.as_deref());
    let level = level.unwrap_or("User");
    if let Some(filter) = filter
        && filter.value.as_deref() != Some("self")
    {
        return Err(invalid("AccessLevelFilter takes only the value self"));
    }
    let role = |arn: &str| arn.rsplit_once('/').map(|(role, _)| role.to_owned());
    Ok(context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.provisioned.values())
        .filter(|one| match level {
            "Account" => true,
            "Role" => role(&one.user) == role(&context.caller.arn),
            _ => one.user == context.caller.arn,
        })
        .cloned()
        .collect())
}

pub(super) fn scan(
    context: &mut Context<'_>,
    input: api::ScanProvisionedProductsInput,
) -> Result<api::ScanProvisionedProductsOutput, ApiError> {
    let found = visible(context, input.access_level_filter.as_ref())?;
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::ScanProvisionedProductsOutput {
        provisioned_products: some.iter().map(|one| detail(context, one)).collect(),
        next_page_token: next,
    })
}

/// `SearchQuery` takes `field:text`; of the fields, those that name a version in use.
pub(super) fn search(
    context: &mut Context<'_>,
    input: api::SearchProvisionedProductsInput,
) -> Result<api::SearchProvisionedProductsOutput, ApiError> {
    let mut found = visible(context, input.access_level_filter.as_ref())?;
    for queries in input.filters.values() {
        for query in queries {
            let (field, text) = query
                .split_once(':')
                .ok_or_else(|| invalid(format!("SearchQuery {query:?} names no field")))?;
            let of: fn(&Provisioned) -> &str = match field {
                "productId" => |one| &one.product,
                "provisioningArtifactId" => |one| &one.artifact,
                "name" => |one| &one.name,
                "id" => |one| &one.id,
                other => {
                    return Err(invalid(format!("the local AWS can't search by {other}")));
                }
            };
            found.retain(|one| of(one) == text);
        }
    }
    let total = found.len();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 100, token)?;
    let mut all = Vec::new();
    for one in some {
        let detail = detail(context, &one);
        let product = context
            .here()
            .and_then(|here| here.catalog.products.get(&one.product));
        let version = product.and_then(|product| product.artifacts.get(&one.artifact));
        all.push(api::ProvisionedProductAttribute {
            name: detail.name,
            arn: detail.arn,
            r#type: detail.r#type,
            id: detail.id,
            status: detail.status,
            status_message: detail.status_message,
            physical_id: one.stack,
            last_provisioning_record_id: detail.last_provisioning_record_id,
            last_successful_provisioning_record_id: detail.last_successful_provisioning_record_id,
            created_time: detail.created_time,
            last_record_id: detail.last_record_id,
            product_id: detail.product_id,
            product_name: product.map(|product| product.name.clone()),
            provisioning_artifact_id: detail.provisioning_artifact_id,
            provisioning_artifact_name: version.map(|version| version.name.clone()),
            user_arn: Some(one.user),
            tags: tag::all(one.tags),
            ..Default::default()
        });
    }
    Ok(api::SearchProvisionedProductsOutput {
        provisioned_products: all,
        total_results_count: i64::try_from(total).ok(),
        next_page_token: next,
    })
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeProvisionedProductInput,
) -> Result<api::DescribeProvisionedProductOutput, ApiError> {
    let one = provisioned::find(context, input.id.as_ref(), input.name.as_ref())?;
    Ok(api::DescribeProvisionedProductOutput {
        provisioned_product_detail: Some(detail(context, &one)),
        cloud_watch_dashboards: Vec::new(),
    })
}
