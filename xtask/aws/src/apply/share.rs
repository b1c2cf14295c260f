//! Shares of portfolios, one at a time.

use super::wait::Look;
use super::{Apply, StepError};
use crate::call::{CallError, Named};
use crate::command_error::CommandError;
use crate::read::shares::{ShareKind, kind};
use aws_sdk_servicecatalog::types::{OrganizationNode, OrganizationNodeType, ShareStatus};
use compute_catalog::publish::Share;

impl Apply<'_> {
    pub(super) async fn share(&self, share: &Share, update: bool) -> Result<(), StepError> {
        let portfolio = self.known.value(&share.id)?;
        let recipient = &share.recipient;
        let what = format!("the share of {portfolio} with {recipient}");
        let token = self
            .wait_for(&what, || async {
                Ok(match self.ask_to_share(share, update, &portfolio).await {
                    // Another share is under way, maybe by an attempt whose answer was lost.
                    Err(error) if error.code.as_deref() == Some("InvalidStateException") => {
                        Look::NotYet("waiting for another share".to_owned())
                    }
                    answer => Look::There(answer?),
                })
            })
            .await?;
        // Shares with a single account are there at once and have no token.
        let Some(token) = token else {
            return Ok(());
        };
        self.wait_for(&what, || async {
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
                    CommandError::new(format!(
                        "the portfolio {portfolio} isn't shared with {recipient}"
                    ))
                    .hint("see the portfolio's shares in the console for the accounts that failed"),
                ),
                other => Look::NotYet(other.map_or("unknown", ShareStatus::as_str).to_owned()),
            })
        })
        .await
    }

    /// Asks Service Catalog to share; answers the token of an operation that takes time.
    async fn ask_to_share(
        &self,
        share: &Share,
        update: bool,
        portfolio: &str,
    ) -> Result<Option<String>, CallError> {
        let Share {
            portfolio: _,
            id: _,
            recipient,
            tag_options,
            principals,
        } = share;
        let catalog = &self.session.catalog;
        let (account, node) = match kind(recipient) {
            ShareKind::Account => (Some(recipient.clone()), None),
            unit => {
                let node = OrganizationNode::builder()
                    .r#type(match unit {
                        ShareKind::Organization => OrganizationNodeType::Organization,
                        _ => OrganizationNodeType::OrganizationalUnit,
                    })
                    .value(recipient)
                    .build();
                (None, Some(node))
            }
        };
        // Principals go through the organisation only.
        let principals = node.is_some().then_some(*principals);
        if update {
            let answer = catalog
                .update_portfolio_share()
                .portfolio_id(portfolio)
                .set_account_id(account)
                .set_organization_node(node)
                .share_tag_options(*tag_options)
                .set_share_principals(principals)
                .send()
                .await
                .named("servicecatalog UpdatePortfolioShare", portfolio)?;
            return Ok(answer.portfolio_share_token);
        }
        let created = catalog
            .create_portfolio_share()
            .portfolio_id(portfolio)
            .set_account_id(account)
            .set_organization_node(node)
            .share_tag_options(*tag_options);
        let created = match principals {
            Some(principals) => created.share_principals(principals),
            None => created,
        };
        let answer = created
            .send()
            .await
            .named("servicecatalog CreatePortfolioShare", portfolio)?;
        Ok(answer.portfolio_share_token)
    }
}
