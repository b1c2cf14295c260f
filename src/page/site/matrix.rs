//! What differs between environments, side by side.

use super::SiteSource;
use crate::environment::Environment;
use crate::product::Key;
use crate::release::Origin;
use serde_json::{Value, json};

/// The matrix: a row a fact, a column an environment.
pub(super) fn matrix(source: &SiteSource<'_>) -> Value {
    let environments = &source.environments.by_key;
    let row = |name: &str, is_code: bool, cell: &dyn Fn(&Key, &Environment) -> Option<String>| {
        let cells: Vec<Option<String>> = environments
            .iter()
            .map(|(key, environment)| cell(key, environment))
            .collect();
        json!({"name": name, "isCode": is_code, "cells": cells})
    };
    let facts = vec![
        row("Account", true, &|_, environment| {
            Some(environment.account.to_string())
        }),
        row("Region", true, &|_, environment| {
            Some(environment.region.value.clone())
        }),
        row("Login", true, &|_, environment| {
            environment
                .login_endpoint
                .as_ref()
                .map(|endpoint| endpoint.as_str().to_owned())
        }),
        row("Takes versions from", false, &|_, environment| {
            environment
                .promotes_from
                .as_ref()
                .map(|from| from.to_string())
        }),
        row("Communities", false, &|key, _| {
            let here = source.communities.communities.values();
            let here = here.filter(|community| community.environment.value == *key);
            let names: Vec<&str> = here.map(|community| community.name.as_str()).collect();
            (!names.is_empty()).then(|| names.join("; "))
        }),
    ];
    let products: Vec<Value> = source
        .products
        .iter()
        .map(|product| {
            let name = &product.page.entry.name;
            row(name, false, &|key, _| newest_adopted(product, key))
        })
        .collect();
    let exports: Vec<Value> = source
        .environments
        .organization
        .exports
        .iter()
        .map(|(name, export)| {
            row(name, true, &|_, environment| {
                let own = environment.exports.get(name).map(|own| own.value.clone());
                own.or_else(|| export.name.clone().filter(|_| !environment.local))
            })
        })
        .collect();
    let keys: Vec<&str> = environments.keys().map(Key::as_str).collect();
    json!({"environments": keys, "sections": [
        {"title": "Accounts", "rows": facts},
        {"title": "Versions that were there before this catalog", "rows": products},
        {"title": "Exports that templates import", "rows": exports},
    ]})
}

/// The newest legacy version that an environment has.
fn newest_adopted(product: &super::SiteProduct<'_>, environment: &Key) -> Option<String> {
    let versions = product.page.ledger.versions.iter();
    let legacy = versions.filter(|version| {
        matches!(&version.origin, Origin::Legacy { environments, .. } if environments.contains(environment))
    });
    legacy
        .map(|version| version.name)
        .max()
        .map(|name| name.to_string())
}
