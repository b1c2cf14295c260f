//! Portfolios shared with accounts, or with an organisation and its units. A share
//! with a unit is an operation of its own that takes time; one at a time.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html>

use super::{catalog, invalid, not_found, page, portfolio, quota};
use crate::context::{Age, Context, Reply};
use crate::state::catalog::{Share, ShareOperation};
use crate::wire::ApiError;
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PortfolioShare {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    account_id: Option<String>,
    organization_node: Option<Node>,
    #[serde(default, deserialize_with = "field::flag")]
    share_tag_options: Option<bool>,
    #[serde(default, deserialize_with = "field::flag")]
    share_principals: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Node {
    r#type: String,
    value: String,
}

impl PortfolioShare {
    /// Kind and principal of the share, and whether it goes through the organisation.
    fn target(&self) -> Result<(String, String, bool), ApiError> {
        let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        match (&self.account_id, &self.organization_node) {
            (Some(account), None) if is_account(account) => {
                Ok(("ACCOUNT".to_owned(), account.clone(), false))
            }
            (None, Some(node)) => match node.r#type.as_str() {
                "ORGANIZATION" | "ORGANIZATIONAL_UNIT" => {
                    Ok((node.r#type.clone(), node.value.clone(), true))
                }
                "ACCOUNT" if is_account(&node.value) => Ok((
                    "ORGANIZATION_MEMBER_ACCOUNT".to_owned(),
                    node.value.clone(),
                    true,
                )),
                other => Err(invalid(format!(
                    "OrganizationNode {other} {:?}",
                    node.value
                ))),
            },
            _ => Err(invalid(
                "exactly one of AccountId and OrganizationNode is needed",
            )),
        }
    }
}

/// One share operation at a time goes through the organisation. A refusal is a look at the one in
/// progress, which brings it to its end.
fn check_idle(context: &mut Context<'_>) -> Result<(), ApiError> {
    let operations = context.here().map(|here| &here.catalog.share_operations);
    let busy = operations
        .into_iter()
        .flatten()
        .find(|(token, _)| context.is_settling(token))
        .map(|(token, operation)| (token.clone(), operation.portfolio.clone()));
    let Some((token, portfolio)) = busy else {
        return Ok(());
    };
    context.look(&token);
    Err(ApiError::new(
        400,
        "InvalidStateException",
        format!("the share operation {token} of {portfolio} is in progress"),
    ))
}

fn start(context: &mut Context<'_>, portfolio_id: String, node: String) -> String {
    let token = context.change().mint("share-");
    let operation = ShareOperation {
        portfolio: portfolio_id,
        node,
    };
    catalog(context)
        .share_operations
        .insert(token.clone(), operation);
    context.settle_seen(&token);
    token
}

pub(super) fn create(context: &mut Context<'_>, input: PortfolioShare) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let (kind, principal, through_organisation) = input.target()?;
    if through_organisation {
        check_idle(context)?;
    }
    if input.share_principals == Some(true) && !through_organisation {
        return Err(invalid("SharePrincipals needs an OrganizationNode"));
    }
    let shares = &mut portfolio::find_mut(context, &input.portfolio_id)?.shares;
    let share = Share {
        accepted: through_organisation,
        tag_options: input.share_tag_options.unwrap_or(false),
        principals: input.share_principals.unwrap_or(false),
        kind,
        principal: principal.clone(),
    };
    // Sharing again changes nothing.
    if !shares.iter().any(|other| other.principal == principal) {
        add(shares, share)?;
    }
    let token = through_organisation.then(|| start(context, input.portfolio_id, principal));
    Ok(json!({ "PortfolioShareToken": token }))
}

/// Shares with an account, or changes that share.
pub(crate) fn with_account(
    context: &mut Context<'_>,
    portfolio_id: &str,
    account: &str,
    tag_options: bool,
) -> Result<(), ApiError> {
    let shares = &mut portfolio::find_mut(context, portfolio_id)?.shares;
    match shares.iter_mut().find(|share| share.principal == account) {
        Some(share) => share.tag_options = tag_options,
        None => add(
            shares,
            Share {
                principal: account.to_owned(),
                kind: "ACCOUNT".to_owned(),
                accepted: false,
                tag_options,
                principals: false,
            },
        )?,
    }
    Ok(())
}

/// Adds a share, as far as the quota goes.
fn add(shares: &mut Vec<Share>, share: Share) -> Result<(), ApiError> {
    let (have, most) = (shares.len(), quota::SHARES_OF_PORTFOLIO);
    quota::check("shares of a portfolio", have, most)?;
    shares.push(share);
    Ok(())
}

/// Ends a share, also for an account that has accepted it.
pub(crate) fn end(
    context: &mut Context<'_>,
    portfolio_id: &str,
    principal: &str,
) -> Result<(), ApiError> {
    let shares = &mut portfolio::find_mut(context, portfolio_id)?.shares;
    let before = shares.len();
    shares.retain(|share| share.principal != principal);
    if shares.len() == before {
        return Err(not_found(format!("no share with {principal}")));
    }
    let region = context.region.clone();
    if context.state.region(principal, &region).is_some() {
        let recipient = context.change().region_mut(principal, &region);
        recipient.catalog.accepted.retain(|id| id != portfolio_id);
    }
    Ok(())
}

pub(super) fn update(context: &mut Context<'_>, input: PortfolioShare) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let (_, principal, through_organisation) = input.target()?;
    if through_organisation {
        check_idle(context)?;
    }
    let share = portfolio::find_mut(context, &input.portfolio_id)?
        .shares
        .iter_mut()
        .find(|share| share.principal == principal)
        .ok_or_else(|| not_found(format!("no share with {principal}")))?;
    share.tag_options = input.share_tag_options.unwrap_or(share.tag_options);
    share.principals = input.share_principals.unwrap_or(share.principals);
    let token = through_organisation.then(|| start(context, input.portfolio_id, principal));
    let status = if token.is_some() {
        "IN_PROGRESS"
    } else {
        "COMPLETED"
    };
    Ok(json!({ "PortfolioShareToken": token, "Status": status }))
}

pub(super) fn delete(context: &mut Context<'_>, input: PortfolioShare) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let (_, principal, through_organisation) = input.target()?;
    if through_organisation {
        check_idle(context)?;
    }
    end(context, &input.portfolio_id, &principal)?;
    let token = through_organisation.then(|| start(context, input.portfolio_id, principal));
    Ok(json!({ "PortfolioShareToken": token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolioShareStatus {
    portfolio_share_token: String,
}

pub(super) fn status(context: &mut Context<'_>, input: DescribePortfolioShareStatus) -> Reply {
    let token = input.portfolio_share_token;
    let operation = context
        .here()
        .and_then(|here| here.catalog.share_operations.get(&token))
        .cloned()
        .ok_or_else(|| not_found(format!("no share operation {token}")))?;
    let status = match context.look(&token) {
        Age::Settled => "COMPLETED",
        _ => "IN_PROGRESS",
    };
    Ok(json!({
        "PortfolioShareToken": token,
        "PortfolioId": operation.portfolio,
        "OrganizationNodeValue": operation.node,
        "Status": status,
        "ShareDetails": { "SuccessfulShares": [], "ShareErrors": [] },
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolioShares {
    portfolio_id: String,
    r#type: String,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn describe(context: &mut Context<'_>, input: DescribePortfolioShares) -> Reply {
    portfolio::look(context, &input.portfolio_id)?;
    let shares: Vec<Value> = portfolio::find(context, &input.portfolio_id)?
        .shares
        .iter()
        .filter(|share| share.kind == input.r#type)
        .map(|share| {
            json!({
                "PrincipalId": share.principal,
                "Type": share.kind,
                "Accepted": share.accepted,
                "ShareTagOptions": share.tag_options,
                "SharePrincipals": share.principals,
            })
        })
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(shares, input.page_size, 100, token)?;
    Ok(json!({ "PortfolioShareDetails": some, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AcceptPortfolioShare {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    portfolio_share_type: Option<String>,
}

pub(super) fn accept(context: &mut Context<'_>, input: AcceptPortfolioShare) -> Reply {
    if let Some(kind @ ("AWS_SERVICECATALOG" | "AWS_ORGANIZATIONS")) =
        input.portfolio_share_type.as_deref()
    {
        return Err(invalid(format!(
            "the local AWS has no PortfolioShareType {kind}"
        )));
    }
    let owner = portfolio::owner(context, &input.portfolio_id)?.to_owned();
    let caller = context.account().to_owned();
    let region = context.region.clone();
    let portfolios = &mut context
        .change()
        .region_mut(&owner, &region)
        .catalog
        .portfolios;
    if let Some(portfolio) = portfolios.get_mut(&input.portfolio_id) {
        for share in &mut portfolio.shares {
            share.accepted |= share.principal == caller;
        }
    }
    let accepted = &mut catalog(context).accepted;
    if !accepted.contains(&input.portfolio_id) {
        accepted.push(input.portfolio_id);
    }
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListAcceptedPortfolioShares {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    page_token: Option<String>,
    #[serde(default, deserialize_with = "field::count")]
    page_size: Option<usize>,
}

pub(super) fn list_accepted(
    context: &mut Context<'_>,
    input: ListAcceptedPortfolioShares,
) -> Reply {
    let accepted = context.here().map(|here| here.catalog.accepted.clone());
    let mut found = Vec::new();
    for id in accepted.unwrap_or_default() {
        let owner = portfolio::owner(context, &id)?;
        if let Some(one) = context
            .state
            .region(owner, &context.region)
            .and_then(|region| region.catalog.portfolios.get(&id))
        {
            let mut detail = portfolio::detail(context, one);
            let arn = format!("arn:aws:catalog:{}:{owner}:portfolio/{id}", context.region);
            detail["ARN"] = json!(arn);
            found.push(detail);
        }
    }
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(json!({ "PortfolioDetails": some, "NextPageToken": next }))
}
