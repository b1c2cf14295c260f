//! `try`: a scientist's journey with a product in the local AWS, through Service Catalog's own API:
//! launch, outputs, stop and start, update, end.

use super::form::Form;
use super::offered::{Offered, offered};
use super::provisioned::{Ended, Provisioned, Seen, actions};
use super::stand_in::StandIn;
use super::visitor;
use crate::command_error::CommandError;
use crate::read::{Hints, observe};
use crate::repository::Repository;
use aws_sdk_servicecatalog::types::{ProvisioningArtifactParameter, Tag};
use std::collections::BTreeMap;
use xtask::cli::TryArgs;
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

pub(super) async fn run(repository: &mut Repository, args: &TryArgs) -> Result<bool, CommandError> {
    repository.launchable(&args.key)?;
    let given = given(&args.set)?;
    let opened = StandIn::of_try(repository, args).await?;
    let session = &opened.session;
    let observed = observe(session, &opened.desired, &Hints::default()).await?;
    let offered = offered(session, &opened.desired, &observed, &args.key).await?;
    let who = visitor::assume(session, &offered.product, args.role.as_deref()).await?;
    print(&format!(
        "{} {} as {}\n\n",
        offered.title, offered.version_name, who.role
    ))?;
    let journey = Journey {
        offered: &offered,
        provisioned: Provisioned {
            session,
            who: &who,
            name: format!("try-{}", args.key),
        },
    };
    journey.whole(&given).await
}

/// `NAME=VALUE`, each once.
pub(super) fn given(set: &[String]) -> Result<BTreeMap<String, String>, CommandError> {
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
    offered: &'a Offered,
    provisioned: Provisioned<'a>,
}

impl Journey<'_> {
    async fn whole(&self, given: &BTreeMap<String, String>) -> Result<bool, CommandError> {
        if self.provisioned.find().await?.is_some() {
            print("An earlier journey was cut short; it is ended first.\n\n")?;
            self.end().await?;
        }
        let form = Form::read(self.provisioned.who, self.offered).await?;
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

    async fn launch(
        &self,
        values: &BTreeMap<String, String>,
        tags: Vec<Tag>,
    ) -> Result<bool, CommandError> {
        print("Launch\n")?;
        for (name, value) in values {
            print(&format!("  {name} = {value}\n"))?;
        }
        for tag in &tags {
            print(&format!("  tag {} = {}\n", tag.key(), tag.value()))?;
        }
        let token = visitor::token();
        let launched = self.provisioned.launch(self.offered, values, tags, &token);
        let ended = self.provisioned.ended(launched.await?).await?;
        let well = self.tell(&ended, &Seen::default()).await?;
        print("\n")?;
        if well {
            print("Outputs\n")?;
            for (name, value) in self.provisioned.outputs().await? {
                print(&format!("  {name} = {value}\n"))?;
            }
            print("\n")?;
        }
        Ok(well)
    }

    /// Shows what has happened to the stack since, and how a record ended.
    async fn tell(&self, ended: &Ended, since: &Seen) -> Result<bool, CommandError> {
        for event in self.provisioned.since(since).await? {
            let state = event.resource_status();
            let state = state.map(|one| one.as_str()).unwrap_or_default();
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
        if let Err(errors) = ended {
            for error in errors {
                print(&format!("  {} {error}\n", status("FAILED")))?;
            }
            print("  hint: `cargo xtask rehearse` names the file and line to mend\n")?;
        }
        Ok(ended.is_ok())
    }

    async fn use_actions(&self) -> Result<bool, CommandError> {
        print("Stop and start\n")?;
        let actions = actions(self.provisioned.session, self.offered).await?;
        if actions.is_empty() {
            print("  this product has nothing to stop\n")?;
        }
        let mut well = true;
        for action in &actions {
            let since = self.provisioned.seen().await?;
            let executed = self.provisioned.execute(action).await?;
            let ended = self.provisioned.ended(executed).await?;
            let done = self.tell(&ended, &since).await?;
            if done {
                let note = "in AWS about a minute, skipped here";
                print(&format!(
                    "  {} {}  {note}\n",
                    status("SUCCEEDED"),
                    action.name
                ))?;
            }
            well &= done;
        }
        print("\n")?;
        Ok(well)
    }

    /// Another value of the first parameter that offers one; without one, the same again.
    async fn update(
        &self,
        form: &[ProvisioningArtifactParameter],
        values: &BTreeMap<String, String>,
    ) -> Result<bool, CommandError> {
        print("Update\n")?;
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
        if let Some((name, value)) = other {
            print(&format!("  {name} = {value}\n"))?;
        }
        let since = self.provisioned.seen().await?;
        let updated = self.provisioned.update(self.offered, form, other).await?;
        let ended = self.provisioned.ended(updated).await?;
        let well = self.tell(&ended, &since).await?;
        print("\n")?;
        Ok(well)
    }

    async fn end(&self) -> Result<bool, CommandError> {
        print("End\n")?;
        let since = self.provisioned.seen().await?;
        let terminated = self.provisioned.terminate().await?;
        let ended = self.provisioned.ended(terminated).await?;
        let well = self.tell(&ended, &since).await?;
        print("\n")?;
        Ok(well)
    }
}
