//! Plans of provisioned products: what a launch or an update would change, computed first and
//! executed as computed.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateProvisionedProductPlan.html>

use super::provisioned::{self, Wanted};
use super::{catalog, invalid, not_found, page, path, product};
use crate::api::Time;
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::launch;
use crate::state::catalog::{ProductPlan, Provisioned};
use crate::state::cloudformation::Change;
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreateProvisionedProductPlanInput,
) -> Result<api::CreateProvisionedProductPlanOutput, ApiError> {
    let name = input.provisioned_product_name;
    let before = provisioned::find(context, None, Some(&name)).ok();
    product::look(context, &input.product_id)?;
    let wanted = Wanted {
        path: match (&input.path_id, &before) {
            (None, Some(one)) if one.product == input.product_id => one.path.clone(),
            (id, _) => path::choose(context, &input.product_id, id.as_deref(), None)?,
        },
        product: input.product_id,
        artifact: input.provisioning_artifact_id,
    };
    provisioned::check_version(context, &wanted, before.is_none())?;
    let former = before.as_ref().map(|one| one.parameters.clone());
    let parameters =
        provisioned::updated(&former.unwrap_or_default(), input.provisioning_parameters)?;
    let tags = match &before {
        Some(one) if input.tags.is_empty() => one.tags.clone(),
        _ => path::tags(context, &wanted.path, &wanted.product, all(input.tags))?,
    };
    let stack = before.as_ref().and_then(|one| one.stack.clone());
    let template = launch::template(context, &wanted.product, &wanted.artifact)?;
    let changes = launch::changes(context, stack.as_deref(), &template, &parameters);
    let (changes, failure) = match changes {
        Ok(changes) => (changes, None),
        Err(refusal) => (Vec::new(), Some(refusal.message)),
    };
    let id = context.change().mint("plan-");
    let provisioned = match &before {
        Some(one) => one.id.clone(),
        None => context.change().mint("pp-"),
    };
    let plan = ProductPlan {
        id: id.clone(),
        name: input.plan_name,
        provisioned,
        provisioned_name: name,
        product: wanted.product,
        artifact: wanted.artifact,
        path: wanted.path,
        parameters,
        tags,
        changes,
        failure,
        record: None,
        created: context.now,
    };
    let answer = api::CreateProvisionedProductPlanOutput {
        plan_name: Some(plan.name.clone()),
        plan_id: Some(id.clone()),
        provision_product_id: Some(plan.provisioned.clone()),
        provisioned_product_name: Some(plan.provisioned_name.clone()),
        provisioning_artifact_id: Some(plan.artifact.clone()),
    };
    catalog(context).plans.insert(id, plan);
    Ok(answer)
}

fn find<'a>(context: &'a Context<'_>, id: &str) -> Result<&'a ProductPlan, ApiError> {
    context
        .here()
        .and_then(|here| here.catalog.plans.get(id))
        .ok_or_else(|| not_found(format!("Plan {id} not found.")))
}

