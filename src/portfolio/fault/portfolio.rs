//! Portfolios: who reaches them, and how much they hold.

use super::found::{Found, InFile};
use super::{CheckContext, FileRule, placement};
use crate::portfolio::end_user::Ability;
use crate::portfolio::{CatalogFiles, MOST_PER_PORTFOLIO, Portfolio, Principal, Share};
use crate::yaml::{Located, Location};

const PORTFOLIOS_OF_A_REGION: usize = 100;
const PRODUCTS: usize = 150;
const PRINCIPALS: usize = 100;
const PATTERNS: usize = 10;
const SHARES: usize = 5_000;

/// What to do where a portfolio holds too much.
const DIVIDE: &str = "divide the portfolio";

pub(super) fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, found: &mut Found) {
    for (index, file) in catalog.portfolios.values().enumerate() {
        let mut here = found.in_file(&file.path);
        if index == PORTFOLIOS_OF_A_REGION {
            let count = catalog.portfolios.len();
            let at = file.body.name.at;
            here.at_most(at, count, index, "portfolios", "join portfolios");
        }
        check_sizes(&file.body, &mut here);
        check_reach(catalog, known, &file.body, &mut here);
        placement::check(catalog, known, &file.body, &mut here);
        check_tag_options(catalog, &file.body, &mut here);
    }
}

fn check_sizes(portfolio: &Portfolio, here: &mut InFile<'_>) {
    let patterns = portfolio
        .principals
        .iter()
        .filter(|principal| matches!(principal.value, Principal::Pattern(_)));
    for (count, most, what) in [
        (portfolio.principals.len(), PRINCIPALS, "principals"),
        (patterns.count(), PATTERNS, "patterns of principals"),
        (portfolio.products.len(), PRODUCTS, "products"),
        (portfolio.shares.len(), SHARES, "shares"),
    ] {
        here.at_most(portfolio.name.at, count, most, what, DIVIDE);
    }
}

fn check_reach(
    catalog: &CatalogFiles,
    known: &CheckContext<'_>,
    portfolio: &Portfolio,
    here: &mut InFile<'_>,
) {
    if portfolio.principals.is_empty() {
        here.add(
            FileRule::Reach,
            portfolio.name.at,
            "nobody can reach the portfolio".to_owned(),
            "name at least one principal",
        );
    }
    check_shares(known, portfolio, here);
    for principal in &portfolio.principals {
        check_principal(catalog, known, &principal.value, principal.at, here);
    }
}

/// An account doesn't share with itself, and somebody is named in the accounts that it shares with.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolioShare.html>
fn check_shares(known: &CheckContext<'_>, portfolio: &Portfolio, here: &mut InFile<'_>) {
    for (index, share) in portfolio.shares.iter().enumerate() {
        if portfolio.shares[..index].contains(share) {
            here.add(
                FileRule::Reach,
                share.at,
                "it is shared with the same a second time".to_owned(),
                "name each once",
            );
        }
        let Share::Account(account) = &share.value else {
            continue;
        };
        if let Some((key, _)) = known.accounts.iter().find(|(_, own)| *own == account) {
            here.add(
                FileRule::Reach,
                share.at,
                format!("{account} is the account of `{key}`, which publishes the portfolio itself"),
                "take it out: an account can't share with itself, and the other has the portfolio already",
            );
        }
    }
    let reaches = |principal: &Located<Principal>| matches!(principal.value, Principal::Pattern(_));
    if let Some(first) = portfolio.shares.first()
        && !portfolio.principals.is_empty()
        && !portfolio.principals.iter().any(reaches)
    {
        here.add(
            FileRule::Reach,
            first.at,
            "nobody of the accounts that it is shared with can reach it".to_owned(),
            "name principals by `pattern`, which holds in every account",
        );
    }
}

fn check_principal(
    catalog: &CatalogFiles,
    known: &CheckContext<'_>,
    principal: &Principal,
    at: Location,
    here: &mut InFile<'_>,
) {
    let roles = &catalog.end_users.roles;
    match principal {
        Principal::EndUserRole(key) => match roles.iter().find(|role| role.key.value == *key) {
            Some(role) if !role.abilities.iter().any(|a| a.value == Ability::Launch) => here.add(
                FileRule::Reach,
                at,
                format!("`{key}` sees the portfolio and can't launch from it"),
                "give the role the ability `launch`, or name another principal",
            ),
            Some(_) => {}
            None => {
                let keys = roles.iter().map(|role| role.key.as_str());
                here.unknown(FileRule::Names, at, "end-user role", key.as_str(), keys);
            }
        },
        Principal::Import(name) if !known.exports.contains(&name.as_str()) => {
            let exports = known.exports.iter().copied();
            here.unknown(FileRule::Exports, at, "declared export", name, exports);
        }
        Principal::Arn(arn) if arn.split(':').count() < 6 || !arn.starts_with("arn:") => here.add(
            FileRule::Reach,
            at,
            format!("`{arn}` is no ARN"),
            "an ARN has six parts: arn:aws:iam::123456789012:role/name",
        ),
        Principal::Pattern(arn) if !is_pattern(arn) => here.add(
            FileRule::Reach,
            at,
            format!("`{arn}` is no pattern of principals"),
            "write arn:aws:iam:::role/ and a name in which * and ? are wildcards, without account",
        ),
        _ => {}
    }
}

fn is_pattern(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let names_some = |name: &str| name.bytes().any(|byte| byte.is_ascii_alphanumeric());
    matches!(parts.as_slice(), ["arn", _, "iam", "", "", name]
    if ["role/", "user/", "group/"].iter().any(|kind| {
        // Of nothing but wildcards, it lets everybody in.
        name.strip_prefix(kind).is_some_and(names_some)
    }))
}

/// The tag options that launches from the portfolio offer.
fn check_tag_options(catalog: &CatalogFiles, portfolio: &Portfolio, here: &mut InFile<'_>) {
    let lists = catalog
        .tag_options
        .as_ref()
        .map_or(&[][..], |(_, options)| &options.tag_options);
    let mut count = 0;
    for (index, key) in portfolio.tag_options.iter().enumerate() {
        let before = portfolio.tag_options.iter().take(index);
        if before.into_iter().any(|other| other.value == key.value) {
            here.add(
                FileRule::TagOptions,
                key.at,
                format!("the tag options of `{}` stand a second time", key.value),
                "name each key once: launches would ask for it twice",
            );
        }
        match lists.iter().find(|list| list.key.value == key.value) {
            Some(list) => count += list.all_values().count(),
            None => {
                let keys = lists.iter().map(|list| list.key.as_str());
                here.unknown(FileRule::Names, key.at, "key of tag options", key, keys);
            }
        }
    }
    if let Some(first) = portfolio.tag_options.first() {
        let what = "tag options for the portfolio";
        here.at_most(first.at, count, MOST_PER_PORTFOLIO, what, DIVIDE);
    }
}
