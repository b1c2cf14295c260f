//! One provisioned product, by the calls of whoever launches it.

use super::history;
use super::offered::Offered;
use super::visitor::{self, Visitor};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::session::Session;
use aws_sdk_cloudformation::types::StackEvent;
use aws_sdk_servicecatalog::types::{
    ProvisionedProductDetail, ProvisioningArtifactParameter, ProvisioningParameter, RecordDetail,
    RecordStatus, Tag, UpdateProvisioningParameter,
};
use std::collections::BTreeMap;
use xtask::console::waiting;

/// A provisioned product, there or not.
pub(super) struct Provisioned<'a> {
    pub session: &'a Session,
    pub who: &'a Visitor,
    pub name: String,
}

/// How a record ended: nothing where it went well, else what Service Catalog says.
pub(super) type Ended = Result<(), Vec<String>>;

/// What has happened to a stack up to some moment.
#[derive(Default)]
pub(super) struct Seen {
    stack: Option<String>,
    events: usize,
}

impl Seen {
    /// The same stack, and nothing seen of it yet.
    pub fn with_nothing_seen(self) -> Seen {
        Seen { events: 0, ..self }
    }
}

impl Provisioned<'_> {
    /// What Service Catalog knows of it; nothing where there is none of this name.
    pub async fn find(&self) -> Result<Option<ProvisionedProductDetail>, CommandError> {
        let described = self
            .who
            .catalog
            .describe_provisioned_product()
            .name(&self.name)
            .send()
            .await
            .named("servicecatalog DescribeProvisionedProduct", &self.name);
        match described {
            Ok(described) => Ok(described.provisioned_product_detail),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Launches it. The same token again launches nothing a second time.
    pub async fn launch(
        &self,
        offered: &Offered,
        values: &BTreeMap<String, String>,
        tags: Vec<Tag>,
        token: &str,
    ) -> Result<Option<RecordDetail>, CommandError> {
        let Offered {
            product, version, ..
        } = offered;
        let parameters = values.iter().map(|(key, value)| {
            let parameter = ProvisioningParameter::builder().key(key);
            parameter.value(value).build()
        });
        let launched = self
            .who
            .catalog
            .provision_product()
            .product_id(product)
            .provisioning_artifact_id(version)
            .set_path_id(offered.path.clone())
            .provisioned_product_name(&self.name)
            .set_provisioning_parameters(Some(parameters.collect()))
            .set_tags(Some(tags))
            .provision_token(token)
            .send()
            .await
            .named("servicecatalog ProvisionProduct", &self.name)?;
        Ok(launched.record_detail)
    }

    /// Another value of one parameter of its form, or the same again.
    pub async fn update(
        &self,
        offered: &Offered,
        form: &[ProvisioningArtifactParameter],
        other: Option<(&str, &str)>,
    ) -> Result<Option<RecordDetail>, CommandError> {
        let parameters = form.iter().filter_map(|one| {
            let name = one.parameter_key()?;
            let parameter = UpdateProvisioningParameter::builder().key(name);
            Some(match other {
                Some((changed, value)) if changed == name => parameter.value(value).build(),
                _ => parameter.use_previous_value(true).build(),
            })
        });
        let updated = self
            .who
            .catalog
            .update_provisioned_product()
            .provisioned_product_name(&self.name)
            .provisioning_artifact_id(&offered.version)
            .set_provisioning_parameters(Some(parameters.collect()))
            .update_token(visitor::token())
            .send()
            .await
            .named("servicecatalog UpdateProvisionedProduct", &self.name)?;
        Ok(updated.record_detail)
    }

    /// Asks for its end.
    pub async fn terminate(&self) -> Result<Option<RecordDetail>, CommandError> {
        let ended = self
            .who
            .catalog
            .terminate_provisioned_product()
            .provisioned_product_name(&self.name)
            .terminate_token(visitor::token())
            .send()
            .await
            .named("servicecatalog TerminateProvisionedProduct", &self.name)?;
        Ok(ended.record_detail)
    }

    /// Starts one of its service actions.
    pub async fn execute(&self, action: &Action) -> Result<Option<RecordDetail>, CommandError> {
        let of = self.find().await?.and_then(|detail| detail.id);
        let executed = self
            .who
            .catalog
            .execute_provisioned_product_service_action()
            .provisioned_product_id(of.unwrap_or_default())
            .service_action_id(&action.id)
            .execute_token(visitor::token())
            .send()
            .await
            .named(
                "servicecatalog ExecuteProvisionedProductServiceAction",
                &action.name,
            )?;
        Ok(executed.record_detail)
    }

    /// Waits until a record has ended.
    ///
    /// # Errors
    /// A record that doesn't end in the time that a launch may take.
    pub async fn ended(&self, record: Option<RecordDetail>) -> Result<Ended, CommandError> {
        let id = record.and_then(|record| record.record_id);
        let id = id.unwrap_or_default();
        let pace = self.session.pace;
        let _waiting = waiting("Waiting for Service Catalog: a launch may take minutes.");
        // In AWS an hour and a quarter: CloudFormation gives a machine half an hour to signal.
        for _ in 0..pace.looks * 15 {
            let described = self
                .who
                .catalog
                .describe_record()
                .id(&id)
                .send()
                .await
                .named("servicecatalog DescribeRecord", &id)?;
            let detail = described.record_detail();
            match detail.and_then(|detail| detail.status()) {
                Some(RecordStatus::Succeeded) => return Ok(Ok(())),
                Some(RecordStatus::Failed | RecordStatus::InProgressInError) => {
                    let errors = detail.into_iter().flat_map(|detail| detail.record_errors());
                    let texts = errors.map(|error| error.description().unwrap_or_default());
                    return Ok(Err(texts.map(str::to_owned).collect()));
                }
                _ => pace.wait().await,
            }
        }
        Err(CommandError::new(format!("record {id} doesn't end"))
            .hint("look at the stack of the provisioned product in CloudFormation"))
    }

    /// Its outputs, each a name and a value.
    pub async fn outputs(&self) -> Result<Vec<(String, String)>, CommandError> {
        let outputs = self
            .who
            .catalog
            .get_provisioned_product_outputs()
            .provisioned_product_name(&self.name)
            .send()
            .await
            .named("servicecatalog GetProvisionedProductOutputs", &self.name)?;
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let outputs = outputs.outputs().iter();
        Ok(outputs
            .map(|one| (text(one.output_key()), text(one.output_value())))
            .collect())
    }

    /// Where its stack is, and how much has happened to it.
    pub async fn seen(&self) -> Result<Seen, CommandError> {
        let stack = self.stack().await?;
        let events = match &stack {
            Some(stack) => history::events(self.session, stack).await?.len(),
            None => 0,
        };
        Ok(Seen { stack, events })
    }

    /// What has happened to its stack since.
    pub async fn since(&self, seen: &Seen) -> Result<Vec<StackEvent>, CommandError> {
        let stack = match &seen.stack {
            Some(stack) => Some(stack.clone()),
            None => self.stack().await?,
        };
        let Some(stack) = stack else {
            return Ok(Vec::new());
        };
        let events = history::events(self.session, &stack).await?;
        Ok(events.into_iter().skip(seen.events).collect())
    }

    /// Its stack, by the id that it keeps when it is deleted; none where there is none.
    async fn stack(&self) -> Result<Option<String>, CommandError> {
        let Some(detail) = self.find().await? else {
            return Ok(None);
        };
        let name = history::stack_of(self.session, &detail.id.unwrap_or_default());
        history::stack_id(self.session, &name).await
    }
}

/// A service action of a version.
pub(super) struct Action {
    pub name: String,
    id: String,
}

/// Every service action of a version: those that stop, those that start, then the others.
pub(super) async fn actions(
    session: &Session,
    offered: &Offered,
) -> Result<Vec<Action>, CommandError> {
    let listed = session
        .catalog
        .list_service_actions_for_provisioning_artifact()
        .product_id(&offered.product)
        .provisioning_artifact_id(&offered.version)
        .send()
        .await
        .named(
            "servicecatalog ListServiceActionsForProvisioningArtifact",
            &offered.version,
        )?;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let listed = listed.service_action_summaries().iter();
    let mut actions: Vec<Action> = listed
        .map(|one| Action {
            name: text(one.name()),
            id: text(one.id()),
        })
        .collect();
    let after = |name: &str| match name.to_lowercase() {
        name if name.starts_with("stop") => 0,
        name if name.starts_with("start") => 1,
        _ => 2,
    };
    actions.sort_by_key(|action| (after(&action.name), action.name.clone()));
    Ok(actions)
}
