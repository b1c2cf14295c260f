//! Shares, changed by somebody with a console.

use super::Target;
use aws_sdk_servicecatalog::types::{OrganizationNode, OrganizationNodeType};

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_share(&self, kind: &str) -> bool {
        let catalog = &self.session.catalog;
        let portfolio = &self.portfolio.id;
        match kind {
            "share ended" => {
                let call = catalog.delete_portfolio_share().portfolio_id(portfolio);
                call.organization_node(unit("ou-ab12-cdef3456"))
                    .send()
                    .await
                    .unwrap();
            }
            "share without tag options" => {
                let call = catalog.update_portfolio_share().portfolio_id(portfolio);
                let call = call
                    .organization_node(unit("ou-ab12-cdef3456"))
                    .share_tag_options(false);
                call.send().await.unwrap();
            }
            "shared with a stranger account" => {
                let call = catalog.create_portfolio_share().portfolio_id(portfolio);
                call.account_id("999999999999").send().await.unwrap();
            }
            "shared with a stranger unit" => {
                let call = catalog.create_portfolio_share().portfolio_id(portfolio);
                call.organization_node(unit("ou-zz99-stranger"))
                    .send()
                    .await
                    .unwrap();
            }
            "share with principals" => {
                let call = catalog.update_portfolio_share().portfolio_id(portfolio);
                let call = call
                    .organization_node(unit("ou-ab12-cdef3456"))
                    .share_principals(true);
                call.share_tag_options(true).send().await.unwrap();
            }
            _ => return false,
        }
        true
    }
}

/// An organisational unit.
pub(super) fn unit(id: &str) -> OrganizationNode {
    OrganizationNode::builder()
        .r#type(OrganizationNodeType::OrganizationalUnit)
        .value(id)
        .build()
}
