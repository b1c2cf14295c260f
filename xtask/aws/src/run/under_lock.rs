//! What a publish does once it has the lock: it reads again, carries the plan out, and verifies.

use super::{End, Publish, created_products, refuse_without_steps};
use crate::apply::{Applied, Apply, Progress, ResolvedIds};
use crate::command_error::CommandError;
use crate::lock::{Holder, Lock, now_seconds};
use crate::read::{Hints, again, bucket, drift, observe, stacks};
use crate::receipt_file::ReceiptFile;
use compute_catalog::publish::{
    Bucket, Observed, Outcome, Phase, Plan, PlanFile, Proof, Receipt, Step, StepRecord,
};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use xtask::console::waiting;

impl Publish<'_> {
    /// Takes the lock, and carries out what was approved. The bucket that holds the lock is made first.
    pub(super) async fn locked(
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
        let before = (!is_bare && !is_resumed).then_some((observed, now.steps.as_slice()));
        let result = self
            .under_lock(approved, before, hints, file, receipt)
            .await;
        let released = lock.release().await;
        let end = result?;
        released?;
        Ok(end)
    }

    async fn under_lock(
        &self,
        approved: &PlanFile,
        before: Option<(&Observed, &[Step])>,
        hints: &Hints,
        file: &ReceiptFile,
        receipt: &mut Receipt,
    ) -> Result<End, CommandError> {
        // Somebody may have published between the plan and the lock: what the plan goes by is read again.
        let is_under_way = before.is_none();
        let reading = waiting("Reading the account once more, under the lock.");
        let observed = self.look_again(before, hints).await?;
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
        let before = (!is_under_way).then_some((&observed, now.steps.as_slice()));
        let left = self.verify(before, hints, receipt).await?;
        Ok(End::Verified(receipt.steps.len(), left))
    }

    /// The account: what steps touch where they touch little and the rest was seen just now, or all of it.
    async fn look_again(
        &self,
        before: Option<(&Observed, &[Step])>,
        hints: &Hints,
    ) -> Result<Observed, CommandError> {
        if let Some(before) = before
            && let Some(seen) = again::read(self.session, self.desired, before, hints).await?
        {
            return Ok(seen);
        }
        observe(self.session, self.desired, hints).await
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
                exit: first.exit,
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
    async fn verify(
        &self,
        before: Option<(&Observed, &[Step])>,
        hints: &Hints,
        receipt: &Receipt,
    ) -> Result<Plan, CommandError> {
        let mut hints = hints.clone();
        hints.products.extend(created_products(Some(receipt)));
        let _waiting = waiting("Reading the account again: what was done has to be there.");
        let mut left = Vec::new();
        for _ in 0..10 {
            let observed = self.look_again(before, &hints).await?;
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
    pub(super) fn prove(&self, observed: &Observed) -> Result<(), CommandError> {
        let path = self.folder.join("proof.json");
        let proof = Proof::of(self.desired, observed);
        std::fs::write(&path, proof.to_text()).map_err(|error| {
            CommandError::input(format!("cannot write the proof {}", path.display())).because(error)
        })
    }
}
