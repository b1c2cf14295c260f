//! Provisioned products: who runs which version. Nothing is launched; a
//! provisioned product is a record that names a product, a version and its parameters.

use super::{artifact, catalog, duplicate, invalid, not_found, product};
use crate::clock;
use crate::context::{Age, Context, Reply};
use crate::state::catalog::{Provisioned, Record};
use crate::wire::ApiError;
use crate::wire::field::{self, Tag};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ProvisionProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    product_id: String,
    provisioning_artifact_id: String,
    provisioned_product_name: String,
    #[serde(default, deserialize_with = "field::list")]
    provisioning_parameters: Vec<Tag>,
    #[serde(default, deserialize_with = "field::list")]
    tags: Vec<Tag>,
    #[serde(rename = "ProvisionToken")]
    _provision_token: String,
}

pub(super) fn provision(context: &mut Context<'_>, input: ProvisionProduct) -> Reply {
    let (product_id, artifact_id) = (input.product_id, input.provisioning_artifact_id);
    let age = artifact::look(context, &product_id, &artifact_id)?;
    let version = artifact::find(context, &product_id, &artifact_id)?;
    if age != Age::Settled || version.failed || !version.active || version.guidance == "DEPRECATED"
    {
        return Err(invalid(format!("version {artifact_id} can't be launched")));
    }
    let mut portfolios = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.portfolios.values());
    if !portfolios.any(|one| one.products.contains(&product_id)) {
        return Err(not_found(format!(
            "No launch paths found for resource: {product_id}"
        )));
    }
    let name = input.provisioned_product_name;
    let mut all = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.provisioned.values());
    if all.any(|other| other.name == name) {
        return Err(duplicate(format!(
            "a provisioned product named {name} exists"
        )));
    }
    let id = context.change().mint("pp-");
    let provisioned = Provisioned {
        id: id.clone(),
        name,
        product: product_id,
        artifact: artifact_id,
        parameters: input.provisioning_parameters,
        tags: input.tags,
        created: context.now,
        user: context.caller.arn.clone(),
        last_record: String::new(),
    };
    catalog(context)
        .provisioned
        .insert(id.clone(), provisioned.clone());
    record(context, provisioned, "PROVISION_PRODUCT")
}

/// Adds a record and answers it.
fn record(context: &mut Context<'_>, of: Provisioned, kind: &str) -> Reply {
    let id = context.change().mint("rec-");
    let record = Record {
        id: id.clone(),
        kind: kind.to_owned(),
        provisioned: of.id.clone(),
        name: of.name,
        product: of.product,
        artifact: of.artifact,
        created: context.now,
    };
    let catalog = catalog(context);
    if let Some(provisioned) = catalog.provisioned.get_mut(&of.id) {
        provisioned.last_record.clone_from(&id);
    }
    catalog.records.insert(id.clone(), record.clone());
    context.settle_seen(&id);
    Ok(json!({ "RecordDetail": detail(&record, "CREATED") }))
}

fn detail(record: &Record, status: &str) -> Value {
    json!({
        "RecordId": record.id,
        "ProvisionedProductName": record.name,
        "Status": status,
        "CreatedTime": clock::epoch(record.created),
        "UpdatedTime": clock::epoch(record.created),
        "ProvisionedProductType": "CFN_STACK",
        "RecordType": record.kind,
        "ProvisionedProductId": record.provisioned,
        "ProductId": record.product,
        "ProvisioningArtifactId": record.artifact,
        "RecordErrors": [],
        "RecordTags": [],
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeRecord {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    id: String,
}

pub(super) fn describe_record(context: &mut Context<'_>, input: DescribeRecord) -> Reply {
    let record = context
        .here()
        .and_then(|here| here.catalog.records.get(&input.id))
        .cloned()
        .ok_or_else(|| not_found(format!("Record {} not found.", input.id)))?;
    let status = match context.look(&input.id) {
        Age::Settled => "SUCCEEDED",
        _ => "IN_PROGRESS",
    };
    Ok(json!({ "RecordDetail": detail(&record, status), "RecordOutputs": [] }))
}

/// A provisioned product by exactly one of its id and its name.
pub(super) fn find(
    context: &Context<'_>,
    id: Option<&String>,
    name: Option<&String>,
) -> Result<Provisioned, ApiError> {
    let matches = |one: &&Provisioned| match (id, name) {
        (Some(id), None) => one.id == *id,
        (None, Some(name)) => one.name == *name,
        _ => false,
    };
    if id.is_some() == name.is_some() {
        return Err(invalid("exactly one of the id and the name is needed"));
    }
    context
        .here()
        .and_then(|here| here.catalog.provisioned.values().find(matches))
        .cloned()
        .ok_or_else(|| not_found("Provisioned product not found."))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UpdateProvisionedProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    provisioned_product_id: Option<String>,
    provisioned_product_name: Option<String>,
    product_id: Option<String>,
    provisioning_artifact_id: String,
    #[serde(default, deserialize_with = "field::list")]
    provisioning_parameters: Vec<UpdatedParameter>,
    #[serde(rename = "UpdateToken")]
    _update_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct UpdatedParameter {
    key: String,
    value: Option<String>,
    #[serde(default, deserialize_with = "field::flag")]
    use_previous_value: Option<bool>,
}

/// To any version that is active, also a deprecated one.
pub(super) fn update(context: &mut Context<'_>, input: UpdateProvisionedProduct) -> Reply {
    let mut provisioned = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    let product_id = input
        .product_id
        .unwrap_or_else(|| provisioned.product.clone());
    product::look(context, &product_id)?;
    let artifact_id = input.provisioning_artifact_id;
    artifact::look(context, &product_id, &artifact_id)?;
    let version = artifact::find(context, &product_id, &artifact_id)?;
    if version.failed || !version.active {
        return Err(invalid(format!(
            "version {artifact_id} can't be updated to"
        )));
    }
    provisioned.product = product_id;
    provisioned.artifact = artifact_id;
    for parameter in input.provisioning_parameters {
        if parameter.use_previous_value == Some(true) {
            continue;
        }
        provisioned
            .parameters
            .retain(|old| old.key != parameter.key);
        provisioned.parameters.push(Tag {
            key: parameter.key,
            value: parameter.value.unwrap_or_default(),
        });
    }
    let id = provisioned.id.clone();
    catalog(context).provisioned.insert(id, provisioned.clone());
    record(context, provisioned, "UPDATE_PROVISIONED_PRODUCT")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TerminateProvisionedProduct {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    provisioned_product_id: Option<String>,
    provisioned_product_name: Option<String>,
    #[serde(rename = "TerminateToken")]
    _terminate_token: String,
}

pub(super) fn terminate(context: &mut Context<'_>, input: TerminateProvisionedProduct) -> Reply {
    let provisioned = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    catalog(context).provisioned.remove(&provisioned.id);
    record(context, provisioned, "TERMINATE_PROVISIONED_PRODUCT")
}