fn status(context: &Context<'_>, plan: &ProductPlan) -> &'static str {
    let records = context.here().map(|here| &here.catalog.records);
    let record = plan.record.as_ref().and_then(|id| {
        records?
            .get(id)?
            .ended
            .as_ref()
            .map(|ended| ended.error.is_none())
    });
    match (&plan.failure, &plan.record, record) {
        (Some(_), _, _) => "CREATE_FAILED",
        (None, None, _) => "CREATE_SUCCESS",
        (None, Some(_), None) => "EXECUTE_IN_PROGRESS",
        (None, Some(_), Some(true)) => "EXECUTE_SUCCESS",
        (None, Some(_), Some(false)) => "EXECUTE_FAILED",
    }
}

fn change(one: &Change) -> api::ResourceChange {
    let details = one.properties.iter().map(|name| {
        let recreates = launch::replaces(&one.kind, name);
        let target = api::ResourceTargetDefinition {
            attribute: Some("PROPERTIES".to_owned()),
            name: Some(name.clone()),
            requires_recreation: Some(if recreates { "ALWAYS" } else { "NEVER" }.to_owned()),
        };
        api::ResourceChangeDetail {
            target: Some(target),
            evaluation: Some("STATIC".to_owned()),
            causing_entity: None,
        }
    });
    let is_modify = one.action == "Modify";
    api::ResourceChange {
        action: Some(one.action.to_uppercase()),
        logical_resource_id: Some(one.logical.clone()),
        physical_resource_id: one.physical.clone(),
        resource_type: Some(one.kind.clone()),
        replacement: is_modify.then(|| if one.replacement { "TRUE" } else { "FALSE" }.to_owned()),
        scope: Vec::from_iter(is_modify.then(|| "PROPERTIES".to_owned())),
        details: details.collect(),
    }
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribeProvisionedProductPlanInput,
) -> Result<api::DescribeProvisionedProductPlanOutput, ApiError> {
    let plan = find(context, &input.plan_id)?;
    let parameters = plan.parameters.iter();
    let parameters = parameters.map(|Tag { key, value }| api::UpdateProvisioningParameter {
        key: Some(key.clone()),
        value: Some(value.clone()),
        use_previous_value: None,
    });
    let details = api::ProvisionedProductPlanDetails {
        created_time: Some(Time(plan.created)),
        updated_time: Some(Time(plan.created)),
        path_id: Some(plan.path.clone()),
        product_id: Some(plan.product.clone()),
        plan_name: Some(plan.name.clone()),
        plan_id: Some(plan.id.clone()),
        provision_product_id: Some(plan.provisioned.clone()),
        provision_product_name: Some(plan.provisioned_name.clone()),
        plan_type: Some("CLOUDFORMATION".to_owned()),
        provisioning_artifact_id: Some(plan.artifact.clone()),
        status: Some(status(context, plan).to_owned()),
        notification_arns: Vec::new(),
        provisioning_parameters: parameters.collect(),
        tags: all(plan.tags.clone()),
        status_message: plan.failure.clone(),
    };
    let changes = plan.changes.iter().map(change).collect();
    let (some, next) = page::page(changes, input.page_size, 20, input.page_token.as_deref())?;
    Ok(api::DescribeProvisionedProductPlanOutput {
        provisioned_product_plan_details: Some(details),
        resource_changes: some,
        next_page_token: next,
    })
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListProvisionedProductPlansInput,
) -> Result<api::ListProvisionedProductPlansOutput, ApiError> {
    let plans = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.plans.values());
    let plans = plans
        .filter(|plan| {
            let wanted = input.provision_product_id.as_ref();
            wanted.is_none_or(|id| plan.provisioned == *id)
        })
        .map(|plan| api::ProvisionedProductPlanSummary {
            plan_name: Some(plan.name.clone()),
            plan_id: Some(plan.id.clone()),
            provision_product_id: Some(plan.provisioned.clone()),
            provision_product_name: Some(plan.provisioned_name.clone()),
            plan_type: Some("CLOUDFORMATION".to_owned()),
            provisioning_artifact_id: Some(plan.artifact.clone()),
        })
        .collect();
    let (some, next) = page::page(plans, input.page_size, 20, input.page_token.as_deref())?;
    Ok(api::ListProvisionedProductPlansOutput {
        provisioned_product_plans: some,
        next_page_token: next,
    })
}

pub(super) fn execute(
    context: &mut Context<'_>,
    input: api::ExecuteProvisionedProductPlanInput,
) -> Result<api::ExecuteProvisionedProductPlanOutput, ApiError> {
    let plan = find(context, &input.plan_id)?.clone();
    let status = status(context, &plan);
    if status != "CREATE_SUCCESS" {
        return Err(ApiError::new(
            400,
            "InvalidStateException",
            format!("plan {} is {status}", plan.name),
        ));
    }
    let wanted = Wanted {
        product: plan.product,
        artifact: plan.artifact,
        path: plan.path,
    };
    let before: Option<Provisioned> =
        provisioned::find(context, Some(&plan.provisioned), None).ok();
    let record_detail = match before {
        None => provisioned::launch(
            context,
            wanted,
            plan.provisioned_name,
            plan.parameters,
            plan.tags,
            Some(plan.provisioned),
        )?,
        Some(one) => {
            provisioned::check_idle(context, &one)?;
            let given = plan.parameters.into_iter();
            let given = given.map(|tag| api::UpdateProvisioningParameter {
                key: Some(tag.key),
                value: Some(tag.value),
                use_previous_value: None,
            });
            provisioned::change(context, one, wanted, given.collect(), plan.tags)?
        }
    };
    let kept = catalog(context).plans.get_mut(&plan.id);
    let kept = kept.ok_or_else(|| invalid(format!("plan {} is gone", plan.id)))?;
    kept.record.clone_from(&record_detail.record_id);
    Ok(api::ExecuteProvisionedProductPlanOutput {
        record_detail: Some(record_detail),
    })
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeleteProvisionedProductPlanInput,
) -> Result<api::DeleteProvisionedProductPlanOutput, ApiError> {
    let id = find(context, &input.plan_id)?.id.clone();
    catalog(context).plans.remove(&id);
    Ok(api::DeleteProvisionedProductPlanOutput {})
}
