//! One publish: read, plan, approve, lock, read again, apply, verify.

use crate::apply::{Applied, Apply, Progress, ResolvedIds};
use crate::command_error::CommandError;
use crate::goal::Goal;
use crate::lock::{Holder, Lock, time};
use crate::read::{Hints, observe};
use crate::receipt_file::ReceiptFile;
use crate::session::Session;
use crate::terminal::Terminal;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{
    Desired, Observed, Options, Outcome, Phase, Plan, PlanFile, RECEIPT_SCHEMA, Receipt, Step,
    StepRecord,
};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// What to publish, and how.
pub struct Publish<'a> {
    /// Who publishes, and where.
    pub session: &'a Session,
    /// What the account should have.
    pub desired: &'a Desired,
    /// What a person insists on.
    pub options: Options,
    /// What is wanted.
    pub goal: Goal<'a>,
    /// What was reviewed.
    pub approval: Approval<'a>,
    /// Take the lock from whoever has it.
    pub break_lock: bool,
    /// Where the receipt goes: `target/publish/<env>`.
    pub folder: &'a Path,
    /// Where progress goes.
    pub terminal: &'a Terminal,
    /// Somebody asked to stop.
    pub stop: &'a AtomicBool,
}

/// Who says that a plan may be carried out.
pub enum Approval<'a> {
    /// It was written to a file and reviewed.
    Reviewed(&'a PlanFile),
    /// Whoever answers.
    Ask(&'a dyn Fn(&Plan) -> Result<bool, CommandError>),
}

/// How a publish ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// There was nothing to do.
    Nothing,
    /// The plan wasn't approved.
    Declined,
    /// So many steps are done, and verified.
    Verified(usize),
}

