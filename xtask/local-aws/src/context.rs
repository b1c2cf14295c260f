//! What an operation works with: who calls, where, when, and the state.

use crate::blobs::Blobs;
use crate::config::{Delays, Identity};
use crate::contents::Contents;
use crate::faults::Faults;
use crate::state::{Account, Region, State};
use crate::wire::ApiError;
use bytes::Bytes;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The result of an operation of a JSON or query service.
pub(crate) type Reply = Result<Value, ApiError>;

/// How far a new thing has come, by the looks at it so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// Answers "not found".
    Unseen,
    /// Answers a state in progress.
    Pending,
    Settled,
}

/// One call in progress.
pub(crate) struct Context<'a> {
    pub caller: Identity,
    pub region: String,
    /// Milliseconds since 1970.
    pub now: i64,
    /// Number of the call, for faults.
    pub number: u64,
    /// `http://127.0.0.1:PORT`
    pub endpoint: &'a str,
    pub delays: Delays,
    pub faults: &'a Faults,
    pub blobs: &'a Blobs,
    /// What the account held before anybody called.
    pub contents: Option<&'a Contents>,
    pub state: Arc<State>,
    /// Records whose work is to be carried out after the call.
    pub launches: Vec<String>,
    /// Objects that an upstream server was asked for, by URL.
    pub fetched: BTreeMap<String, Bytes>,
}

impl Context<'_> {
    /// The state to change; a copy is made at the first change.
    pub(crate) fn change(&mut self) -> &mut State {
        Arc::make_mut(&mut self.state)
    }

    pub(crate) fn account(&self) -> &str {
        &self.caller.account
    }

    /// The caller's account and region.
    pub(crate) fn here(&self) -> Option<&Region> {
        self.state.region(&self.caller.account, &self.region)
    }

    pub(crate) fn here_mut(&mut self) -> &mut Region {
        Arc::make_mut(&mut self.state).region_mut(&self.caller.account, &self.region)
    }

    pub(crate) fn account_mut(&mut self) -> &mut Account {
        Arc::make_mut(&mut self.state).account_mut(&self.caller.account)
    }

    /// Starts the delays of a new thing.
    pub(crate) fn settle(&mut self, id: &str) {
        self.settle_in(id, self.delays.unseen + self.delays.pending);
    }

    /// Starts the delay of what is seen at once, in progress.
    pub(crate) fn settle_seen(&mut self, id: &str) {
        self.settle_in(id, self.delays.pending);
    }

    fn settle_in(&mut self, id: &str, looks: u32) {
        if looks > 0 {
            self.change().settling.insert(id.to_owned(), looks);
        }
    }

    /// Looks at a thing, which brings it one look nearer to being there.
    pub(crate) fn look(&mut self, id: &str) -> Age {
        let Some(left) = self.state.settling.get(id).copied() else {
            return Age::Settled;
        };
        let state = self.change();
        if left > 1 {
            state.settling.insert(id.to_owned(), left - 1);
        } else {
            state.settling.remove(id);
        }
        if left > self.delays.pending {
            Age::Unseen
        } else {
            Age::Pending
        }
    }

    /// Whether a thing is still in progress, without a look.
    pub(crate) fn is_settling(&self, id: &str) -> bool {
        self.state.settling.contains_key(id)
    }
}
