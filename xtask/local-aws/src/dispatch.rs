//! One call from request to answer: to the server's own paths or to AWS's, late
//! when latency is wanted, and logged.

use crate::backend::{Backend, CutOff};
use crate::call_log::Call;
use crate::clock;
use crate::config::Config;
use crate::contents::Contents;
use crate::context::Context;
use crate::service::Service;
use crate::state::State;
use crate::state::iam::Role;
use crate::store::Store;
use crate::upstream::{Upstream, hands_on};
use crate::wire::credential::Credential;
use crate::wire::{ApiError, Request, Response};
use crate::{admin, filling, iam, launch, registry, s3};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The server behind its connections.
pub(crate) struct Dispatch {
    pub config: Config,
    pub endpoint: String,
    started: Instant,
    backend: Mutex<Backend>,
    upstream: Option<Upstream>,
}

impl Dispatch {
    pub(crate) fn new(
        config: Config,
        endpoint: String,
        mut store: Store,
        upstream: Option<Upstream>,
    ) -> std::io::Result<Self> {
        let mut state = State::clone(&store.current);
        seed(&config, &mut state);
        store.note(Arc::new(state));
        let faults = config.faults.clone();
        let unfinished = launch::unfinished(&store.current);
        Ok(Self {
            config,
            endpoint,
            upstream,
            started: Instant::now(),
            backend: Mutex::new(Backend::new(store, faults, unfinished)),
        })
    }

    /// Fills the account with what it is to hold; what runs in it is launched with the next jobs.
    pub(crate) fn fill(&self) -> Result<(), String> {
        let Some(contents) = &self.config.contents else {
            return Ok(());
        };
        // Images, of containers too, and subnets are read where they stand: nothing changes them.
        let mut filled = contents.clone();
        filled.images.clear();
        filled.containers.clear();
        filled.subnets.clear();
        if filled == Contents::default() {
            return Ok(());
        }
        let (account, region) = (&self.config.account, &self.config.region);
        self.aside(account, region, |context| {
            let before = context.state.clone();
            let filled = filling::fill(context, contents);
            if filled.is_err() {
                context.state = before;
            }
            filled
        })?;
        let mut backend = self.backend();
        backend.jobs = launch::unfinished(&backend.store.current);
        Ok(())
    }

