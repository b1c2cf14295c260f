//! One publish: read, plan, approve, lock, read again, apply, verify.

use crate::apply::{Applied, Apply, Progress, ResolvedIds};
use crate::command_error::CommandError;
use crate::lock::{Holder, Lock, now_seconds, time};
use crate::read::inspect::beside;
use crate::read::{Hints, Usage, bucket, drift, observe, stacks};
use crate::receipt_file::ReceiptFile;
use crate::session::Session;
use crate::terminal::Terminal;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{
    Blocker, Bucket, Desired, Goal, Inspection, Observed, Options, Outcome, Phase, Plan, PlanFile,
    Proof, RECEIPT_SCHEMA, Receipt, Request, Step, StepRecord,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;
use xtask::console::waiting;

/// What to publish, and how.
pub struct Publish<'a> {
    /// Who publishes, and where.
    pub session: &'a Session,
    /// What the account should have.
    pub desired: &'a Desired,
    /// What a person insists on.
    pub options: Options,
    /// What a person asks for.
    pub request: Request,
    /// What was reviewed.
    pub approval: Approval<'a>,
    /// What the account is held against before anything is changed; nothing where that is switched off.
    pub inspection: Option<&'a Inspection<'a>>,
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
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// There was nothing to do. The plan says what is left for a person.
    Nothing(Plan),
    /// The plan wasn't approved.
    Declined,
    /// So many steps are done, and verified. The plan says what is left for a person.
    Verified(usize, Plan),
}

impl End {
    /// How many steps are done.
    pub fn steps(&self) -> usize {
        match self {
            End::Nothing(_) | End::Declined => 0,
            End::Verified(steps, _) => *steps,
        }
    }

