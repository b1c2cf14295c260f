//! `try`: a scientist's journey with a product in the local AWS, through Service Catalog's own API:
//! launch, outputs, stop and start, update, end.

use super::environment_session::{EnvironmentSession, Proven};
use super::visitor::{self, Visitor};
use crate::call::Named;
use crate::command_error::CommandError;
use crate::read::{Hints, observe};
use crate::repository::Repository;
use crate::session::Session;
use aws_sdk_servicecatalog::types::{
    ProvisioningArtifactGuidance, ProvisioningArtifactParameter, ProvisioningParameter,
    RecordDetail, RecordStatus, Tag, TagOptionSummary, UpdateProvisioningParameter,
};
use compute_catalog::publish::Observed;
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

/// A list of ids for a parameter that has no default.
const SAMPLE: &str = "1111111";

/// A product, and the version that a form would offer.
struct Offered {
    product: String,
    title: String,
    version: String,
    version_name: String,
}

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

/// The live product of a key, and its newest version that takes launches.
async fn offered(
    session: &Session,
    opened: &EnvironmentSession<'_>,
    observed: &Observed,
    args: &TryArgs,
) -> Result<Offered, CommandError> {
    let wanted = opened
        .desired
        .products
        .iter()
        .find(|one| one.key == args.key);
    let wanted = wanted.ok_or_else(|| {
        let keys: Vec<String> = opened
            .desired
            .products
            .iter()
            .map(|one| one.key.to_string())
            .collect();
        CommandError::input(format!("there is no product `{}`", args.key))
            .hint(format!("products are {}", keys.join(", ")))
    })?;
    let unpublished = || {
        CommandError::new(format!("`{}` isn't published to the local AWS", args.key))
            .hint("run `cargo xtask publish` first")
    };
    let live = observed
        .products
        .values()
        .find(|one| one.texts.name == wanted.texts.name);
    let live = live.ok_or_else(unpublished)?;
    let listed = session
        .catalog
        .list_provisioning_artifacts()
        .product_id(&live.id)
        .send()
        .await
        .named("servicecatalog ListProvisioningArtifacts", &live.id)?;
    let takes = |one: &&aws_sdk_servicecatalog::types::ProvisioningArtifactDetail| {
        one.active() == Some(true)
            && one.guidance() != Some(&ProvisioningArtifactGuidance::Deprecated)
    };
    let newest = listed.provisioning_artifact_details().iter().rfind(takes);
    let newest = newest.ok_or_else(|| {
        CommandError::new(format!("no version of `{}` takes launches", args.key))
            .hint("`cargo xtask status` says which versions are live")
    })?;
    Ok(Offered {
        product: live.id.clone(),
        title: live.texts.name.clone(),
        version: newest.id().unwrap_or_default().to_owned(),
        version_name: newest.name().unwrap_or_default().to_owned(),
    })
}

/// What a launch form asks for.
struct Form {
    parameters: Vec<ProvisioningArtifactParameter>,
    tags: Vec<Tag>,
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
        let form = self.form().await?;
        let values = self.values(&form.parameters, given)?;
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

    async fn find(
        &self,
    ) -> Result<aws_sdk_servicecatalog::types::ProvisionedProductDetail, CommandError> {
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

    /// The parameters of the form, and the tags that it lets people choose: of each the first value.
    async fn form(&self) -> Result<Form, CommandError> {
        let Offered {
            product, version, ..
        } = self.offered;
        let described = self
            .who
            .catalog
            .describe_provisioning_parameters()
            .product_id(product)
            .provisioning_artifact_id(version)
            .send()
            .await
            .named("servicecatalog DescribeProvisioningParameters", product)?;
        let chosen = |one: &TagOptionSummary| {
            let tag = Tag::builder().key(one.key()?).value(one.values().first()?);
            tag.build().ok()
        };
        Ok(Form {
            tags: described.tag_options().iter().filter_map(chosen).collect(),
            parameters: described
                .provisioning_artifact_parameters
                .unwrap_or_default(),
        })
    }

    /// The values of the form; what has neither a default nor a value that fits is asked for.
    fn values(
        &self,
        form: &[ProvisioningArtifactParameter],
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, CommandError> {
        let names: Vec<&str> = form.iter().filter_map(|one| one.parameter_key()).collect();
        if let Some(name) = given.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(
                CommandError::input(format!("the form has no parameter {name}"))
                    .hint(format!("its parameters are {}", names.join(", "))),
            );
        }
        let mut values = given.clone();
        let mut missing = Vec::new();
        for one in form {
            let name = one.parameter_key().unwrap_or_default();
            if values.contains_key(name) || one.default_value().is_some() {
                continue;
            }
            let constraints = one.parameter_constraints();
            let allowed = constraints.and_then(|all| all.allowed_values().first().cloned());
            let kind = one.parameter_type().unwrap_or_default();
            let is_list = kind == "CommaDelimitedList";
            match allowed.or_else(|| is_list.then(|| SAMPLE.to_owned())) {
                Some(value) => {
                    values.insert(name.to_owned(), value);
                }
                None => missing.push(format!("{name}: {}", one.description().unwrap_or_default())),
            }
        }
        if missing.is_empty() {
            return Ok(values);
        }
        Err(CommandError::input("the launch form needs values")
            .because(missing.join("; "))
            .hint("give each by `--set NAME=VALUE`"))
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

    /// The events of the stack, oldest first.
    async fn show(&self, from: usize) -> Result<usize, CommandError> {
        let stack = format!("SC-{}-", self.session.account);
        let stacks = self
            .session
            .stacks
            .describe_stacks()
            .send()
            .await
            .named("cloudformation DescribeStacks", &stack)?;
        let arn = match self.find().await {
            Ok(detail) => detail.id.unwrap_or_default(),
            Err(_) => return Ok(from),
        };
        let name = format!("{stack}{arn}");
        if !stacks
            .stacks()
            .iter()
            .any(|one| one.stack_name() == Some(&name))
        {
            return Ok(from);
        }
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .session
                .stacks
                .describe_stack_events()
                .stack_name(&name)
                .set_next_token(token)
                .send()
                .await
                .named("cloudformation DescribeStackEvents", &name)?;
            events.extend(page.stack_events.unwrap_or_default());
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        events.reverse();
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

    async fn events(&self) -> Result<usize, CommandError> {
        let detail = self.find().await?;
        let name = format!(
            "SC-{}-{}",
            self.session.account,
            detail.id.unwrap_or_default()
        );
        let events = self
            .session
            .stacks
            .describe_stack_events()
            .stack_name(&name)
            .send()
            .await
            .named("cloudformation DescribeStackEvents", &name)?;
        Ok(events.stack_events().len())
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