    /// A poisoned lock is taken over: the state is only ever replaced as a whole.
    pub(crate) fn backend(&self) -> MutexGuard<'_, Backend> {
        self.backend.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the state for the server itself. A disk that is full ends the work: nobody would be
    /// told otherwise.
    pub(crate) fn aside<T>(
        &self,
        account: &str,
        region: &str,
        work: impl FnOnce(&mut Context<'_>) -> T,
    ) -> T {
        let mut backend = self.backend();
        let place = (account, region);
        match backend.aside(&self.config, &self.endpoint, place, work) {
            Ok(done) => done,
            Err(error) => panic!("the state of the local AWS can't be written: {error}"),
        }
    }

    /// Carries out what calls have asked for, beside the calls that follow.
    pub(crate) fn work(self: &Arc<Self>) {
        let jobs = std::mem::take(&mut self.backend().jobs);
        for job in jobs {
            let dispatch = self.clone();
            tokio::task::spawn_blocking(move || launch::carry_out(&dispatch, &job));
        }
    }

    /// Gets the templates that a call of Service Catalog names from where S3 is.
    async fn fetch(&self, upstream: &Upstream, request: &mut Request) -> Result<(), ApiError> {
        let credential = request.header("authorization").and_then(Credential::parse);
        if Service::of(credential.as_ref()) != Ok(Service::Catalog) {
            return Ok(());
        }
        let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        for parameters in ["ProvisioningArtifactParameters", "Parameters"] {
            let Some(url) = input[parameters]["Info"]["LoadTemplateFromURL"].as_str() else {
                continue;
            };
            let place = s3::Location::parse(url, &self.endpoint);
            let Some(place) = place.or_else(|| s3::Location::parse(url, upstream.url())) else {
                continue;
            };
            let path = format!("/{}/{}", place.bucket, place.key);
            let key = credential.as_ref().map(|one| one.access_key.as_str());
            let account = self.backend().account_of(&self.config, key);
            let body = upstream.object(&path, request, account.as_deref()).await?;
            request.fetched.insert(url.to_owned(), body);
        }
        Ok(())
    }

    pub(crate) async fn answer(self: &Arc<Self>, mut request: Request) -> Result<Response, CutOff> {
        let contents = self.config.contents.as_ref();
        if let Some(answer) = registry::answer(contents, &self.endpoint, &request) {
            return Ok(answer);
        }
        if let Some(rest) = request.path.strip_prefix("/_local/") {
            return Ok(admin::answer(&mut self.backend(), rest, &request));
        }
        if let Some(upstream) = self
            .upstream
            .as_ref()
            .filter(|_| hands_on(&self.config, "s3", ""))
            && let Err(refusal) = self.fetch(upstream, &mut request).await
        {
            return Ok(Service::Catalog.refuse(&refusal, &request));
        }
        let began = self.clock();
        let latency = self.backend().faults.latency_ms;
        if latency > 0 {
            tokio::time::sleep(Duration::from_millis(latency)).await;
        }
        let mut call = Call {
            number: 0,
            service: String::new(),
            operation: String::new(),
            changing: false,
            handed_on: false,
            account: String::new(),
            region: self.config.region.clone(),
            change: None,
            began,
            ended: began,
            outcome: String::new(),
        };
        let answer = self.carried_out(&request, &mut call).await;
        call.ended = self.clock();
        {
            // In the order in which they came, not in that in which they were answered.
            let calls = &mut self.backend().calls;
            let at = calls.partition_point(|other| other.number < call.number);
            calls.insert(at, call);
        }
        self.work();
        while answer.is_err() && self.backend().halted {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        answer
    }

    /// Lets a call in and carries it out here, or hands it on: faults meet it either way.
    async fn carried_out(&self, request: &Request, call: &mut Call) -> Result<Response, CutOff> {
        let admitted = {
            let mut backend = self.backend();
            let admitted = match backend.admit(&self.config, request, call) {
                Ok(admitted) => admitted,
                Err(ended) => return ended,
            };
            if !call.handed_on {
                return backend.carry_out(&self.config, &self.endpoint, request, admitted, call);
            }
            admitted
        };
        let answer = match &self.upstream {
            Some(upstream) => upstream.forward(request, admitted.account()).await,
            None => Err(ApiError::internal(
                "there is no server to hand the call on to",
            )),
        };
        let answer = answer.unwrap_or_else(|refusal| admitted.refuse(&refusal, request));
        let mut backend = self.backend();
        backend.handed_back(&self.config, &admitted, answer, call)
    }

    /// Microseconds since the server started.
    fn clock(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// What exists from the start.
fn seed(config: &Config, state: &mut State) {
    for arn in &config.roles {
        let Some((account, name)) = iam::role_of_arn(arn) else {
            continue;
        };
        if state
            .accounts
            .get(account)
            .is_none_or(|account| !account.iam.roles.contains_key(name))
        {
            let role = Role {
                id: state.mint("AROA").to_uppercase(),
                arn: arn.clone(),
                path: "/".to_owned(),
                trust: Value::Object(serde_json::Map::new()),
                description: None,
                created: clock::now(),
                properties: Value::Null,
            };
            let roles = &mut state.account_mut(account).iam.roles;
            roles.insert(name.to_owned(), role);
        }
    }
    state.functions.extend(config.functions.iter().cloned());
    for (unit, accounts) in &config.organization {
        state.organization.insert(unit.clone(), accounts.clone());
    }
    for (account, alias) in &config.aliases {
        state.account_mut(account).iam.alias = Some(alias.clone());
    }
}
