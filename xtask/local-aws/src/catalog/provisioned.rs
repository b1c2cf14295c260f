//! Provisioned products: launched, updated and ended by whoever a portfolio lets in. A call notes
//! what is asked for in a record; [`crate::launch`] carries it out afterwards.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisionProduct.html>

use super::template::no_engine;
use super::{
    artifact, catalog, duplicate, in_use, invalid, not_found, page, path, product, record,
};
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::{Provisioned, Work};
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;
use compute_catalog::product::ProductType;

/// What is asked for, with everything looked up.
pub(super) struct Wanted {
    pub product: String,
    pub artifact: String,
    pub path: String,
}

/// A version that may be launched, or updated to: a deprecated one takes no new launches.
pub(super) fn check_version(
    context: &mut Context<'_>,
    wanted: &Wanted,
    is_new: bool,
) -> Result<(), ApiError> {
    let (product_id, artifact_id) = (&wanted.product, &wanted.artifact);
    let age = artifact::look(context, product_id, artifact_id)?;
    let version = artifact::find(context, product_id, artifact_id)?;
    let is_deprecated = version.guidance == "DEPRECATED";
    if age != Age::Settled || version.failed || !version.active || (is_new && is_deprecated) {
        let verb = if is_new { "launched" } else { "updated to" };
        let why = match () {
            () if age != Age::Settled => "it is being created",
            () if version.failed => "its creation has failed",
            () if !version.active => "it isn't active",
            () => "it is deprecated",
        };
        return Err(invalid(format!(
            "version {} ({artifact_id}) can't be {verb}: {why}",
            version.name
        )));
    }
    let kind = product::find(context, product_id)?.kind;
    let mut constraints = path::constraints(context, &wanted.path, product_id);
    // <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-considerations>
    if kind == ProductType::External && !constraints.any(|one| one.kind == "LAUNCH") {
        return Err(invalid(format!(
            "the product {product_id} is of the type EXTERNAL: it is launched by a launch constraint only"
        )));
    }
    no_engine(kind)
}

/// The launch role that a constraint on the path names, as an ARN.
pub(super) fn launch_role(
    context: &Context<'_>,
    path: &str,
    product_id: &str,
) -> Result<Option<String>, ApiError> {
    let mut launch =
        path::constraints(context, path, product_id).filter(|one| one.kind == "LAUNCH");
    let Some(constraint) = launch.next() else {
        return Ok(None);
    };
    let parameters: serde_json::Value =
        serde_json::from_str(&constraint.parameters).map_err(ApiError::internal)?;
    if let Some(arn) = parameters["RoleArn"].as_str() {
        return Ok(Some(arn.to_owned()));
    }
    let name = parameters["LocalRoleName"].as_str().unwrap_or_default();
    let account = context.account();
    let roles = context
        .state
        .accounts
        .get(account)
        .map(|one| &one.iam.roles);
    let role = roles.and_then(|roles| roles.get(name));
    Ok(Some(match role {
        Some(role) => role.arn.clone(),
        None => format!("arn:aws:iam::{account}:role/{name}"),
    }))
}

pub(super) fn provision(
    context: &mut Context<'_>,
    input: api::ProvisionProductInput,
) -> Result<api::ProvisionProductOutput, ApiError> {
    let parameters = input.provisioning_parameters.into_iter();
    let parameters = parameters.map(|one| Tag {
        key: one.key.unwrap_or_default(),
        value: one.value.unwrap_or_default(),
    });
    let product_id = product::named(context, input.product_id, input.product_name)?;
    product::look(context, &product_id)?;
    let artifact_id = artifact::named(
        context,
        &product_id,
        input.provisioning_artifact_id,
        input.provisioning_artifact_name,
    )?;
    let (id, name) = (input.path_id.as_deref(), input.path_name.as_deref());
    let wanted = Wanted {
        path: path::choose(context, &product_id, id, name)?,
        product: product_id,
        artifact: artifact_id,
    };
    let record_detail = launch(
        context,
        wanted,
        input.provisioned_product_name,
        parameters.collect(),
        all(input.tags),
        None,
    )?;
    Ok(api::ProvisionProductOutput {
        record_detail: Some(record_detail),
    })
}

/// Adds a provisioned product, under an id that a plan may have given out already.
pub(super) fn launch(
    context: &mut Context<'_>,
    wanted: Wanted,
    name: String,
    parameters: Vec<Tag>,
    tags: Vec<Tag>,
    id: Option<String>,
) -> Result<api::RecordDetail, ApiError> {
    check_version(context, &wanted, true)?;
    let mut others = context
        .here()
        .into_iter()
        .flat_map(|here| here.catalog.provisioned.values());
    if others.any(|other| other.name == name) {
        return Err(duplicate(format!(
            "a provisioned product named {name} exists"
        )));
    }
    let role = launch_role(context, &wanted.path, &wanted.product)?;
    let tags = path::tags(context, &wanted.path, &wanted.product, tags)?;
    let id = id.unwrap_or_else(|| context.change().mint("pp-"));
    let provisioned = Provisioned {
        id: id.clone(),
        name,
        product: wanted.product,
        artifact: wanted.artifact,
        path: wanted.path,
        parameters: parameters.clone(),
        tags,
        created: context.now,
        user: context.caller.arn.clone(),
        stack: None,
        status: "ERROR".to_owned(),
        status_message: None,
        last_record: String::new(),
        last_success: None,
    };
    let all = &mut catalog(context).provisioned;
    all.insert(id, provisioned.clone());
    let work = Work::Launch { parameters };
    Ok(record::add(context, &provisioned, work, role))
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

/// The outputs of what runs: those of its last launch or update that went well.
pub(super) fn outputs(
    context: &mut Context<'_>,
    input: api::GetProvisionedProductOutputsInput,
) -> Result<api::GetProvisionedProductOutputsOutput, ApiError> {
    let one = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    let record = one.last_success.as_deref();
    let record = record.and_then(|id| record::find(context, id).ok());
    let ended = record.and_then(|record| record.ended.as_ref());
    let mut found = ended.map_or_else(Vec::new, |ended| record::outputs(&ended.outputs));
    let wanted = &input.output_keys;
    found.retain(|output| {
        wanted.is_empty()
            || wanted
                .iter()
                .any(|key| Some(key) == output.output_key.as_ref())
    });
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::GetProvisionedProductOutputsOutput {
        outputs: some,
        next_page_token: next,
    })
}

