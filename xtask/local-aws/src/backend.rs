//! What calls change, and how one is carried out on it: identify the caller,
//! find the operation, inject faults, run it, commit.

use crate::allowance::Allowance;
use crate::call_log::Call;
use crate::clock;
use crate::config::{Config, Identity};
use crate::context::Context;
use crate::faults::{CallOutcome, Faults};
use crate::launch::Job;
use crate::service::{Service, is_changing};
use crate::state::State;
use crate::store::Store;
use crate::wire::credential::Credential;
use crate::wire::{ApiError, Request, Response};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// The connection is to be closed without an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutOff;

/// What calls change; one call at a time has it.
pub(crate) struct Backend {
    pub store: Store,
    pub faults: Faults,
    /// What is left of the rates of the faults.
    allowance: Allowance,
    pub calls: Vec<Call>,
    /// What calls have asked for that is carried out after them.
    pub jobs: Vec<Job>,
    /// Calls so far, also those no longer in the log.
    number: u64,
    /// Changing calls carried out so far.
    changes: u64,
    pub halted: bool,
}

impl Backend {
    pub(crate) fn new(store: Store, faults: Faults, jobs: Vec<Job>) -> Self {
        Self {
            store,
            faults,
            allowance: Allowance::default(),
            calls: Vec::new(),
            jobs,
            number: 0,
            changes: 0,
            halted: false,
        }
    }

    /// Works on the state for the server itself, in an account and region.
    pub(crate) fn aside<T>(
        &mut self,
        config: &Config,
        endpoint: &str,
        (account, region): (&str, &str),
        work: impl FnOnce(&mut Context<'_>) -> T,
    ) -> std::io::Result<T> {
        let base = self.store.current.clone();
        let blobs = self.store.blobs.clone();
        let mut context = Context {
            caller: Identity::user(account, "local"),
            region: region.to_owned(),
            now: clock::now(),
            number: self.number,
            endpoint,
            delays: config.delays,
            faults: &self.faults,
            blobs: &blobs,
            contents: config.contents.as_ref(),
            state: base.clone(),
            launches: Vec::new(),
            fetched: BTreeMap::new(),
        };
        let done = work(&mut context);
        if !Arc::ptr_eq(&context.state, &base) {
            self.store.commit(context.state, true)?;
        }
        Ok(done)
    }

    pub(crate) fn resume(&mut self) {
        self.halted = false;
        self.faults.stop_after_change = None;
        self.faults.stop_before_change = None;
    }

    /// Other faults; changing calls are counted anew.
    pub(crate) fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.allowance = Allowance::default();
        self.changes = 0;
    }

    pub(crate) fn answer(
        &mut self,
        config: &Config,
        endpoint: &str,
        request: &Request,
        call: &mut Call,
    ) -> Result<Response, CutOff> {
        self.number += 1;
        call.number = self.number;
        let answer = self.carry_out(config, endpoint, request, call);
        let id = format!("local-call-{}", call.number);
        answer.map(|answer| {
            answer
                .header("x-amzn-requestid", id.clone())
                .header("x-amz-request-id", id)
        })
    }

    fn carry_out(
        &mut self,
        config: &Config,
        endpoint: &str,
        request: &Request,
        call: &mut Call,
    ) -> Result<Response, CutOff> {
        let credential = request.header("authorization").and_then(Credential::parse);
        let service = match Service::of(credential.as_ref()) {
            Ok(service) => service,
            Err(refusal) => {
                call.outcome = refusal.code.clone();
                return Ok(Service::Sts.refuse(&refusal, request));
            }
        };
        call.service = service.name().to_owned();
        let parsed = service.parse(request);
        if let Ok((operation, _)) = &parsed {
            call.operation = operation.clone();
            call.changing = is_changing(operation);
        }
        if let Some(credential) = &credential {
            call.region = credential.region.clone();
        }
        self.halted |= call.changing && self.faults.stop_before_change == Some(self.changes + 1);
        if self.halted {
            call.outcome = "halted".to_owned();
            return Err(CutOff);
        }
        let mut outcome = self.faults.outcome(call.number);
        if let Some(rate) = self.faults.rates.get(&call.operation)
            && outcome == CallOutcome::Fine
            && !self.allowance.takes(&call.operation, *rate, Instant::now())
        {
            outcome = CallOutcome::Throttled;
        }
        if outcome == CallOutcome::DroppedBefore {
            call.outcome = "dropped before".to_owned();
            return Err(CutOff);
        }
        let result = self
            .permit(config, service, credential.as_ref(), outcome, call)
            .and_then(|caller| {
                if self.faults.denies(&call.operation, &request.path) {
                    return Err(service.denied(&caller.arn, &call.operation));
                }
                Ok(caller)
            })
            .and_then(|caller| {
                let (operation, input) = parsed?;
                let run =
                    |context: &mut Context<'_>| service.run(context, &operation, input, request);
                self.run(config, endpoint, caller, call, request.fetched.clone(), run)
            });
        let response = match result {
            Ok(response) => {
                call.outcome = "ok".to_owned();
                response
            }
            Err(refusal) => {
                call.outcome = refusal.code.clone();
                service.refuse(&refusal, request)
            }
        };
        if call.change.is_some() && call.change == self.faults.stop_after_change {
            if config.exit_on_stop {
                std::process::exit(0);
            }
            self.halted = true;
            call.outcome = "halted".to_owned();
            return Err(CutOff);
        }
        if outcome == CallOutcome::DroppedAfter || self.faults.takes_answer(&call.operation) {
            call.outcome = "dropped after".to_owned();
            return Err(CutOff);
        }
        Ok(response)
    }

