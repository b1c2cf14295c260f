//! Carrying a plan out: each step after those it depends on, a few side by side.
//!
//! A step looks before it creates, so that it can be begun again after an answer that never came.
//! When one fails, what comes after it is left; when somebody asks to stop, no further step is begun.
//! Those in hand are finished.

mod actions;
mod bucket;
mod constraint;
mod product;
mod resolved_ids;
mod restoration;
mod share;
mod stack;
mod stack_set;
mod template;
mod version;
mod wait;

pub(crate) use resolved_ids::ResolvedIds;

use crate::call::CallError;
use crate::command_error::{CommandError, Exit};
use crate::session::Session;
use compute_catalog::publish::{Action, Guidance, Step, StepId};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// What carries steps out.
pub(crate) struct Apply<'a> {
    pub session: &'a Session,
    pub known: ResolvedIds,
    /// What sets the idempotency tokens of this attempt apart from those of any other.
    pub nonce: &'a str,
    /// Somebody asked to stop.
    pub stop: &'a AtomicBool,
}

/// What came of the steps.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// Steps that failed, with why.
    pub failed: Vec<(StepId, CommandError)>,
    /// Steps that were not begun.
    pub left: Vec<StepId>,
}

impl Apply<'_> {
    /// Carries steps out. `report` hears of each step that begins and ends.
    pub(crate) async fn run(
        &self,
        steps: &[Step],
        mut report: impl FnMut(Progress<'_>) -> Result<(), CommandError>,
    ) -> Result<Applied, CommandError> {
        let planned: BTreeSet<&StepId> = steps.iter().map(|step| &step.id).collect();
        let mut waiting: Vec<&Step> = steps.iter().collect();
        let mut done: BTreeSet<&StepId> = BTreeSet::new();
        let mut applied = Applied::default();
        let mut running = FuturesUnordered::new();
        loop {
            // What comes after a step that failed never becomes ready; the rest goes on, unless AWS
            // can't be reached or doesn't know this identity any more.
            let is_cut_off = applied
                .failed
                .iter()
                .any(|(_, failure)| failure.exit == Exit::Unreachable);
            let may_begin = !is_cut_off && !self.stop.load(Ordering::SeqCst);
            while may_begin && running.len() < self.session.pace.steps {
                let is_ready = |step: &&Step| {
                    step.depends_on
                        .iter()
                        .all(|id| done.contains(id) || !planned.contains(id))
                };
                let Some(next) = waiting.iter().position(is_ready) else {
                    break;
                };
                let step = waiting.remove(next);
                report(Progress::Begun(step))?;
                running.push(async move { (step, self.attempt(step).await) });
            }
            let Some((step, result)) = running.next().await else {
                break;
            };
            match result {
                Ok(()) => {
                    done.insert(&step.id);
                    report(Progress::Done(step, &self.known))?;
                }
                Err(failure) => {
                    report(Progress::Failed(step, &failure))?;
                    applied.failed.push((step.id.clone(), failure));
                }
            }
        }
        applied.left = waiting.iter().map(|step| step.id.clone()).collect();
        Ok(applied)
    }

    /// Begins a step again after unclear answers, a few times, and after those that say that something
    /// isn't there: a step before it may have made it, and AWS doesn't say when everybody sees it.
    async fn attempt(&self, step: &Step) -> Result<(), CommandError> {
        let mut attempt = 1;
        loop {
            match self.carry_out(&step.action).await {
                Err(StepError::Call(error))
                    if (error.is_unclear() || error.is_not_found())
                        && attempt < self.session.pace.attempts =>
                {
                    attempt += 1;
                    self.session.pace.wait().await;
                }
                Err(StepError::Call(error)) => return Err(error.into()),
                Err(StepError::CommandError(failure)) => return Err(failure),
                Ok(()) => return Ok(()),
            }
        }
    }

    async fn carry_out(&self, action: &Action) -> Result<(), StepError> {
        match action {
            Action::CreateBucket { bucket } => self.create_bucket(bucket).await,
            Action::DeployStack {
                stack,
                create: _,
                removed,
                superseded,
                bucket,
            } => self.deploy_stack(stack, removed, superseded, bucket).await,
            Action::UploadTemplate {
                product: _,
                version,
                bucket,
                replace,
            } => self.upload(version, bucket, *replace).await,
            Action::TagTemplate { object, bucket } => self.tag_template(object, bucket).await,
            Action::CreateProduct {
                product,
                texts,
                version,
                bucket,
            } => self.create_product(product, texts, version, bucket).await,
            Action::UpdateProduct {
                product,
                texts,
                tags,
                untag,
            } => self.update_product(product, texts, tags, untag).await,
            Action::CreateVersion {
                product,
                version,
                bucket,
            } => self.create_version(product, version, bucket).await,
            Action::RenameVersion { product, version } => {
                self.rename_version(product, *version).await
            }
            Action::DescribeVersion {
                product,
                version,
                description,
            } => self.describe_version(product, *version, description).await,
            Action::AssociateActions {
                product,
                version,
                actions,
            } => self.associate(product, *version, actions).await,
            Action::OfferVersion {
                product,
                version,
                digest,
            } => self.offer_version(product, *version, digest).await,
            Action::DeprecateVersion { product, version } => {
                self.set_guidance(product, *version, Guidance::Deprecated)
                    .await
            }
            Action::CloseAdopted { product, version } => {
                self.update_guidance(product, version, Guidance::Deprecated)
                    .await
            }
            Action::SetActive {
                product,
                version,
                active,
            } => self.set_active(product, *version, *active).await,
            Action::Restore { restoration } => self.restore(restoration).await,
            Action::DeployStackSet { stack_set, bucket } => {
                self.deploy_stack_set(stack_set, bucket).await
            }
            Action::Share { share, update } => self.share(share, *update).await,
        }
    }
}

/// What a run says of its steps.
pub(crate) enum Progress<'a> {
    /// A step is begun.
    Begun(&'a Step),
    /// It is done; with what is known since.
    Done(&'a Step, &'a ResolvedIds),
    /// It failed.
    Failed(&'a Step, &'a CommandError),
}

/// Why a step can't be finished.
pub(crate) enum StepError {
    /// A call; begun again when its answer is unclear.
    Call(CallError),
    /// Something else.
    CommandError(CommandError),
}

impl From<CallError> for StepError {
    fn from(error: CallError) -> Self {
        StepError::Call(error)
    }
}

impl From<CommandError> for StepError {
    fn from(failure: CommandError) -> Self {
        StepError::CommandError(failure)
    }
}