/// Refuses what somebody is at work on.
pub(super) fn check_idle(context: &Context<'_>, one: &Provisioned) -> Result<(), ApiError> {
    if record::is_open(context, &one.last_record) {
        return Err(in_use(format!(
            "provisioned product {} is UNDER_CHANGE",
            one.name
        )));
    }
    Ok(())
}

/// To any version that is active, also a deprecated one.
pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdateProvisionedProductInput,
) -> Result<api::UpdateProvisionedProductOutput, ApiError> {
    let one = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    check_idle(context, &one)?;
    let product_id = match (input.product_id, input.product_name) {
        (None, None) => one.product.clone(),
        (id, name) => product::named(context, id, name)?,
    };
    product::look(context, &product_id)?;
    let artifact_id = match (
        input.provisioning_artifact_id,
        input.provisioning_artifact_name,
    ) {
        (None, None) => one.artifact.clone(),
        (id, name) => artifact::named(context, &product_id, id, name)?,
    };
    let path_id = match (input.path_id.as_deref(), input.path_name.as_deref()) {
        (None, None) if product_id == one.product => one.path.clone(),
        (id, name) => path::choose(context, &product_id, id, name)?,
    };
    let wanted = Wanted {
        product: product_id,
        artifact: artifact_id,
        path: path_id,
    };
    let record_detail = change(
        context,
        one,
        wanted,
        input.provisioning_parameters,
        all(input.tags),
    )?;
    Ok(api::UpdateProvisionedProductOutput {
        record_detail: Some(record_detail),
    })
}

/// Whether tags may change is for a constraint to say; without one they may not.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-resourceupdate.html>
fn tags_may_change(context: &Context<'_>, path: &str, product_id: &str) -> bool {
    path::constraints(context, path, product_id)
        .filter(|one| one.kind == "RESOURCE_UPDATE")
        .any(|one| one.parameters.contains("\"ALLOWED\""))
}

/// The values of parameters after an update: those given, and the former ones where that is said.
pub(super) fn updated(
    before: &[Tag],
    given: Vec<api::UpdateProvisioningParameter>,
) -> Result<Vec<Tag>, ApiError> {
    let mut parameters = Vec::new();
    for one in given {
        let key = one.key.unwrap_or_default();
        let value = match (one.use_previous_value, one.value) {
            (Some(true), None) => {
                let former = before.iter().find(|tag| tag.key == key);
                match former {
                    Some(tag) => tag.value.clone(),
                    // The template's default, as it was at the launch.
                    None => continue,
                }
            }
            (Some(true), Some(_)) => {
                return Err(invalid(format!(
                    "{key} has both a value and UsePreviousValue"
                )));
            }
            (_, value) => value.unwrap_or_default(),
        };
        parameters.push(Tag { key, value });
    }
    Ok(parameters)
}

pub(super) fn change(
    context: &mut Context<'_>,
    mut one: Provisioned,
    wanted: Wanted,
    given: Vec<api::UpdateProvisioningParameter>,
    tags: Vec<Tag>,
) -> Result<api::RecordDetail, ApiError> {
    check_version(context, &wanted, false)?;
    let role = launch_role(context, &wanted.path, &wanted.product)?;
    if !tags.is_empty() && tags != one.tags {
        if !tags_may_change(context, &wanted.path, &wanted.product) {
            return Err(invalid(
                "TagUpdateOnProvisionedProduct isn't allowed for this product in its portfolio",
            ));
        }
        one.tags = path::tags(context, &wanted.path, &wanted.product, tags)?;
    }
    let parameters = updated(&one.parameters, given)?;
    // The record says what is asked for; the provisioned product what it is, until that is done.
    let asked = Provisioned {
        product: wanted.product,
        artifact: wanted.artifact,
        path: wanted.path,
        ..one
    };
    let work = Work::Update { parameters };
    Ok(record::add(context, &asked, work, role))
}

pub(super) fn terminate(
    context: &mut Context<'_>,
    input: api::TerminateProvisionedProductInput,
) -> Result<api::TerminateProvisionedProductOutput, ApiError> {
    let one = find(
        context,
        input.provisioned_product_id.as_ref(),
        input.provisioned_product_name.as_ref(),
    )?;
    check_idle(context, &one)?;
    let role = launch_role(context, &one.path, &one.product)?;
    let work = Work::End {
        retain: input.retain_physical_resources == Some(true),
        ignore_errors: input.ignore_errors == Some(true),
    };
    Ok(api::TerminateProvisionedProductOutput {
        record_detail: Some(record::add(context, &one, work, role)),
    })
}
