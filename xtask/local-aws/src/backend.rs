//! What calls change, and how one is carried out on it: identify the caller,
//! find the operation, inject faults, run it, commit.

use crate::allowance::Allowance;
use crate::call_log::Call;
use crate::clock;
use crate::config::{Config, Identity};
use crate::context::Context;
use crate::faults::{CallOutcome, Faults};
use crate::launch::Job;
use crate::s3;
use crate::service::{Service, is_changing};
use crate::state::State;
use crate::store::Store;
use crate::upstream::hands_on;
use crate::wire::credential::Credential;
use crate::wire::{ApiError, Request, Response};
use bytes::Bytes;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// The connection is to be closed without an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutOff;

/// A call that was let in.
pub(crate) struct Admitted {
    service: Service,
    caller: Identity,
    /// Refused only where it is carried out here.
    input: Result<Value, ApiError>,
    /// It takes effect and isn't answered.
    drops_answer: bool,
}

impl Admitted {
    /// Whose call it is, where its key is known here.
    pub(crate) fn account(&self) -> Option<&str> {
        Some(self.caller.account.as_str()).filter(|account| !account.is_empty())
    }

    /// A refusal as the service of the call writes it.
    pub(crate) fn refuse(&self, refusal: &ApiError, request: &Request) -> Response {
        self.service.refuse(refusal, request)
    }
}

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

    /// Lets a call in, or says what becomes of it before its service sees it.
    ///
    /// # Errors
    /// What the caller gets, where the call goes no further.
    pub(crate) fn admit(
        &mut self,
        config: &Config,
        request: &Request,
        call: &mut Call,
    ) -> Result<Admitted, Result<Response, CutOff>> {
        self.number += 1;
        call.number = self.number;
        let credential = request.header("authorization").and_then(Credential::parse);
        if let Some(credential) = &credential {
            call.region = credential.region.clone();
        }
        let service = Service::of(credential.as_ref());
        let parsed = match &service {
            Ok(service) => service.parse(request),
            Err(refusal) => Err(refusal.clone()),
        };
        call.service = match (&service, &credential) {
            (Ok(service), _) => service.name().to_owned(),
            (Err(_), credential) => credential
                .as_ref()
                .map_or_else(String::new, |credential| credential.service.clone()),
        };
        if let Ok((operation, _)) = &parsed {
            call.operation = operation.clone();
            call.changing = is_changing(operation);
        }
        // The bucket in which Service Catalog keeps its copies is here; it alone makes one, where S3 is
        // elsewhere.
        call.handed_on = hands_on(config, &call.service, &call.operation)
            && !(call.service == Service::S3.name() && self.has_bucket(request));
        // Who else has the service says what is wrong with a call that can't be read here.
        let (service, input) = match (service, parsed) {
            (Ok(service), Ok((_, input))) => (service, Ok(input)),
            (Ok(service), Err(refusal)) => (service, Err(refusal)),
            (Err(refusal), _) if call.handed_on => (Service::Sts, Err(refusal)),
            (Err(refusal), _) => {
                call.outcome = refusal.code.clone();
                return Err(Ok(self.signed(call, Service::Sts.refuse(&refusal, request))));
            }
        };
        self.halted |= call.changing && self.faults.stop_before_change == Some(self.changes + 1);
        if self.halted {
            call.outcome = "halted".to_owned();
            return Err(Err(CutOff));
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
            return Err(Err(CutOff));
        }
        let caller = self
            .permit(config, service, credential.as_ref(), outcome, call)
            .and_then(|caller| {
                if self.faults.denies(&call.operation, &request.path) {
                    return Err(service.denied(&caller.arn, &call.operation));
                }
                Ok(caller)
            });
        match caller {
            Ok(caller) => Ok(Admitted {
                service,
                caller,
                input,
                drops_answer: outcome == CallOutcome::DroppedAfter,
            }),
            Err(refusal) => {
                call.outcome = refusal.code.clone();
                let drops = outcome == CallOutcome::DroppedAfter;
                Err(self.answered(config, drops, service.refuse(&refusal, request), call))
            }
        }
    }

    fn has_bucket(&self, request: &Request) -> bool {
        let bucket = s3::bucket_of(request);
        bucket.is_some_and(|bucket| self.store.current.buckets.contains_key(&bucket))
    }

    /// Carries out a call that was let in.
    pub(crate) fn carry_out(
        &mut self,
        config: &Config,
        endpoint: &str,
        request: &Request,
        admitted: Admitted,
        call: &mut Call,
    ) -> Result<Response, CutOff> {
        let Admitted {
            service,
            caller,
            input,
            drops_answer,
        } = admitted;
        let operation = call.operation.clone();
        let result = input.and_then(|input| {
            let run = |context: &mut Context<'_>| service.run(context, &operation, input, request);
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
        self.answered(config, drops_answer, response, call)
    }

    /// What becomes of the answer that another server gave to a call that was let in.
    pub(crate) fn handed_back(
        &mut self,
        config: &Config,
        admitted: &Admitted,
        response: Response,
        call: &mut Call,
    ) -> Result<Response, CutOff> {
        if call.changing {
            self.changes += 1;
            call.change = Some(self.changes);
        }
        call.outcome = match response.status {
            ..400 => "ok".to_owned(),
            status => status.to_string(),
        };
        self.answered(config, admitted.drops_answer, response, call)
    }

    /// The answer, unless a fault takes it.
    fn answered(
        &mut self,
        config: &Config,
        drops: bool,
        response: Response,
        call: &mut Call,
    ) -> Result<Response, CutOff> {
        if call.change.is_some() && call.change == self.faults.stop_after_change {
            if config.exit_on_stop {
                std::process::exit(0);
            }
            self.halted = true;
            call.outcome = "halted".to_owned();
            return Err(CutOff);
        }
        if drops || self.faults.takes_answer(&call.operation) {
            call.outcome = "dropped after".to_owned();
            return Err(CutOff);
        }
        Ok(self.signed(call, response))
    }

    /// The answer with its id; another server's answer has its own.
    fn signed(&self, call: &Call, answer: Response) -> Response {
        if call.handed_on {
            return answer;
        }
        let id = format!("local-call-{}", call.number);
        answer
            .header("x-amzn-requestid", id.clone())
            .header("x-amz-request-id", id)
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
            Some(credential) => match self.identity(config, &credential.access_key) {
                Some(identity) => identity,
                // The server that answers knows its own keys.
                None if call.handed_on => Identity {
                    account: String::new(),
                    arn: String::new(),
                },
                None => return Err(service.unknown_key()),
            },
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

    /// The account of a key.
    pub(crate) fn account_of(&self, config: &Config, key: Option<&str>) -> Option<String> {
        self.identity(config, key?).map(|identity| identity.account)
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