impl Publish<'_> {
    /// Publishes.
    ///
    /// # Errors
    /// Blockers, a plan that no longer holds, another publisher, steps that failed, an account that
    /// isn't as it should be in the end.
    pub async fn run(&self) -> Result<End, CommandError> {
        let file = ReceiptFile::open(self.folder)?;
        let last = file.read()?.filter(|receipt| {
            receipt.is_unfinished()
                && receipt.environment == self.desired.environment
                && receipt.account == self.desired.account
        });
        if let Some(last) = &last {
            self.terminal.say(&format!(
                "The run of {} was cut off with {} of {} steps left; going on from there.",
                time(last.started),
                last.left().len(),
                last.planned.len()
            ));
        }
        let hints = Hints {
            products: created_products(last.as_ref()),
            usage: self.counts_usage(),
            portfolios: false,
        };
        let observed = observe(self.session, self.desired, &hints).await?;
        let now = self.goal.plan(self.desired, &observed, self.options)?;
        refuse_blockers(&now)?;
        let Some(approved) = self.approve(&now, last.as_ref())? else {
            return Ok(End::Declined);
        };
        // What a run that was cut off has created may come into sight while this one looks.
        let is_resumed = last.is_some();
        if now.steps.is_empty() && last.is_none() {
            return Ok(End::Nothing);
        }
        let mut receipt = self.receipt(&approved, last);
        file.write(&receipt)?;
        let result = self
            .locked(
                &approved,
                is_resumed,
                &observed,
                &hints,
                &file,
                &mut receipt,
            )
            .await;
        if result.is_ok() {
            receipt.verified = Some(now_seconds());
            file.write(&receipt)?;
        }
        result
    }

    fn counts_usage(&self) -> bool {
        let retires =
            |product: &compute_catalog::publish::Product| product.retention.active.is_some();
        self.desired.products.iter().any(retires)
    }

    /// The plan that may be carried out, if any.
    fn approve(
        &self,
        now: &Plan,
        last: Option<&Receipt>,
    ) -> Result<Option<PlanFile>, CommandError> {
        match &self.approval {
            Approval::Reviewed(file) => {
                let is_resumed = last.is_some_and(|last| file.digest.as_ref() == Some(&last.plan));
                file.holds(now, is_resumed).map_err(|error| {
                    CommandError::new("the plan isn't carried out")
                        .because(&error)
                        .hint(error.hint())
                })?;
                Ok(Some((*file).clone()))
            }
            Approval::Ask(ask) => Ok(ask(now)?.then(|| PlanFile::from(now))),
        }
    }

    fn receipt(&self, approved: &PlanFile, last: Option<Receipt>) -> Receipt {
        let plan = approved.digest.clone().unwrap_or_else(|| Digest::of(b""));
        let started = now_seconds();
        let run = match &last {
            // The lock of a run that was cut off is taken up by its run's name.
            Some(last) => last.run.clone(),
            None => {
                let seed = format!(
                    "{} {} {:?}",
                    self.session.caller,
                    std::process::id(),
                    SystemTime::now()
                );
                Digest::of(seed.as_bytes()).hex().chars().take(16).collect()
            }
        };
        Receipt {
            schema: RECEIPT_SCHEMA,
            environment: self.desired.environment.clone(),
            account: self.desired.account.clone(),
            run,
            plan,
            started,
            verified: None,
            planned: approved.steps.iter().map(|step| step.id.clone()).collect(),
            steps: Vec::new(),
            ids: last.map(|last| last.ids).unwrap_or_default(),
        }
    }

    async fn locked(
        &self,
        approved: &PlanFile,
        is_resumed: bool,
        observed: &Observed,
        hints: &Hints,
        file: &ReceiptFile,
        receipt: &mut Receipt,
    ) -> Result<End, CommandError> {
        let mut bucket = observed.bucket.clone();
        let is_bare = bucket.is_none();
        if is_bare {
            // The lock lives in the bucket, which the first steps make.
            let first = |step: &&Step| step.action.phase() == Phase::Foundation;
            let steps: Vec<Step> = approved.steps.iter().filter(first).cloned().collect();
            self.apply(
                &steps,
                ResolvedIds::from(self.desired, observed),
                file,
                receipt,
            )
            .await?;
            let read = observe(self.session, self.desired, hints).await?;
            bucket = read.bucket;
        }
        let bucket = bucket.ok_or_else(|| {
            CommandError::new("the account still has no bucket for templates")
                .hint("publish again; if it stays so, look at the foundation stack")
        })?;
        let holder = Holder {
            run: receipt.run.clone(),
            who: self.session.caller.clone(),
            since: now_seconds(),
        };
        let lock = Lock::take(self.session, &bucket, &holder, self.break_lock).await?;
        let result = self
            .under_lock(approved, is_bare || is_resumed, hints, file, receipt)
            .await;
        let released = lock.release().await;
        let end = result?;
        released?;
        Ok(end)
    }

    async fn under_lock(
        &self,
        approved: &PlanFile,
        is_under_way: bool,
        hints: &Hints,
        file: &ReceiptFile,
        receipt: &mut Receipt,
    ) -> Result<End, CommandError> {
        // Somebody may have published between the plan and the lock.
        let observed = observe(self.session, self.desired, hints).await?;
        let now = self.goal.plan(self.desired, &observed, self.options)?;
        refuse_blockers(&now)?;
        approved.holds(&now, is_under_way).map_err(|error| {
            CommandError::new("the plan isn't carried out")
                .because(&error)
                .hint(error.hint())
        })?;
        let known = ResolvedIds::from(self.desired, &observed);
        self.apply(&now.steps, known, file, receipt).await?;
        self.verify(hints, receipt).await?;
        Ok(End::Verified(receipt.steps.len()))
    }

    async fn apply(
        &self,
        steps: &[Step],
        known: ResolvedIds,
        file: &ReceiptFile,
        receipt: &mut Receipt,
    ) -> Result<(), CommandError> {
        let apply = Apply {
            session: self.session,
            desired: self.desired,
            known,
            stop: self.stop,
        };
        let total = receipt.planned.len();
        let result = apply
            .run(steps, |progress| {
                let (step, outcome) = match progress {
                    Progress::Begun(step) => {
                        self.terminal.begun(step, total);
                        return Ok(());
                    }
                    Progress::Done(step, known) => {
                        receipt.ids.extend(known.for_receipt());
                        (step, Outcome::Done)
                    }
                    Progress::Failed(step, failure) => (step, Outcome::Failed(failure.to_string())),
                };
                receipt.steps.push(StepRecord {
                    id: step.id.clone(),
                    outcome: outcome.clone(),
                    at: now_seconds(),
                });
                self.terminal
                    .ended(step, &outcome, receipt.steps.len(), total);
                file.write(receipt)
            })
            .await;
        self.terminal.rest();
        self.judge(result?, file)
    }

    fn judge(&self, applied: Applied, file: &ReceiptFile) -> Result<(), CommandError> {
        let left = applied.left.len();
        let stands = format!(
            "{left} steps were not begun; {} says what is done",
            file.path().display()
        );
        if let Some((id, first)) = applied.failed.first() {
            let mut failure = CommandError {
                what: format!("the step {id} failed"),
                causes: Vec::new(),
                hint: first.hint.clone(),
                exit: crate::Exit::Refused,
            }
            .because(&first.what);
            failure.causes.extend(first.causes.iter().cloned());
            for (id, other) in applied.failed.iter().skip(1) {
                failure = failure.because(format!("and {id}: {}", other.what));
            }
            let hint = failure
                .hint
                .take()
                .map(|hint| format!("{hint}; "))
                .unwrap_or_default();
            return Err(failure.hint(format!(
                "{hint}{stands}; `cargo xtask publish --env {}` goes on from there",
                self.desired.environment
            )));
        }
        if self.stop.load(Ordering::SeqCst) && left > 0 {
            return Err(CommandError::new("stopped, as asked")
                .because(stands)
                .hint(format!(
                    "`cargo xtask publish --env {}` goes on from there",
                    self.desired.environment
                )));
        }
        Ok(())
    }

    /// Reads the account again: what was to be done must be done. A list may lag for a while.
    async fn verify(&self, hints: &Hints, receipt: &Receipt) -> Result<(), CommandError> {
        let mut hints = hints.clone();
        hints.products.extend(created_products(Some(receipt)));
        let mut left = Vec::new();
        for _ in 0..10 {
            let observed = observe(self.session, self.desired, &hints).await?;
            let again = self.goal.left(self.desired, &observed, self.options);
            if again.is_empty() {
                return Ok(());
            }
            left = again.steps.iter().map(|step| step.what.clone()).collect();
            left.extend(again.blockers.iter().map(ToString::to_string));
            self.session.pace.wait().await;
        }
        Err(left.iter().fold(
            CommandError::new("every step is done, and yet the account isn't as it should be")
                .hint("somebody else changes it, or AWS lags: look with `cargo xtask plan`"),
            |failure, left| failure.because(format!("left to do: {left}")),
        ))
    }
}

/// The ids of products that a run created.
fn created_products(receipt: Option<&Receipt>) -> std::collections::BTreeSet<String> {
    receipt
        .into_iter()
        .flat_map(|receipt| receipt.ids.values())
        .filter(|id| id.starts_with("prod-"))
        .cloned()
        .collect()
}

fn refuse_blockers(plan: &Plan) -> Result<(), CommandError> {
    let Some((first, rest)) = plan.blockers.split_first() else {
        return Ok(());
    };
    let failure = CommandError::new(format!("{}: {}", first.on, first.message)).hint(&first.hint);
    Err(rest.iter().fold(failure, |failure, blocker| {
        failure.because(format!(
            "and {}: {} ({})",
            blocker.on, blocker.message, blocker.hint
        ))
    }))
}

fn now_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
