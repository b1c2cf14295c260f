//! With whom the portfolios of the catalog are shared.

use super::each;
use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::types::DescribePortfolioShareType;
use compute_catalog::publish::{Desired, LiveShare, LiveStack, Reference};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<BTreeSet<LiveShare>, CallError> {
    let asked: BTreeSet<(String, &str)> = desired
        .shares
        .iter()
        .filter_map(|share| {
            let id = match &share.id {
                Reference::Value(id) => id.clone(),
                Reference::StackOutput { stack, output } => {
                    stacks.get(stack)?.outputs.get(output)?.clone()
                }
                Reference::ProductId(_) => return None,
            };
            Some((id, kind(&share.recipient).as_str_static()))
        })
        .collect();
    let found = each(session, asked, |(portfolio, kind)| async move {
        list(session, portfolio, DescribePortfolioShareType::from(kind)).await
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// What a recipient is: an account, an organisation, or a unit of it.
pub(crate) fn kind(recipient: &str) -> ShareKind {
    if recipient.starts_with("ou-") {
        ShareKind::Unit
    } else if recipient.starts_with("o-") {
        ShareKind::Organization
    } else {
        ShareKind::Account
    }
}

/// What a recipient of a share is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShareKind {
    Account,
    Organization,
    Unit,
}

impl ShareKind {
    fn as_str_static(self) -> &'static str {
        match self {
            ShareKind::Account => "ACCOUNT",
            ShareKind::Organization => "ORGANIZATION",
            ShareKind::Unit => "ORGANIZATIONAL_UNIT",
        }
    }
}

pub(crate) async fn list(
    session: &Session,
    portfolio: String,
    kind: DescribePortfolioShareType,
) -> Result<Vec<LiveShare>, CallError> {
    let mut pages = session
        .catalog
        .describe_portfolio_shares()
        .portfolio_id(&portfolio)
        .r#type(kind)
        .into_paginator()
        .send();
    let mut shares = Vec::new();
    while let Some(page) = pages.next().await {
        let page = match page.named("servicecatalog DescribePortfolioShares", &portfolio) {
            Ok(page) => page,
            // A portfolio that was deleted is shared with nobody.
            Err(error) if error.is_not_found() => break,
            Err(error) => return Err(error),
        };
        for detail in page.portfolio_share_details() {
            if let Some(recipient) = detail.principal_id() {
                shares.push(LiveShare {
                    portfolio: portfolio.clone(),
                    // A unit may be answered by its ARN, which ends in its id.
                    recipient: recipient.rsplit('/').next().unwrap_or_default().to_owned(),
                    tag_options: detail.share_tag_options(),
                    principals: detail.share_principals(),
                });
            }
        }
    }
    Ok(shares)
}
