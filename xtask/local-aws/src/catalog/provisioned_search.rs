//! Listings of provisioned products: scan for all, search with a filter.

use super::{invalid, page, provisioned};
use crate::clock;
use crate::context::{Context, Reply};
use crate::state::catalog::Provisioned;
use crate::wire::ApiError;
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What scan, search and describe all answer of a provisioned product.
fn attributes(context: &Context<'_>, one: &Provisioned) -> Value {
    let status = if context.is_settling(&one.last_record) {
        "UNDER_CHANGE"
    } else {
        "AVAILABLE"
    };
    json!({
        "Name": one.name,
        "Arn": format!(
            "arn:aws:servicecatalog:{}:{}:stack/{}/{}",
            context.region, context.account(), one.name, one.id
        ),
        "Type": "CFN_STACK",
        "Id": one.id,
        "Status": status,
        "CreatedTime": clock::epoch(one.created),
        "LastRecordId": one.last_record,
        "ProductId": one.product,
        "ProvisioningArtifactId": one.artifact,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AccessLevelFilter {
    key: String,
    value: String,
}

/// Without a filter a caller sees only its own.
fn visible(
    context: &Context<'_>,
    filter: Option<&AccessLevelFilter>,
) -> Result<Vec<Provisioned>, ApiError> {
    let level = filter.map_or("User", |filter| filter.key.as_str());
    if !matches!(level, "Account" | "Role" | "User") {
        return Err(invalid(format!("AccessLevelFilter {level:?}")));
    }
    if let Some(filter) = filter
        && filter.value != "self"
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ScanProvisionedProducts {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    access_level_filter: Option<AccessLevelFilter>,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn scan(context: &mut Context<'_>, input: ScanProvisionedProducts) -> Reply {
    let found = visible(context, input.access_level_filter.as_ref())?;
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    let all: Vec<Value> = some.iter().map(|one| attributes(context, one)).collect();
    Ok(json!({ "ProvisionedProducts": all, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SearchProvisionedProducts {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    access_level_filter: Option<AccessLevelFilter>,
    #[serde(default)]
    filters: BTreeMap<String, Vec<String>>,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

/// `SearchQuery` takes `field:text`; of the fields, those that name a version in use.
pub(super) fn search(context: &mut Context<'_>, input: SearchProvisionedProducts) -> Reply {
    let mut found = visible(context, input.access_level_filter.as_ref())?;
    for (name, queries) in &input.filters {
        if name != "SearchQuery" {
            return Err(invalid(format!("the local AWS has no filter {name}")));
        }
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
    for one in &some {
        let mut entry = attributes(context, one);
        let product = context
            .here()
            .and_then(|here| here.catalog.products.get(&one.product));
        let version = product.and_then(|product| product.artifacts.get(&one.artifact));
        entry["ProductName"] = json!(product.map(|product| &product.name));
        entry["ProvisioningArtifactName"] = json!(version.map(|version| &version.name));
        entry["UserArn"] = json!(one.user);
        entry["Tags"] = json!(one.tags);
        all.push(entry);
    }
    Ok(json!({
        "ProvisionedProducts": all,
        "TotalResultsCount": total,
        "NextPageToken": next,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeProvisionedProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: Option<String>,
    name: Option<String>,
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribeProvisionedProduct) -> Reply {
    let one = provisioned::find(context, input.id.as_ref(), input.name.as_ref())?;
    Ok(json!({
        "ProvisionedProductDetail": attributes(context, &one),
        "CloudWatchDashboards": [],
    }))
}
