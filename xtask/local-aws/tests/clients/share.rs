//! Portfolios shared between accounts.

use crate::local::start_with;
use aws_sdk_servicecatalog::types::{
    DescribePortfolioShareType, OrganizationNode, OrganizationNodeType, ShareStatus,
};
use local_aws::Identity;

#[tokio::test]
async fn a_shared_portfolio_is_accepted_and_seen_by_the_other_account() {
    let local = start_with(|config| {
        config
            .keys
            .insert("AKIAHUB".into(), Identity::user("111111111111", "hub"));
        config
            .keys
            .insert("AKIASPOKE".into(), Identity::user("222222222222", "spoke"));
        config.delays.unseen = 0;
        config.delays.pending = 1;
    });
    let hub = aws_sdk_servicecatalog::Client::new(&local.settings("AKIAHUB"));
    let spoke = aws_sdk_servicecatalog::Client::new(&local.settings("AKIASPOKE"));
    let made = hub
        .create_portfolio()
        .display_name("Storage")
        .provider_name("Compute")
        .idempotency_token("a")
        .send()
        .await
        .unwrap();
    let id = made.portfolio_detail.unwrap().id.unwrap();
    let early = spoke
        .accept_portfolio_share()
        .portfolio_id(&id)
        .send()
        .await
        .unwrap_err();
    assert!(early.into_service_error().is_resource_not_found_exception());
    hub.create_portfolio_share()
        .portfolio_id(&id)
        .account_id("222222222222")
        .send()
        .await
        .unwrap();
    spoke
        .accept_portfolio_share()
        .portfolio_id(&id)
        .send()
        .await
        .unwrap();
    let accepted = spoke.list_accepted_portfolio_shares().send().await.unwrap();
    assert_eq!(accepted.portfolio_details()[0].id(), Some(id.as_str()));
    let shares = hub
        .describe_portfolio_shares()
        .portfolio_id(&id)
        .r#type(DescribePortfolioShareType::Account)
        .send()
        .await
        .unwrap();
    assert!(shares.portfolio_share_details()[0].accepted());

    // Through the organisation: one at a time.
    let share = |unit: &str| {
        hub.create_portfolio_share()
            .portfolio_id(&id)
            .organization_node(
                OrganizationNode::builder()
                    .r#type(OrganizationNodeType::OrganizationalUnit)
                    .value(unit)
                    .build(),
            )
            .send()
    };
    let first = share("ou-ab12-cdefgh34")
        .await
        .unwrap()
        .portfolio_share_token
        .unwrap();
    let busy = share("ou-ab12-ijklmn56").await.unwrap_err();
    assert!(busy.into_service_error().is_invalid_state_exception());
    let status = |token: &str| {
        hub.describe_portfolio_share_status()
            .portfolio_share_token(token)
            .send()
    };
    // Whoever is refused has waited a while, too.
    assert_eq!(
        status(&first).await.unwrap().status,
        Some(ShareStatus::Completed)
    );
    let second = share("ou-ab12-ijklmn56")
        .await
        .unwrap()
        .portfolio_share_token
        .unwrap();
    for expected in [ShareStatus::InProgress, ShareStatus::Completed] {
        assert_eq!(status(&second).await.unwrap().status, Some(expected));
    }
}
