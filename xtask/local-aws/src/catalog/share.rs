//! Portfolios shared with accounts, or with an organisation and its units. A share
//! with a unit is an operation of its own that takes time; one at a time.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html>

use super::{catalog, invalid, not_found, page, portfolio, quota};
use crate::api::servicecatalog as api;
use crate::context::{Age, Context};
use crate::state::catalog::{Share, ShareOperation};
use crate::wire::ApiError;

/// Kind and principal of a share, and whether it goes through the organisation.
fn target(
    account: Option<String>,
    node: Option<api::OrganizationNode>,
) -> Result<(String, String, bool), ApiError> {
    let (kind, node) = match (account, node) {
        (Some(account), None) => return Ok(("ACCOUNT".to_owned(), account, false)),
        (None, Some(node)) => (
            node.r#type.unwrap_or_default(),
            node.value.unwrap_or_default(),
        ),
        _ => {
            return Err(invalid(
                "exactly one of AccountId and OrganizationNode is needed",
            ));
        }
    };
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    match kind.as_str() {
        "ORGANIZATION" | "ORGANIZATIONAL_UNIT" => Ok((kind, node, true)),
        "ACCOUNT" if is_account(&node) => {
            Ok(("ORGANIZATION_MEMBER_ACCOUNT".to_owned(), node, true))
        }
        other => Err(invalid(format!("OrganizationNode {other:?} {node:?}"))),
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

pub(super) fn create(
    context: &mut Context<'_>,
    input: api::CreatePortfolioShareInput,
) -> Result<api::CreatePortfolioShareOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let (kind, principal, through_organisation) =
        target(input.account_id, input.organization_node)?;
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
    Ok(api::CreatePortfolioShareOutput {
        portfolio_share_token: token,
    })
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

pub(super) fn update(
    context: &mut Context<'_>,
    input: api::UpdatePortfolioShareInput,
) -> Result<api::UpdatePortfolioShareOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let (_, principal, through_organisation) = target(input.account_id, input.organization_node)?;
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
    Ok(api::UpdatePortfolioShareOutput {
        portfolio_share_token: token,
        status: Some(status.to_owned()),
    })
}

pub(super) fn delete(
    context: &mut Context<'_>,
    input: api::DeletePortfolioShareInput,
) -> Result<api::DeletePortfolioShareOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let (_, principal, through_organisation) = target(input.account_id, input.organization_node)?;
    if through_organisation {
        check_idle(context)?;
    }
    end(context, &input.portfolio_id, &principal)?;
    let token = through_organisation.then(|| start(context, input.portfolio_id, principal));
    Ok(api::DeletePortfolioShareOutput {
        portfolio_share_token: token,
    })
}

pub(super) fn status(
    context: &mut Context<'_>,
    input: api::DescribePortfolioShareStatusInput,
) -> Result<api::DescribePortfolioShareStatusOutput, ApiError> {
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
    Ok(api::DescribePortfolioShareStatusOutput {
        portfolio_share_token: Some(token),
        portfolio_id: Some(operation.portfolio),
        organization_node_value: Some(operation.node),
        status: Some(status.to_owned()),
        share_details: Some(api::ShareDetails::default()),
    })
}

pub(super) fn describe(
    context: &mut Context<'_>,
    input: api::DescribePortfolioSharesInput,
) -> Result<api::DescribePortfolioSharesOutput, ApiError> {
    portfolio::look(context, &input.portfolio_id)?;
    let shares = portfolio::find(context, &input.portfolio_id)?
        .shares
        .iter()
        .filter(|share| share.kind == input.r#type)
        .map(|share| api::PortfolioShareDetail {
            principal_id: Some(share.principal.clone()),
            r#type: Some(share.kind.clone()),
            accepted: Some(share.accepted),
            share_tag_options: Some(share.tag_options),
            share_principals: Some(share.principals),
        })
        .collect();
    let token = input.page_token.as_deref();
    let (some, next) = page::page(shares, input.page_size, 100, token)?;
    Ok(api::DescribePortfolioSharesOutput {
        portfolio_share_details: some,
        next_page_token: next,
    })
}

pub(super) fn accept(
    context: &mut Context<'_>,
    input: api::AcceptPortfolioShareInput,
) -> Result<api::AcceptPortfolioShareOutput, ApiError> {
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
    Ok(api::AcceptPortfolioShareOutput {})
}

pub(super) fn list_accepted(
    context: &mut Context<'_>,
    input: api::ListAcceptedPortfolioSharesInput,
) -> Result<api::ListAcceptedPortfolioSharesOutput, ApiError> {
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
            detail.arn = Some(arn);
            found.push(detail);
        }
    }
    let token = input.page_token.as_deref();
    let (some, next) = page::page(found, input.page_size, 20, token)?;
    Ok(api::ListAcceptedPortfolioSharesOutput {
        portfolio_details: some,
        next_page_token: next,
    })
}
