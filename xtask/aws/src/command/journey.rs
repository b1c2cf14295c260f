//! `try`: a scientist's journey with a product in the local AWS, through Service Catalog's own API:
//! launch, outputs, stop and start, update, end.

use super::environment_session::{EnvironmentSession, Proven};
use super::form::Form;
use super::history;
use super::offered::{Offered, offered};
use super::visitor::{self, Visitor};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::{Hints, observe};
use crate::repository::Repository;
use crate::session::Session;
use aws_sdk_cloudformation::types::Stack;
use aws_sdk_servicecatalog::types::{
    ProvisionedProductDetail, ProvisioningArtifactParameter, ProvisioningParameter, RecordDetail,
    RecordStatus, Tag, UpdateProvisioningParameter,
};
use std::collections::BTreeMap;
use xtask::cli::{EnvironmentArgs, TryArgs};
use xtask::console::{print, status};

/// What takes minutes in AWS, by type: shown, and skipped here.
const SLOW: [(&str, &str); 5] = [
    (
        "AWS::EC2::Instance",
        "in AWS the machine boots and signals when it is ready: minutes, skipped here",
    ),
    (
        "AWS::Batch::ComputeEnvironment",
        "in AWS it takes a minute or more to become valid: skipped here",
    ),
    (
        "AWS::IAM::InstanceProfile",
        "in AWS some two minutes until it is known everywhere: skipped here",
    ),
    ("AWS::S3::Bucket", "in AWS some seconds"),
    (
        "AWS::KMS::Key",
        "in AWS a deleted key waits for days before it is gone",
    ),
];

pub(super) async fn run(repository: &Repository, args: &TryArgs) -> Result<bool, CommandError> {
    let local = "local".parse().map_err(|error| {
        CommandError::input("the environment `local` has no valid key")
            .because(format!("{error:?}"))
    })?;
    let environment = EnvironmentArgs {
        environments: vec![local],
        endpoint_url: args.endpoint_url.clone(),
    };
    let key = &environment.environments[0];
    let given = given(&args.set)?;
    let opened = EnvironmentSession::new(repository, key, &environment, Proven::Unasked).await?;
    let session = &opened.session;
    let observed = observe(session, &opened.desired, &Hints::default()).await?;
    let offered = offered(session, &opened, &observed, args).await?;
    let who = visitor::assume(session, &offered.product, args.role.as_deref()).await?;
    let journey = Journey {
        session,
        who: &who,
        offered: &offered,
        name: format!("try-{}", args.key),
    };
    print(&format!(
        "{} {} as {}\n\n",
        offered.title, offered.version_name, who.role
    ))?;
    journey.whole(&given).await
}

/// `NAME=VALUE`, each once.
fn given(set: &[String]) -> Result<BTreeMap<String, String>, CommandError> {
    let mut values = BTreeMap::new();
    for one in set {
        let (name, value) = one.split_once('=').ok_or_else(|| {
            CommandError::input(format!("`--set {one}` gives no value"))
                .hint("write it as `--set NAME=VALUE`")
        })?;
        if values.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(CommandError::input(format!(
                "`--set {name}=…` is given twice"
            )));
        }
    }
    Ok(values)
}

struct Journey<'a> {
    session: &'a Session,
    who: &'a Visitor,
    offered: &'a Offered,
    name: String,
}