    /// What is left for a person, where the account was looked at.
    pub fn left(&self) -> Option<&Plan> {
        match self {
            End::Declined => None,
            End::Nothing(plan) | End::Verified(_, plan) => Some(plan),
        }
    }
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
            usage: self.counts_usage(last.as_ref()),
        };
        let reading = waiting("Reading the account.");
        let observed = self.settled(&hints).await?;
        drop(reading);
        let unfinished = last.as_ref().map(|last| &last.goal);
        let goal = self
            .request
            .goal(self.desired, &observed, unfinished)
            .map_err(|blocker| refusal(&blocker))?;
        let now = goal.plan(self.desired, &observed, self.options);
        refuse_without_steps(&now)?;
        let Some(approved) = self.approve(&now, last.as_ref())? else {
            return Ok(End::Declined);
        };
        if !now.steps.is_empty() {
            self.refuse_what_fails(&observed).await?;
        }
        // What a run that was cut off has created may come into sight while this one looks.
        let is_resumed = last.is_some();
        if now.steps.is_empty() && last.is_none() {
            self.prove(&observed)?;
            return Ok(End::Nothing(now));
        }
        let mut receipt = self.receipt(goal, &approved, last);
        file.write(&receipt)?;
        let result = self
            .locked(
                &now,
                &approved,
                is_resumed,
                &observed,
                (&hints, &file),
                &mut receipt,
            )
            .await;
        if result.is_ok() {
            receipt.verified = Some(now_seconds());
            file.write(&receipt)?;
        }
        result
    }

    /// What would fail half-way, or leave the catalog there and not working, before anything is changed.
    async fn refuse_what_fails(&self, observed: &Observed) -> Result<(), CommandError> {
        let Some(inspection) = self.inspection else {
            return Ok(());
        };
        let _waiting = waiting("Looking for what would keep the catalog from working there.");
        let found = beside(self.session, inspection, Some(observed.clone())).await?;
        let findings = inspection.beside_the_plan(&found);
        if findings.is_empty() {
            return Ok(());
        }
        let failure = CommandError::new(format!(
            "nothing is published: {} would keep the catalog from working",
            match findings.len() {
                1 => "1 finding".to_owned(),
                count => format!("{count} findings"),
            }
        ))
        .hint("`cargo xtask preflight` shows them; `--no-preflight` publishes all the same");
        Err(findings.iter().fold(failure, |failure, finding| {
            failure.because(format!(
                "{}: {} ({})",
                finding.on, finding.message, finding.hint
            ))
        }))
    }

    /// What is left, once CloudFormation has looked again at the stacks of which it has said that they
    /// had drifted: that may be mended since.
    async fn with_fresh_drift(
        &self,
        observed: Observed,
        hints: &Hints,
        left: Plan,
        receipt: &Receipt,
    ) -> Result<Plan, CommandError> {
        let stacks = observed.stacks.into_iter();
        let drifted: BTreeMap<_, _> = stacks.filter(|(_, one)| one.has_drifted).collect();
        if drifted.is_empty() {
            return Ok(left);
        }
        drift::read(self.session, &drifted).await?;
        let observed = observe(self.session, self.desired, hints).await?;
        Ok(receipt.goal.plan(self.desired, &observed, self.options))
    }

    /// Leaves the proof of what the account has, for the environments that take versions from it.
    fn prove(&self, observed: &Observed) -> Result<(), CommandError> {
        let path = self.folder.join("proof.json");
        let proof = Proof::of(self.desired, observed);
        std::fs::write(&path, proof.to_text()).map_err(|error| {
            CommandError::input(format!("cannot write the proof {}", path.display())).because(error)
        })
    }

    fn counts_usage(&self, last: Option<&Receipt>) -> Usage {
        let retires =
            |product: &compute_catalog::publish::Product| product.retention.active.is_some();
        let asks = !matches!(self.request, Request::Publish(_))
            || last.is_some_and(|last| !last.goal.withdrawals.is_empty());
        if asks || self.desired.products.iter().any(retires) {
            Usage::All
        } else {
            Usage::Withdrawn
        }
    }

    /// The account, once CloudFormation is done with what an earlier run has begun.
    async fn settled(&self, hints: &Hints) -> Result<Observed, CommandError> {
        let mut told = BTreeSet::new();
        for _ in 0..self.session.pace.looks {
            let observed = observe(self.session, self.desired, hints).await?;
            let mut busy = observed
                .stacks
                .iter()
                .filter(|(_, one)| one.is_in_progress());
            let Some((name, live)) = busy.next() else {
                return Ok(observed);
            };
            if told.insert(name.clone()) {
                let status = &live.status;
                self.terminal.say(&format!(
                    "Waiting for CloudFormation: the stack {name} is {status}."
                ));
            }
            self.session.pace.wait().await;
        }
        // A step waits for it, and says what it is waiting for.
        observe(self.session, self.desired, hints).await
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

    fn receipt(&self, goal: Goal, approved: &PlanFile, last: Option<Receipt>) -> Receipt {
        let plan = approved.digest.clone().unwrap_or_else(|| Digest::of(b""));
        let started = now_seconds();
        let fresh = self.unique();
        // The lock of a run that was cut off is taken up by its run's name.
        let run = last.as_ref().map_or(&fresh, |last| &last.run).clone();
        let nonce = match &last {
            Some(last) if !last.has_failed() => last.nonce.clone(),
            _ => fresh,
        };
        Receipt {
            schema: RECEIPT_SCHEMA,
            environment: self.desired.environment.clone(),
            account: self.desired.account.clone(),
            run,
            goal,
            plan,
            started,
            verified: None,
            planned: approved.steps.iter().map(|step| step.id.clone()).collect(),
            nonce,
            steps: Vec::new(),
            ids: last.map(|last| last.ids).unwrap_or_default(),
        }
    }

    /// A text that no other run has.
    fn unique(&self) -> String {
        let seed = format!(
            "{} {} {:?}",
            self.session.caller,
            std::process::id(),
            SystemTime::now()
        );
        Digest::of(seed.as_bytes()).hex().chars().take(16).collect()
    }

    async fn locked(
        &self,
        now: &Plan,
        approved: &PlanFile,
        is_resumed: bool,
        observed: &Observed,
        (hints, file): (&Hints, &ReceiptFile),
        receipt: &mut Receipt,
    ) -> Result<End, CommandError> {
        let mut bucket = observed.bucket.clone();
        let is_bare = bucket.is_none();
        if is_bare {
            // The lock lives in the bucket, which the first steps make.
            let first = |step: &&Step| step.action.phase() == Phase::Foundation;
            let steps: Vec<Step> = now.steps.iter().filter(first).cloned().collect();
            self.apply(
                &steps,
                ResolvedIds::from(self.desired, observed),
                file,
                receipt,
            )
            .await?;
            let mut stacks = BTreeMap::new();
            if let Bucket::Output { stack, .. } = &self.desired.bucket {
                let live = stacks::find(self.session, stack).await?;
                stacks.extend(live.map(|live| (stack.clone(), live)));
            }
            bucket = bucket::read(self.session, self.desired, &stacks).await?;
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
        let reading = waiting("Reading the account once more, under the lock.");
        let observed = observe(self.session, self.desired, hints).await?;
        drop(reading);
        let now = receipt.goal.plan(self.desired, &observed, self.options);
        refuse_without_steps(&now)?;
        approved.holds(&now, is_under_way).map_err(|error| {
            CommandError::new("the plan isn't carried out")
                .because(&error)
                .hint(error.hint())
        })?;
        let known = ResolvedIds::from(self.desired, &observed);
        self.apply(&now.steps, known, file, receipt).await?;
        let left = self.verify(hints, receipt).await?;
        Ok(End::Verified(receipt.steps.len(), left))
    }

    async fn apply(
        &self,
        steps: &[Step],
        known: ResolvedIds,
        file: &ReceiptFile,
        receipt: &mut Receipt,
    ) -> Result<(), CommandError> {
        let nonce = receipt.nonce.clone();
        let apply = Apply {
            session: self.session,
            known,
            nonce: &nonce,
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
                    id: step.id.to_string(),
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

    /// The command that goes on.
    fn again(&self) -> String {
        format!(
            "`cargo xtask {} --env {}`",
            self.request, self.desired.environment
        )
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
                parts: Vec::new(),
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
                "{hint}{stands}; {} goes on from there",
                self.again()
            )));
        }
        if self.stop.load(Ordering::SeqCst) && left > 0 {
            return Err(CommandError::new("stopped, as asked")
                .because(stands)
                .hint(format!("{} goes on from there", self.again())));
        }
        Ok(())
    }

    /// Reads the account again: what was to be done must be done. A list may lag for a while. Answers
    /// what is left for a person.
    async fn verify(&self, hints: &Hints, receipt: &Receipt) -> Result<Plan, CommandError> {
        let mut hints = hints.clone();
        hints.products.extend(created_products(Some(receipt)));
        let _waiting = waiting("Reading the account again: what was done has to be there.");
        let mut left = Vec::new();
        for _ in 0..10 {
            let observed = observe(self.session, self.desired, &hints).await?;
            let again = receipt.goal.plan(self.desired, &observed, self.options);
            if again.steps.is_empty() {
                self.prove(&observed)?;
                return self
                    .with_fresh_drift(observed, &hints, again, receipt)
                    .await;
            }
            left = again.steps.iter().map(|step| step.what.clone()).collect();
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
fn created_products(receipt: Option<&Receipt>) -> BTreeSet<String> {
    receipt
        .into_iter()
        .flat_map(|receipt| receipt.ids.values())
        .filter(|id| id.starts_with("prod-"))
        .cloned()
        .collect()
}

/// Refuses a plan of which everything is blocked. Where something can be done, it is.
fn refuse_without_steps(plan: &Plan) -> Result<(), CommandError> {
    if !plan.steps.is_empty() {
        return Ok(());
    }
    let Some((first, rest)) = plan.blockers.split_first() else {
        return Ok(());
    };
    Err(rest.iter().fold(refusal(first), |failure, blocker| {
        failure.because(format!(
            "and {}: {} ({})",
            blocker.on, blocker.message, blocker.hint
        ))
    }))
}

fn refusal(blocker: &Blocker) -> CommandError {
    CommandError::new(format!("{}: {}", blocker.on, blocker.message)).hint(&blocker.hint)
}
