//! Records: what is asked for a provisioned product, and how it ended.

use super::{catalog, not_found, page};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::{Provisioned, Record, Work};
use crate::state::tag::Tag;
use crate::wire::ApiError;

/// Adds a record, whose work is carried out after the call, and answers it.
pub(super) fn add(
    context: &mut Context<'_>,
    of: &Provisioned,
    work: Work,
    launch_role: Option<String>,
) -> api::RecordDetail {
    let id = context.change().mint("rec-");
    let record = Record {
        id: id.clone(),
        work,
        provisioned: of.id.clone(),
        name: of.name.clone(),
        product: of.product.clone(),
        artifact: of.artifact.clone(),
        path: of.path.clone(),
        launch_role,
        tags: of.tags.clone(),
        created: context.now,
        updated: context.now,
        ended: None,
    };
    let catalog = catalog(context);
    if let Some(provisioned) = catalog.provisioned.get_mut(&of.id) {
        provisioned.last_record.clone_from(&id);
    }
    catalog.records.insert(id.clone(), record.clone());
    context.settle_seen(&id);
    context.launches.push(id);
    detail(&record, "CREATED")
}

impl Work {
    fn name(&self) -> &'static str {
        match self {
            Self::Launch { .. } => "PROVISION_PRODUCT",
            Self::Update { .. } => "UPDATE_PROVISIONED_PRODUCT",
            Self::End { .. } => "TERMINATE_PROVISIONED_PRODUCT",
            Self::Action { .. } => "EXECUTE_PROVISIONED_PRODUCT_SERVICE_ACTION",
        }
    }
}

fn detail(record: &Record, status: &str) -> api::RecordDetail {
    let error = record.ended.as_ref().and_then(|ended| ended.error.clone());
    let errors = error.into_iter().map(|(code, text)| api::RecordError {
        code: Some(code),
        description: Some(text),
    });
    api::RecordDetail {
        record_id: Some(record.id.clone()),
        provisioned_product_name: Some(record.name.clone()),
        status: Some(status.to_owned()),
        created_time: Some(Time(record.created)),
        updated_time: Some(Time(record.updated)),
        provisioned_product_type: Some("CFN_STACK".to_owned()),
        record_type: Some(record.work.name().to_owned()),
        provisioned_product_id: Some(record.provisioned.clone()),
        product_id: Some(record.product.clone()),
        provisioning_artifact_id: Some(record.artifact.clone()),
        path_id: Some(record.path.clone()),
        record_errors: if status == "FAILED" {
            errors.collect()
        } else {
            Vec::new()
        },
        record_tags: record
            .tags
            .iter()
            .map(|Tag { key, value }| api::RecordTag {
                key: Some(key.clone()),
                value: Some(value.clone()),
            })
            .collect(),
        launch_role_arn: record.launch_role.clone(),
    }
}

pub(super) fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a Record, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.records.get(id))
        .ok_or_else(|| not_found(format!("Record {id} not found.")))
}

/// Whether what a record asks for is still being done.
pub(super) fn is_open(context: &Context<'_>, id: &str) -> bool {
    context.is_settling(id) || find(context, id).is_ok_and(|record| record.ended.is_none())
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeRecordInput,
) -> Result<api::DescribeRecordOutput, ApiError> {
    let record = find(context, &input.id)?.clone();
    let (status, outputs) = match (context.look(&input.id), &record.ended) {
        (Age::Settled, Some(ended)) => {
            let status = match &ended.error {
                None => "SUCCEEDED",
                Some(_) => "FAILED",
            };
            (status, outputs(&ended.outputs))
        }
        _ => ("IN_PROGRESS", Vec::new()),
    };
    let token = input.page_token.as_deref();
    let (outputs, next) = page::page(outputs, input.page_size, 20, token)?;
    Ok(api::DescribeRecordOutput {
        record_detail: Some(detail(&record, status)),
        record_outputs: outputs,
        next_page_token: next,
    })
}

pub(super) fn outputs(
    outputs: &[crate::state::cloudformation::StackOutput],
) -> Vec<api::RecordOutput> {
    outputs
        .iter()
        .map(|output| api::RecordOutput {
            output_key: Some(output.key.clone()),
            output_value: Some(output.value.clone()),
            description: output.description.clone(),
        })
        .collect()
}