impl Journey<'_> {
    async fn whole(&self, given: &BTreeMap<String, String>) -> Result<bool, CommandError> {
        self.clear().await?;
        let form = Form::read(self.who, self.offered).await?;
        let values = form.values(given)?;
        if !self.launch(&values, form.tags).await? {
            // What a failed launch leaves is ended as a person would end it.
            self.end().await?;
            return Ok(false);
        }
        let mut well = self.use_actions().await?;
        well &= self.update(&form.parameters, &values).await?;
        well &= self.end().await?;
        let said = if well {
            "The whole journey works."
        } else {
            "Not everything works."
        };
        print(&format!("{said}\n"))?;
        Ok(well)
    }

    /// Ends what an earlier journey has left.
    async fn clear(&self) -> Result<(), CommandError> {
        let found = self.find().await;
        if found.is_ok() {
            print("An earlier journey was cut short; it is ended first.\n\n")?;
            self.end().await?;
        }
        Ok(())
    }

    async fn find(&self) -> Result<ProvisionedProductDetail, CommandError> {
        let described = self
            .who
            .catalog
            .describe_provisioned_product()
            .name(&self.name)
            .send()
            .await
            .named("servicecatalog DescribeProvisionedProduct", &self.name)?;
        described
            .provisioned_product_detail
            .ok_or_else(|| CommandError::new(format!("{} isn't described", self.name)))
    }

    async fn launch(
        &self,
        values: &BTreeMap<String, String>,
        tags: Vec<Tag>,
    ) -> Result<bool, CommandError> {
        print("Launch\n")?;
        let Offered {
            product, version, ..
        } = self.offered;
        let parameters = values.iter().map(|(key, value)| {
            ProvisioningParameter::builder()
                .key(key)
                .value(value)
                .build()
        });
        for (name, value) in values {
            print(&format!("  {name} = {value}\n"))?;
        }
        for tag in &tags {
            print(&format!("  tag {} = {}\n", tag.key(), tag.value()))?;
        }
        let launched = self
            .who
            .catalog
            .provision_product()
            .product_id(product)
            .provisioning_artifact_id(version)
            .provisioned_product_name(&self.name)
            .set_provisioning_parameters(Some(parameters.collect()))
            .set_tags(Some(tags))
            .provision_token(visitor::token())
            .send()
            .await
            .named("servicecatalog ProvisionProduct", &self.name)?;
        let well = self.ended(launched.record_detail, 0).await?.1;
        if well {
            let outputs = self
                .who
                .catalog
                .get_provisioned_product_outputs()
                .provisioned_product_name(&self.name)
                .send()
                .await
                .named("servicecatalog GetProvisionedProductOutputs", &self.name)?;
            print("Outputs\n")?;
            for output in outputs.outputs() {
                let (key, value) = (output.output_key(), output.output_value());
                print(&format!(
                    "  {} = {}\n",
                    key.unwrap_or_default(),
                    value.unwrap_or_default()
                ))?;
            }
            print("\n")?;
        }
        Ok(well)
    }

    /// Waits for a record, shows what happened to the stack from the event of this number on, and
    /// says how many events there are, and whether it went well.
    async fn ended(
        &self,
        record: Option<RecordDetail>,
        from: usize,
    ) -> Result<(usize, bool), CommandError> {
        let id = record
            .and_then(|record| record.record_id)
            .unwrap_or_default();
        let pace = self.session.pace;
        for _ in 0..pace.looks * 30 {
            let described = self
                .who
                .catalog
                .describe_record()
                .id(&id)
                .send()
                .await
                .named("servicecatalog DescribeRecord", &id)?;
            let detail = described.record_detail();
            let is_well = match detail.and_then(|detail| detail.status()) {
                Some(RecordStatus::Succeeded) => true,
                Some(RecordStatus::Failed) => false,
                _ => {
                    pace.wait().await;
                    continue;
                }
            };
            let count = self.show(from).await?;
            for error in detail.into_iter().flat_map(|detail| detail.record_errors()) {
                let text = error.description().unwrap_or_default();
                print(&format!("  {} {text}\n", status("FAILED")))?;
            }
            if !is_well {
                print("  hint: `cargo xtask rehearse` names the file and line to mend\n")?;
            }
            print("\n")?;
            return Ok((count, is_well));
        }
        Err(CommandError::new(format!("record {id} doesn't end"))
            .hint("stop this, and delete target/local-aws to start afresh"))
    }

    /// Shows what happened to the stack from the event of this number on, and says how many there are.
    async fn show(&self, from: usize) -> Result<usize, CommandError> {
        let Ok(detail) = self.find().await else {
            return Ok(from);
        };
        let name = history::stack_of(self.session, &detail.id.unwrap_or_default());
        let stacks = self
            .session
            .stacks
            .describe_stacks()
            .send()
            .await
            .named("cloudformation DescribeStacks", &name)?;
        let is_it = |one: &Stack| one.stack_name() == Some(name.as_str());
        if !stacks.stacks().iter().any(is_it) {
            return Ok(from);
        }
        let events = history::events(self.session, &name).await?;
        for event in events.iter().skip(from) {
            let state = event
                .resource_status()
                .map(|one| one.as_str())
                .unwrap_or_default();
            let kind = event.resource_type().unwrap_or_default();
            if state.ends_with("IN_PROGRESS") && kind != "AWS::CloudFormation::Stack" {
                continue;
            }
            let logical = event.logical_resource_id().unwrap_or_default();
            let reason = event.resource_status_reason().unwrap_or_default();
            let slow = SLOW
                .iter()
                .find(|(slow, _)| *slow == kind && state == "CREATE_COMPLETE");
            let note = slow.map_or(reason, |(_, note)| note);
            print(&format!("  {} {kind} {logical}  {note}\n", status(state)))?;
        }
        Ok(events.len())
    }

    /// How many events the stack has.
    async fn events(&self) -> Result<usize, CommandError> {
        let detail = self.find().await?;
        let name = history::stack_of(self.session, &detail.id.unwrap_or_default());
        Ok(history::events(self.session, &name).await?.len())
    }

    /// Every service action of the version, those that stop before those that start.
    async fn use_actions(&self) -> Result<bool, CommandError> {
        print("Stop and start\n")?;
        let Offered {
            product, version, ..
        } = self.offered;
        let listed = self
            .session
            .catalog
            .list_service_actions_for_provisioning_artifact()
            .product_id(product)
            .provisioning_artifact_id(version)
            .send()
            .await
            .named(
                "servicecatalog ListServiceActionsForProvisioningArtifact",
                version,
            )?;
        let mut actions: Vec<(String, String)> = listed
            .service_action_summaries()
            .iter()
            .map(|one| {
                let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
                (text(one.name()), text(one.id()))
            })
            .collect();
        actions.sort_by_key(|(name, _)| (!name.to_lowercase().contains("stop"), name.clone()));
        if actions.is_empty() {
            print("  this product has nothing to stop\n\n")?;
        }
        let of = self.find().await?.id.unwrap_or_default();
        let mut well = true;
        for (name, id) in &actions {
            let executed = self
                .who
                .catalog
                .execute_provisioned_product_service_action()
                .provisioned_product_id(&of)
                .service_action_id(id)
                .execute_token(visitor::token())
                .send()
                .await
                .named(
                    "servicecatalog ExecuteProvisionedProductServiceAction",
                    name,
                )?;
            let from = self.events().await?;
            print(&format!("  {name}: in AWS about a minute, skipped here\n"))?;
            well &= self.ended(executed.record_detail, from).await?.1;
        }
        Ok(well)
    }

    /// Another value of the first parameter that offers one; without one, the same again.
    async fn update(
        &self,
        form: &[ProvisioningArtifactParameter],
        values: &BTreeMap<String, String>,
    ) -> Result<bool, CommandError> {
        let from = self.events().await?;
        let other = form.iter().find_map(|one| {
            let name = one.parameter_key()?;
            let now = values
                .get(name)
                .map(String::as_str)
                .or(one.default_value())?;
            let allowed = one.parameter_constraints()?.allowed_values();
            let other = allowed.iter().find(|value| value.as_str() != now)?;
            Some((name, other.as_str()))
        });
        print("Update\n")?;
        if let Some((name, value)) = other {
            print(&format!("  {name} = {value}\n"))?;
        }
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
            .provisioning_artifact_id(&self.offered.version)
            .set_provisioning_parameters(Some(parameters.collect()))
            .update_token(visitor::token())
            .send()
            .await
            .named("servicecatalog UpdateProvisionedProduct", &self.name)?;
        Ok(self.ended(updated.record_detail, from).await?.1)
    }

    async fn end(&self) -> Result<bool, CommandError> {
        print("End\n")?;
        let from = self.events().await.unwrap_or_default();
        let ended = self
            .who
            .catalog
            .terminate_provisioned_product()
            .provisioned_product_name(&self.name)
            .terminate_token(visitor::token())
            .send()
            .await
            .named("servicecatalog TerminateProvisionedProduct", &self.name)?;
        Ok(self.ended(ended.record_detail, from).await?.1)
    }
}
