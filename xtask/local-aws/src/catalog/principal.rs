//! Who may use a portfolio: roles, users and groups by ARN, or patterns of ARNs.

use super::{invalid, not_found, page, portfolio, quota};
use crate::context::{Context, Reply};
use crate::wire::ApiError;
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AssociatePrincipalWithPortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    #[serde(rename = "PrincipalARN")]
    principal: String,
    principal_type: String,
}

pub(super) fn associate(
    context: &mut Context<'_>,
    input: AssociatePrincipalWithPortfolio,
) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    add(
        context,
        &input.portfolio_id,
        &input.principal,
        &input.principal_type,
    )?;
    Ok(json!({}))
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DisassociatePrincipalFromPortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    #[serde(rename = "PrincipalARN")]
    principal: String,
    principal_type: Option<String>,
}

pub(super) fn disassociate(
    context: &mut Context<'_>,
    input: DisassociatePrincipalFromPortfolio,
) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let kind = input.principal_type.as_deref().unwrap_or("IAM");
    remove(context, &input.portfolio_id, &input.principal, kind)?;
    Ok(json!({}))
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPrincipalsForPortfolio {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn list(context: &mut Context<'_>, input: ListPrincipalsForPortfolio) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let principals: Vec<Value> = portfolio::find(context, &input.portfolio_id)?
        .principals
        .iter()
        .map(|(arn, kind)| json!({ "PrincipalARN": arn, "PrincipalType": kind }))
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(principals, input.page_size, 20, token)?;
    Ok(json!({ "Principals": some, "NextPageToken": next }))
}
