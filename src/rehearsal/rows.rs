//! Calls that a file declares, decided as those of a role.

use super::account::{Account, Caller};
use super::behaviour::CallRow;
use super::call::{with_caller, with_tags};
use super::cause::Cause;
use super::fill::{Values, fill};
use super::thing::Thing;
use super::world::World;
use crate::iam::{Request, Verdict};

/// Everything of these rows that a role can't do.
pub(super) fn refused(
    world: &World<'_>,
    account: &Account,
    role: &Thing,
    caller_name: &str,
    rows: &[&CallRow],
    here: &dyn Values,
) -> Vec<Cause> {
    let caller = Caller::Role(role.arn.clone());
    let mut causes = Vec::new();
    for row in rows {
        for text in &row.on {
            let on = fill(text, here);
            if on.is_empty() {
                causes.push(Cause::Unknown {
                    what: format!("on what {} is called ({text})", row.actions.join(", ")),
                });
            }
            for (action, resource) in row
                .actions
                .iter()
                .flat_map(|action| on.iter().map(move |resource| (action, resource)))
            {
                let request = request(account, &caller, row, action, resource, here);
                match world.decide(account, &caller, &request) {
                    Ok(Verdict::Allowed) => {}
                    Ok(Verdict::Refused(refusal)) => causes.push(Cause::Refused {
                        caller: caller_name.to_owned(),
                        action: action.clone(),
                        resource: resource.clone(),
                        refusal,
                    }),
                    Err(undecidable) => causes.push(undecidable.into()),
                }
            }
        }
    }
    causes
}

/// The request that a row makes of an action on a resource.
pub(super) fn request(
    account: &Account,
    caller: &Caller,
    row: &CallRow,
    action: &str,
    resource: &str,
    here: &dyn Values,
) -> Request {
    let service = action.split(':').next().unwrap_or_default();
    let mut request = Request::new(action, resource);
    for (key, text) in &row.keys {
        for value in fill(text, here) {
            request = request.with(key, &value);
        }
    }
    if let Some(target) = account.by_arn(resource) {
        request = with_tags(request, account, target, service);
    }
    with_caller(request, account, caller)
}
