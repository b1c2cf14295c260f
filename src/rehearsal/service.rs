//! What a service needs of a role that it is handed.

use super::account::Account;
use super::behaviour::{CallRow, ServiceBehaviour};
use super::cause::Cause;
use super::fill::{Values, fill};
use super::rows::refused;
use super::thing::Thing;
use super::world::World;
use crate::cfn::Map;

/// Why a service can't use a role.
pub(super) fn unusable(
    world: &World<'_>,
    account: &Account,
    role: &Thing,
    service: &ServiceBehaviour,
    thing: &Thing,
) -> Vec<Cause> {
    let here = Here { account, thing };
    let sends: Vec<(String, String)> = service
        .sends
        .iter()
        .flat_map(|(key, text)| {
            let found = fill(text, &here).into_iter();
            found.map(|value| (key.clone(), value))
        })
        .collect();
    match account.trusts(role, &service.service, &sends) {
        Ok(true) => {}
        Ok(false) => {
            return vec![Cause::Untrusted {
                role: role.origin.to_string(),
                service: service.service.clone(),
            }];
        }
        Err(undecidable) => return vec![undecidable.into()],
    }
    let rows: Vec<&CallRow> = service.needs.iter().collect();
    let name = format!("{} as {}", service.service, role.origin);
    refused(world, account, role, &name, &rows, &here)
}

struct Here<'a> {
    account: &'a Account,
    thing: &'a Thing,
}

impl Values for Here<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let text = match name {
            "Partition" => &self.account.partition,
            "Region" => &self.account.region,
            "Account" => &self.account.id,
            "Id" => &self.thing.id,
            "Name" => &self.thing.name,
            "Arn" => &self.thing.arn,
            _ => return None,
        };
        Some(text.clone())
    }

    fn properties(&self) -> &Map {
        &self.thing.properties
    }

    fn the(&self, kind: &str, name: &str) -> Option<String> {
        Some(self.account.find(kind, name)?.arn.clone())
    }
}
