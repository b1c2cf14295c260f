//! Who may use a portfolio: roles, users and groups by ARN, or patterns of ARNs.

use super::{invalid, not_found, page, portfolio, quota};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::wire::ApiError;

pub(super) fn associate(
    context: &mut Context<'_>,
    input: api::AssociatePrincipalWithPortfolioInput,
) -> Result<api::AssociatePrincipalWithPortfolioOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    add(
        context,
        &input.portfolio_id,
        &input.principal_arn,
        &input.principal_type,
    )?;
    Ok(api::AssociatePrincipalWithPortfolioOutput {})
}

/// Grants a principal; once more has no effect.
pub(crate) fn add(
    context: &mut Context<'_>,
    portfolio_id: &str,
    principal: &str,
    kind: &str,
) -> Result<(), ApiError> {
    let is_pattern = match kind {
        "IAM" => false,
        "IAM_PATTERN" => true,
        other => return Err(invalid(format!("PrincipalType {other:?}"))),
    };
    let resource = principal
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(':'));
    match resource {
        // A pattern has no account, and only it may hold wildcards.
        Some((account, rest))
            if is_pattern == account.is_empty()
                && (is_pattern || !rest.contains(['*', '?']))
                && ["role/", "user/", "group/"]
                    .iter()
                    .any(|kind| rest.starts_with(kind)) => {}
        _ => {
            return Err(invalid(format!(
                "PrincipalARN {principal:?} for type {kind}"
            )));
        }
    }
    let principals = &portfolio::find(context, portfolio_id)?.principals;
    let entry = (principal.to_owned(), kind.to_owned());
    if principals.contains(&entry) {
        return Ok(());
    }
    let have = principals.len();
    let patterns = principals
        .iter()
        .filter(|(_, kind)| kind == "IAM_PATTERN")
        .count();
    quota::check(
        "principals of a portfolio",
        have,
        quota::PRINCIPALS_OF_PORTFOLIO,
    )?;
    if is_pattern {
        quota::check(
            "patterns of a portfolio",
            patterns,
            quota::PATTERNS_OF_PORTFOLIO,
        )?;
    }
    portfolio::find_mut(context, portfolio_id)?
        .principals
        .insert(entry);
    Ok(())
}

pub(super) fn disassociate(
    context: &mut Context<'_>,
    input: api::DisassociatePrincipalFromPortfolioInput,
) -> Result<api::DisassociatePrincipalFromPortfolioOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let kind = input.principal_type.as_deref().unwrap_or("IAM");
    remove(context, &input.portfolio_id, &input.principal_arn, kind)?;
    Ok(api::DisassociatePrincipalFromPortfolioOutput {})
}

pub(crate) fn remove(
    context: &mut Context<'_>,
    portfolio_id: &str,
    principal: &str,
    kind: &str,
) -> Result<(), ApiError> {
    let entry = (principal.to_owned(), kind.to_owned());
    let portfolio = portfolio::find_mut(context, portfolio_id)?;
    if portfolio.principals.remove(&entry) {
        Ok(())
    } else {
        Err(not_found(format!(
            "{principal} has no access to {portfolio_id}."
        )))
    }
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListPrincipalsForPortfolioInput,
) -> Result<api::ListPrincipalsForPortfolioOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let principals = portfolio::find(context, &input.portfolio_id)?
        .principals
        .iter()
        .map(|(arn, kind)| api::Principal {
            principal_arn: Some(arn.clone()),
            principal_type: Some(kind.clone()),
        })
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(principals, input.page_size, 20, token)?;
    Ok(api::ListPrincipalsForPortfolioOutput {
        principals: some,
        next_page_token: next,
    })
}
