//! Idempotency tokens: the same call with the same token is answered as the
//! first time, and has no second effect.

use super::{catalog, invalid};
use crate::api;
use crate::context::{Context, Reply};
use crate::state::catalog::{Catalog, Remembered};
use crate::wire::checksum::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Carries an operation out, unless its token was seen before.
pub(super) fn once(
    context: &mut Context<'_>,
    operation: &str,
    input: Value,
    carry_out: impl FnOnce(&mut Context<'_>, &str, Value) -> Reply,
) -> Reply {
    let field = api::servicecatalog::MODEL.token(operation);
    let token = field.and_then(|field| input.get(field)?.as_str());
    let Some(token) = token else {
        return carry_out(context, operation, input);
    };
    let key = format!("{operation} {token}");
    let digest = hex(&Sha256::digest(input.to_string()));
    let seen = context
        .here()
        .and_then(|region| region.catalog.tokens.get(&key))
        .cloned()
        .filter(|seen| {
            let most = context.faults.token_repeats;
            most.is_none_or(|most| seen.repeats < most)
        });
    if let Some(seen) = seen {
        return if seen.input == digest {
            let answer = seen.answer.clone();
            if context.faults.token_repeats.is_some() {
                let repeats = seen.repeats + 1;
                let repeated = Remembered { repeats, ..seen };
                catalog(context).tokens.insert(key, repeated);
            }
            Ok(answer)
        } else {
            Err(invalid(format!(
                "the idempotency token {token:?} was used with other parameters"
            )))
        };
    }
    let answer = carry_out(context, operation, input)?;
    let remembered = Remembered {
        input: digest,
        answer: answer.clone(),
        repeats: 0,
    };
    catalog(context).tokens.insert(key, remembered);
    Ok(answer)
}

/// Forgets the tokens of a thing that is deleted.
pub(super) fn forget(catalog: &mut Catalog, id: &str) {
    catalog
        .tokens
        .retain(|_, seen| !seen.answer.to_string().contains(id));
}
