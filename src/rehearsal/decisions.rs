//! Decisions written down with the policies that they were taken by, so that an evaluator that isn't
//! ours can be asked the same.

use super::account::{Account, Undecidable};
use super::outside::Outside;
use super::policies::Policies;
use crate::cfn::IndexMap;
use crate::iam::{Request, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Decisions, each once.
#[derive(Debug, Default)]
pub struct Decisions(Mutex<BTreeMap<Arc<Policies>, BTreeMap<Request, bool>>>);

/// The same as a document: what `SimulateCustomPolicy` is asked with, and what was decided here.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
#[derive(Debug, Serialize)]
pub struct WrittenDecisions {
    /// The policies of each role.
    pub principals: Vec<Policies>,
    /// What was decided.
    pub decisions: Vec<WrittenDecision>,
}

/// What was decided of one call.
#[derive(Debug, Serialize)]
pub struct WrittenDecision {
    /// Whose policies, by their place in the list of principals.
    pub principal: usize,
    /// The action.
    pub action: String,
    /// On what, by ARN; `*` where the action takes nothing.
    pub resource: String,
    /// The condition keys that the call carries.
    pub context: IndexMap<String, Vec<String>>,
    /// Whether the role's own policies and its boundary allow it. The policy of the resource isn't
    /// asked: the simulator asks it for users only.
    pub allowed: bool,
}

impl Decisions {
    /// Notes what the policies of a role say of a call.
    ///
    /// # Errors
    /// A policy that can't be found.
    pub(super) fn note(
        &self,
        account: &Account,
        outside: &Outside,
        role: &str,
        request: &Request,
    ) -> Result<(), Undecidable> {
        let policies = account.documents(outside, role)?;
        let authority = account.authority(outside, role)?;
        let allowed = authority.decide(request, None) == Verdict::Allowed;
        // A thread that stopped in the middle left the map whole.
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted
            .entry(policies)
            .or_default()
            .insert(request.clone(), allowed);
        Ok(())
    }

    /// All of them, sorted.
    pub fn written(&self) -> WrittenDecisions {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_role = |(principal, requests): (usize, &BTreeMap<Request, bool>)| {
            let written = requests.iter().map(move |(request, allowed)| {
                let context = request.context();
                let context = context.map(|(key, values)| (key.to_owned(), values.to_vec()));
                WrittenDecision {
                    principal,
                    action: request.action().to_owned(),
                    resource: request.resource().to_owned(),
                    context: context.collect(),
                    allowed: *allowed,
                }
            });
            written.collect::<Vec<_>>()
        };
        WrittenDecisions {
            principals: noted.keys().map(|one| Policies::clone(one)).collect(),
            decisions: noted.values().enumerate().flat_map(of_role).collect(),
        }
    }
}
