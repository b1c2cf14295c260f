//! What the accounts get with which portfolios are shared.

use super::Repository;
use crate::command_error::CommandError;
use compute_catalog::environment::Environment;
use compute_catalog::portfolio::{Principal, Share};
use compute_catalog::publish::{self, Reference, StackSet, Targets};
use compute_catalog::yaml::Located;
use std::collections::BTreeSet;

impl Repository {
    /// What the accounts get with which portfolios are shared: the foundation first, where they lack
    /// it, then the roles.
    pub(super) fn stack_sets(
        &self,
        environment: &Environment,
    ) -> Result<Vec<StackSet>, CommandError> {
        let mut foundations: Vec<StackSet> = Vec::new();
        let mut roles = Vec::new();
        let template_of = |name: &str| format!("generated/{name}");
        for (key, file) in &self.around.catalog.portfolios {
            let Some(recipients) = &file.body.recipients else {
                continue;
            };
            let (mut accounts, mut units) = (BTreeSet::new(), BTreeSet::new());
            for share in &file.body.shares {
                match &share.value {
                    Share::Account(account) => accounts.insert(account.to_string()),
                    Share::OrganizationalUnit(unit) => units.insert(unit.clone().into()),
                };
            }
            let of =
                |name: &str, path: String, targets: Targets| -> Result<StackSet, CommandError> {
                    Ok(StackSet {
                        // A stack set reaches accounts or units: with both there are two.
                        name: match targets {
                            Targets::Accounts(_) if !units.is_empty() => format!("{name}-accounts"),
                            _ => name.to_owned(),
                        },
                        template: self.reviewed(&path)?,
                        file: path,
                        targets,
                        region: environment.region.value.clone(),
                        administrator: recipients.administrator,
                    })
                };
            for targets in [Targets::Units(units.clone()), Targets::Accounts(accounts)] {
                if targets.ids().is_empty() {
                    continue;
                }
                if let Some(name) = &recipients.foundation_stack_set {
                    let path = template_of("foundation.yaml");
                    merge(&mut foundations, of(name.as_str(), path, targets.clone())?);
                }
                let path = template_of(&format!("recipients/{key}.yaml"));
                roles.push(of(recipients.stack_set.as_str(), path, targets)?);
            }
        }
        foundations.extend(roles);
        Ok(foundations)
    }

    /// Shares with organisational units, for which CloudFormation has no resource; those with accounts
    /// stand in the portfolios' stacks.
    pub(super) fn shares(&self) -> Vec<publish::Share> {
        let mut shares = Vec::new();
        for (key, file) in &self.around.catalog.portfolios {
            for share in &file.body.shares {
                if let Share::OrganizationalUnit(unit) = &share.value {
                    let is_pattern =
                        |one: &Located<Principal>| matches!(one.value, Principal::Pattern(_));
                    shares.push(publish::Share {
                        portfolio: key.clone(),
                        id: Reference::StackOutput {
                            stack: file.body.stack.to_string(),
                            output: format!("{}Id", *file.body.logical_id),
                        },
                        recipient: unit.clone().into(),
                        // As the stack says it of the shares with accounts.
                        tag_options: true,
                        principals: file.body.principals.iter().any(is_pattern),
                    });
                }
            }
        }
        shares
    }
}

/// Adds a stack set to others: several portfolios may share one foundation.
fn merge(sets: &mut Vec<StackSet>, more: StackSet) {
    match (sets.iter_mut().find(|set| set.name == more.name), more) {
        (Some(set), more) => match (&mut set.targets, more.targets) {
            (Targets::Accounts(have), Targets::Accounts(more))
            | (Targets::Units(have), Targets::Units(more)) => have.extend(more),
            // Their names differ.
            _ => {}
        },
        (None, more) => sets.push(more),
    }
}
