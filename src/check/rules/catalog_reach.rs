//! `catalog-reach`: somebody can reach each portfolio, and launch from it.

use super::super::catalog::InFile;
use super::super::{CatalogReport, Check, CheckContext, Rule, Severity};
use crate::portfolio::end_user::Ability;
use crate::portfolio::{CatalogFiles, Launch, Portfolio, Principal, Share};
use crate::yaml::{Located, Location};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "catalog-reach",
    severity: Severity::Error,
    what: "Somebody can reach each portfolio, and launch from it.",
    why: "What nobody can launch is kept and paid for all the same.",
    fix: "name a principal that may launch",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html",
    check: Check::Catalog(check),
};

fn check(catalog: &CatalogFiles, known: &CheckContext<'_>, report: &mut CatalogReport) {
    for file in catalog.portfolios.values() {
        let portfolio = &file.body;
        let mut here = report.in_file(&file.path);
        if portfolio.principals.is_empty() {
            here.add(
                portfolio.name.at,
                "nobody can reach the portfolio",
                "name at least one principal",
            );
        }
        for principal in &portfolio.principals {
            check_principal(catalog, &principal.value, principal.at, &mut here);
        }
        check_shares(known, portfolio, &mut here);
        check_local_roles(portfolio, &mut here);
    }
}

/// An account doesn't share with itself, and somebody is named in the accounts that it shares with.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolioShare.html>
fn check_shares(known: &CheckContext<'_>, portfolio: &Portfolio, here: &mut InFile<'_>) {
    for (index, share) in portfolio.shares.iter().enumerate() {
        if portfolio.shares[..index].contains(share) {
            here.add(
                share.at,
                "it is shared with the same a second time",
                "name each once",
            );
        }
        let Share::Account(account) = &share.value else {
            continue;
        };
        let mut published = known.environments.by_key.iter();
        let own = published.find(|(_, one)| !one.local && one.account.value == *account);
        if let Some((key, _)) = own {
            here.add(
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
            first.at,
            "nobody of the accounts that it is shared with can reach it",
            "name principals by `pattern`, which holds in every account",
        );
    }
}

/// A role by name is one of whoever launches from a shared portfolio.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html>
fn check_local_roles(portfolio: &Portfolio, here: &mut InFile<'_>) {
    let launches = portfolio.products.iter();
    for launch in launches.filter_map(|placement| placement.launch.as_ref()) {
        if let Launch::LocalRoleName(name) = &launch.value
            && portfolio.shares.is_empty()
        {
            here.add(
                launch.at,
                format!("the portfolio is shared with nobody in whose account `{name}` could be"),
                "add `shares`, or take `launch` out: the product has a role of its own",
            );
        }
    }
}

fn check_principal(
    catalog: &CatalogFiles,
    principal: &Principal,
    at: Location,
    here: &mut InFile<'_>,
) {
    match principal {
        Principal::EndUserRole(key) => {
            let mut roles = catalog.end_users.roles.iter();
            if let Some(role) = roles.find(|role| role.key.value == *key)
                && !role.abilities.iter().any(|a| a.value == Ability::Launch)
            {
                here.add(
                    at,
                    format!("`{key}` sees the portfolio and can't launch from it"),
                    "give the role the ability `launch`, or name another principal",
                );
            }
        }
        Principal::Arn(arn) if arn.split(':').count() < 6 || !arn.starts_with("arn:") => here.add(
            at,
            format!("`{arn}` is no ARN"),
            "an ARN has six parts: arn:aws:iam::123456789012:role/name",
        ),
        Principal::Pattern(arn) if !is_pattern(arn) => here.add(
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
    matches!(parts.as_slice(), ["arn", partition, "iam", "", "", name]
    if ["aws", "aws-cn", "aws-us-gov"].contains(partition) && ["role/", "user/", "group/"].iter().any(|kind| {
        // Of nothing but wildcards, it lets everybody in.
        name.strip_prefix(kind).is_some_and(names_some)
    }))
}
