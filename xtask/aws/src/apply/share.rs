//! Shares of portfolios, one at a time.

use super::wait::Look;
use super::{Apply, StepError};
use crate::call::Named;
use crate::failure::Failure;
use crate::read::shares::{ShareKind, kind};
use aws_sdk_servicecatalog::types::{OrganizationNode, OrganizationNodeType, ShareStatus};
use compute_catalog::publish::Reference;

impl Apply<'_> {
    pub(super) async fn share(
        &self,
        portfolio: &Reference,
        recipient: &str,
    ) -> Result<(), StepError> {
        let portfolio = self.known.value(portfolio)?;
        let call = self
            .session
            .catalog
            .create_portfolio_share()
            .portfolio_id(&portfolio);
        let call = match kind(recipient) {
            ShareKind::Account => call.account_id(recipient),
            unit => call.organization_node(
                OrganizationNode::builder()
                    .r#type(match unit {
                        ShareKind::Organization => OrganizationNodeType::Organization,
                        _ => OrganizationNodeType::OrganizationalUnit,
                    })
                    .value(recipient)
                    .build(),
            ),
        };
        let answer = call
            .send()
            .await
            .named("servicecatalog CreatePortfolioShare", &portfolio)?;
        // Shares with a single account are there at once and have no token.
        let Some(token) = answer.portfolio_share_token().map(str::to_owned) else {
            return Ok(());
        };
        self.wait_for(&format!("the share of {portfolio} with {recipient}"), || async {
            let status = self
                .session
                .catalog
                .describe_portfolio_share_status()
                .portfolio_share_token(&token)
                .send()
                .await
                .named("servicecatalog DescribePortfolioShareStatus", &portfolio)?;
            Ok(match status.status() {
                Some(ShareStatus::Completed) => Look::There(()),
                Some(ShareStatus::Error | ShareStatus::CompletedWithErrors) => Look::Never(
                    Failure::new(format!("the portfolio {portfolio} isn't shared with {recipient}"))
                        .hint("see the portfolio's shares in the console for the accounts that failed"),
                ),
                other => Look::NotYet(other.map_or("unknown", ShareStatus::as_str).to_owned()),
            })
        })
        .await
    }
}
