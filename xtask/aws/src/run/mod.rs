//! One publish: read, plan, approve, lock, read again, apply, verify.

mod under_lock;

use crate::command_error::CommandError;
use crate::lock::{now_seconds, time};
use crate::read::inspect::beside;
use crate::read::{Hints, Usage, observe};
use crate::receipt_file::ReceiptFile;
use crate::session::Session;
use crate::terminal::Terminal;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{
    Blocker, Desired, Goal, Inspection, Observed, Options, Plan, PlanFile, RECEIPT_SCHEMA, Receipt,
    Request,
};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
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
            alone: None,
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
}

/// The ids of products that a run created.
pub(super) fn created_products(receipt: Option<&Receipt>) -> BTreeSet<String> {
    receipt
        .into_iter()
        .flat_map(|receipt| receipt.ids.values())
        .filter(|id| id.starts_with("prod-"))
        .cloned()
        .collect()
}

/// Refuses a plan of which everything is blocked. Where something can be done, it is.
pub(super) fn refuse_without_steps(plan: &Plan) -> Result<(), CommandError> {
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
