//! What a rehearsal knows beside the account.

use super::account::{Account, Caller, Undecidable};
use super::behaviours::Behaviours;
use super::decisions::Decisions;
use super::order::{Waits, waits};
use super::outside::{Outside, Programs};
use crate::cfn::{IndexMap, Template};
use crate::iam::{ActionList, Request, Verdict};
use crate::portfolio::launch_role::Handlers;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a rehearsal knows beside the account.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// What AWS's schemas don't say.
    pub behaviours: &'a Behaviours,
    /// Which property brings which action.
    pub handlers: &'a Handlers,
    /// The actions of IAM.
    pub actions: &'a ActionList,
    /// What the catalog meets in accounts.
    pub outside: &'a Outside,
    /// What the programs of the product at hand call.
    pub programs: &'a Programs,
    /// The templates of nested stacks, by the last part of their URL.
    pub nested: &'a IndexMap<String, Arc<Template>>,
    /// What was worked out of templates.
    pub memory: &'a Memory,
    /// Where decisions are written down, if they are to be.
    pub decisions: Option<&'a Decisions>,
}

impl<'a> World<'a> {
    /// The template of a nested stack, by its URL, where it is known.
    pub(super) fn nested_at(&self, url: &str) -> Option<&'a Arc<Template>> {
        self.nested.get(url.rsplit('/').next()?)
    }

    /// Decides a request of a caller.
    ///
    /// # Errors
    /// Policies that can't be found or read.
    pub fn decide(
        &self,
        account: &Account,
        caller: &Caller,
        request: &Request,
    ) -> Result<Verdict, Undecidable> {
        let Caller::Role(role) = caller else {
            return Ok(Verdict::Allowed);
        };
        let authority = account.authority(self.outside, role)?;
        let of_resource = account.resource_policy(self.behaviours, request.resource())?;
        let request = request.clone().by(role);
        self.note(account, role, &request)?;
        Ok(authority.decide(&request, of_resource.as_ref()))
    }

    /// Writes down what the policies of a role say of a request, where that is wanted.
    ///
    /// # Errors
    /// A policy that can't be found.
    pub fn note(
        &self,
        account: &Account,
        role: &str,
        request: &Request,
    ) -> Result<(), Undecidable> {
        self.decisions.map_or(Ok(()), |decisions| {
            decisions.note(account, self.outside, role, request)
        })
    }
}

/// What was worked out of templates, each once: large ones are worked on hundreds of times.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<usize, Known>>);

/// A template, and what its resources wait for.
type Known = (Arc<Template>, Arc<Waits>);

impl Memory {
    /// Which resource waits for which.
    pub(super) fn waits(&self, template: &Arc<Template>) -> Arc<Waits> {
        // The template is kept, so that its address stays its own.
        let address = Arc::as_ptr(template).addr();
        // A thread that stopped in the middle left the map whole.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, found) = known
            .entry(address)
            .or_insert_with(|| (Arc::clone(template), Arc::new(waits(template))));
        Arc::clone(found)
    }
}
