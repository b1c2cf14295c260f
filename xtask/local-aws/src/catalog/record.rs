//! Records: what a request did to a provisioned product.

use super::{catalog, not_found};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::{Provisioned, Record};
use crate::wire::ApiError;

/// Adds a record and answers it.
pub(super) fn add(context: &mut Context<'_>, of: Provisioned, kind: &str) -> api::RecordDetail {
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
    detail(&record, "CREATED")
}

fn detail(record: &Record, status: &str) -> api::RecordDetail {
    api::RecordDetail {
        record_id: Some(record.id.clone()),
        provisioned_product_name: Some(record.name.clone()),
        status: Some(status.to_owned()),
        created_time: Some(Time(record.created)),
        updated_time: Some(Time(record.created)),
        provisioned_product_type: Some("CFN_STACK".to_owned()),
        record_type: Some(record.kind.clone()),
        provisioned_product_id: Some(record.provisioned.clone()),
        product_id: Some(record.product.clone()),
        provisioning_artifact_id: Some(record.artifact.clone()),
        ..Default::default()
    }
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeRecordInput,
) -> Result<api::DescribeRecordOutput, ApiError> {
    let record = context
        .here()
        .and_then(|here| here.catalog.records.get(&input.id))
        .cloned()
        .ok_or_else(|| not_found(format!("Record {} not found.", input.id)))?;
    let status = match context.look(&input.id) {
        Age::Settled => "SUCCEEDED",
        _ => "IN_PROGRESS",
    };
    Ok(api::DescribeRecordOutput {
        record_detail: Some(detail(&record, status)),
        ..Default::default()
    })
}
