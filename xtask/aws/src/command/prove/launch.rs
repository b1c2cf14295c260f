//! One product's life in an account: launched, used, ended.

use super::Proved;
use super::journal::{Launched, by_hand};
use super::reach;
use crate::call::Named;
use crate::command::form::Form;
use crate::command::offered::Offered;
use crate::command::provisioned::{Provisioned, Seen, actions};
use crate::command::visitor::{self, Visitor};
use crate::command_error::CommandError;
use crate::session::Session;
use aws_sdk_cloudformation::types::StackEvent;
use aws_sdk_servicecatalog::types::ProvisionedProductStatus;
use std::collections::BTreeMap;

/// Who proves, and where.
pub(super) struct Prove<'a> {
    pub session: &'a Session,
    pub who: &'a Visitor,
    /// Whether it is AWS itself, where something answers.
    pub is_aws: bool,
}

/// How often a name that isn't there is looked for, before it is believed.
const LOOKS: u32 = 5;

impl<'a> Prove<'a> {
    fn provisioned(&self, one: &Launched) -> Provisioned<'a> {
        Provisioned {
            session: self.session,
            who: self.who,
            name: one.name.clone(),
        }
    }

    /// Whether there is a provisioned product of this name.
    pub async fn is_there(&self, one: &Launched) -> Result<bool, CommandError> {
        Ok(self.provisioned(one).find().await?.is_some())
    }

    /// Refuses a name that something has which the journal doesn't know.
    pub async fn refuse_taken(&self, one: &Launched) -> Result<(), CommandError> {
        if !self.is_there(one).await? {
            return Ok(());
        }
        Err(CommandError::new(format!(
            "there is a provisioned product {}, which the journal of this checkout doesn't know",
            one.name
        ))
        .hint(format!(
            "somebody else may be proving; where nobody is, end it by `{}` and run this again",
            by_hand(&one.name)
        )))
    }

    /// Launches a product and uses it.
    pub async fn live(
        &self,
        one: &Launched,
        offered: &Offered,
        given: &BTreeMap<String, String>,
    ) -> Result<Proved, CommandError> {
        let provisioned = self.provisioned(one);
        let not_launched = |why: &str| Proved::not_launched(&one.product, offered, why);
        match self.launch(&provisioned, offered, given).await {
            Ok(Ok(())) => {}
            Ok(Err(errors)) => return Ok(not_launched(&errors.join("; "))),
            // Refused: the account isn't ready for it, and nothing was made.
            Err(refusal) => return Ok(not_launched(&refusal.to_string())),
        }
        let outputs = provisioned.outputs().await?;
        let mut found = Proved {
            launched: Ok(format!("{} outputs", outputs.len())),
            ..not_launched("")
        };
        let events = provisioned.since(&Seen::default()).await?;
        found.used = self.open(&outputs, &events).await;
        for action in actions(self.session, offered).await? {
            let executed = match provisioned.execute(&action).await {
                Ok(executed) => provisioned.ended(executed).await?,
                Err(refusal) => Err(vec![refusal.to_string()]),
            };
            found.used.push(match executed {
                Ok(()) => format!("{} done", action.name),
                Err(errors) => format!("{} failed: {}", action.name, errors.join("; ")),
            });
        }
        Ok(found)
    }

    async fn launch(
        &self,
        provisioned: &Provisioned<'_>,
        offered: &Offered,
        given: &BTreeMap<String, String>,
    ) -> Result<Result<(), Vec<String>>, CommandError> {
        let offered = Offered {
            path: Some(self.path(offered).await?),
            ..offered.clone()
        };
        let form = Form::read(self.who, &offered).await?;
        let values = form.values(given)?;
        let token = visitor::token();
        let record = provisioned.launch(&offered, &values, form.tags, &token);
        provisioned.ended(record.await?).await
    }

    /// The first path by which the product is launched.
    async fn path(&self, offered: &Offered) -> Result<String, CommandError> {
        let paths = self
            .who
            .catalog
            .list_launch_paths()
            .product_id(&offered.product)
            .send()
            .await
            .named("servicecatalog ListLaunchPaths", &offered.title)?;
        let first = paths.launch_path_summaries().first();
        let first = first.and_then(|path| path.id());
        first.map(str::to_owned).ok_or_else(|| {
            CommandError::new(format!("no portfolio lets {} in", self.who.role)).hint(
                "launch as somebody who logs in as a scientist does: `--user-profile PROFILE`",
            )
        })
    }

    /// Opens what opens without a login, and starts a session on each machine.
    async fn open(&self, outputs: &[(String, String)], events: &[StackEvent]) -> Vec<String> {
        let mut used = Vec::new();
        let urls = outputs.iter().filter(|(_, value)| reach::opens(value));
        for (name, url) in urls {
            used.push(match self.is_aws {
                true => reach::opened(name, url).await,
                false => format!("{name} not opened: nothing answers there for a local AWS"),
            });
        }
        let machines = events.iter().filter(|event| {
            let status = event.resource_status().map(|one| one.as_str());
            event.resource_type() == Some("AWS::EC2::Instance") && status == Some("CREATE_COMPLETE")
        });
        for machine in machines {
            let id = machine.physical_resource_id().unwrap_or_default();
            used.push(match self.is_aws {
                true => reach::session(self.who, &self.session.region, id).await,
                false => "no session: no machine runs in a local AWS".to_owned(),
            });
        }
        used
    }

    /// Ends a product, and keeps what its stack's events say.
    pub async fn finish(&self, one: &Launched, found: &mut Proved) {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let ended = self.end(one).await;
        match ended.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(events) => {
                found.ended = Ok("gone".to_owned());
                for event in &events {
                    let status = event.resource_status().map(|one| one.as_str());
                    let kind = text(event.resource_type());
                    if status == Some("DELETE_SKIPPED") {
                        let id = text(event.physical_resource_id());
                        found.kept.push(format!("{}: {kind} {id}", one.product));
                    }
                    found.events.push((kind, text(status)));
                }
            }
            Err(why) => found.ended = Err(why),
        }
    }

    /// Ends a provisioned product, whatever state it is in: what has happened to its stack, or why it
    /// is still there.
    pub async fn end(
        &self,
        one: &Launched,
    ) -> Result<Result<Vec<StackEvent>, String>, CommandError> {
        let provisioned = self.provisioned(one);
        let pace = self.session.pace;
        let mut missed = 0;
        for _ in 0..pace.looks * 15 {
            match provisioned.find().await? {
                // A launch that was asked for a moment ago may not be seen yet.
                None if missed < LOOKS => missed += 1,
                None => return Ok(Ok(Vec::new())),
                Some(detail) => match detail.status() {
                    Some(ProvisionedProductStatus::UnderChange) => {}
                    _ => break,
                },
            }
            pace.wait().await;
        }
        let seen = provisioned.seen().await?;
        let ended = match provisioned.terminate().await {
            Ok(record) => provisioned.ended(record).await?,
            Err(refusal) => Err(vec![refusal.to_string()]),
        };
        if let Err(errors) = ended {
            return Ok(Err(errors.join("; ")));
        }
        let events = provisioned.since(&seen.with_nothing_seen()).await?;
        for _ in 0..pace.looks {
            if provisioned.find().await?.is_none() {
                return Ok(Ok(events));
            }
            pace.wait().await;
        }
        Ok(Err(
            "it is ended, and Service Catalog still knows it".to_owned()
        ))
    }
}
