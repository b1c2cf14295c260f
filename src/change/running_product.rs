//! One running product: a stack with its own values, and what an update does to it.

use super::accounts::{Account, Accounts};
use super::compatibility::takes;
use super::judgement::judged;
use super::stack::bound;
use super::{Body, Break, Incompatibility, Running, Update};
use crate::cfn::{Pseudo, Scenario, Template};

impl Update {
    /// What this update does to one product in one account that runs with these values. Values
    /// that aren't named are the defaults; `self` is the update of all products of the version.
    ///
    /// A version whose template isn't kept has the same effect with any values, but for those that
    /// the new template refuses.
    #[must_use]
    pub fn at(
        &self,
        running: &Running<'_>,
        new: &Template,
        values: &Scenario,
        (accounts, account): (&Accounts, &Account),
    ) -> Update {
        let mut broken: Vec<Incompatibility> = self
            .broken
            .iter()
            .filter(|one| !matches!(one.kind, Break::Narrowed | Break::Pattern))
            .cloned()
            .collect();
        for (name, value) in values {
            let refused = new.parameters.get(name).filter(|one| !takes(one, value));
            if refused.is_some() {
                broken.push(Incompatibility {
                    parameter: name.clone(),
                    kind: Break::Narrowed,
                    values: vec![format!("`{value}`")],
                });
            }
        }
        let mut update = Update {
            broken,
            by_account: Vec::new(),
            changes: None,
            ..self.clone()
        };
        if let Body::Template(old) = running.body {
            let pseudo = Pseudo::example().at(&account.id, &account.region);
            let kept = values
                .iter()
                .filter(|(name, _)| new.parameters.contains_key(*name));
            let kept: Scenario = kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let (before, after) = (bound(old, values, &pseudo), bound(new, &kept, &pseudo));
            update.impact = judged(&before, &after, &accounts.alone(account)).1;
        }
        update
    }
}
