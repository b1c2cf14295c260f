//! What the stacks of an account export.

use crate::call::{CallError, Named};
use crate::session::Session;
use std::collections::BTreeMap;

/// Name to value.
pub(crate) async fn read(session: &Session) -> Result<BTreeMap<String, String>, CallError> {
    let mut pages = session.stacks.list_exports().into_paginator().send();
    let mut exports = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.named("cloudformation ListExports", "the account")?;
        for export in page.exports() {
            if let (Some(name), Some(value)) = (export.name(), export.value()) {
                exports.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    Ok(exports)
}