    /// The caller, unless the call is refused before the service sees it.
    fn permit(
        &self,
        config: &Config,
        service: Service,
        credential: Option<&Credential>,
        outcome: CallOutcome,
        call: &mut Call,
    ) -> Result<Identity, ApiError> {
        let caller = match credential {
            None => Identity {
                account: String::new(),
                arn: String::new(),
            },
            Some(credential) => self
                .identity(config, &credential.access_key)
                .ok_or_else(|| service.unknown_key())?,
        };
        call.account = caller.account.clone();
        let expired = self
            .faults
            .expire_from_call
            .is_some_and(|from| call.number >= from);
        match outcome {
            _ if expired => Err(service.expired()),
            CallOutcome::Throttled => Err(service.throttled()),
            CallOutcome::ServerError => Err(ApiError::new(
                500,
                if service == Service::S3 {
                    "InternalError"
                } else {
                    "InternalFailure"
                },
                "An internal error has occurred.",
            )),
            _ => Ok(caller),
        }
    }

    fn identity(&self, config: &Config, key: &str) -> Option<Identity> {
        if let Some(identity) = self.store.current.sessions.get(key) {
            return Some(identity.clone());
        }
        if config.keys.is_empty() {
            return Some(Identity::user(&config.account, "local"));
        }
        config.keys.get(key).cloned()
    }

    fn run(
        &mut self,
        config: &Config,
        endpoint: &str,
        caller: Identity,
        call: &mut Call,
        fetched: BTreeMap<String, Bytes>,
        run: impl FnOnce(&mut Context<'_>) -> Result<Response, ApiError>,
    ) -> Result<Response, ApiError> {
        let stale = !call.changing && self.faults.is_stale(call.number);
        let base = if stale {
            &self.store.previous
        } else {
            &self.store.current
        }
        .clone();
        let blobs = self.store.blobs.clone();
        let mut context = Context {
            caller,
            region: call.region.clone(),
            now: clock::now(),
            number: call.number,
            endpoint,
            delays: config.delays,
            faults: &self.faults,
            blobs: &blobs,
            contents: config.contents.as_ref(),
            state: base.clone(),
            launches: Vec::new(),
            fetched,
        };
        let result = run(&mut context);
        let (account, region) = (context.caller.account, context.region);
        let asked = context.launches.into_iter().map(|record| Job {
            account: account.clone(),
            region: region.clone(),
            record,
        });
        if result.is_ok() {
            self.jobs.extend(asked);
        }
        let next = context.state;
        if !stale && !Arc::ptr_eq(&next, &base) {
            // A refused call leaves nothing but the looks that it took.
            let next = match &result {
                Ok(_) => next,
                Err(_) => {
                    let mut kept = State::clone(&base);
                    kept.settling = next.settling.clone();
                    Arc::new(kept)
                }
            };
            if call.changing || next.has_minted_since(&base) {
                self.store
                    .commit(next, call.changing)
                    .map_err(ApiError::internal)?;
            } else {
                self.store.note(next);
            }
        }
        if call.changing {
            self.changes += 1;
            call.change = Some(self.changes);
        }
        result
    }
}
