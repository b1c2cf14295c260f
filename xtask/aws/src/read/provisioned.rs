//! What people run: provisioned products, and the parameters of their stacks.

use crate::call::{CallError, Named};
use crate::session::Session;
use aws_sdk_servicecatalog::types::{AccessLevelFilter, AccessLevelFilterKey};
use compute_catalog::cfn::Scenario;
use std::collections::BTreeMap;

/// A provisioned product, as Service Catalog tells it.
pub(crate) struct Provisioned {
    pub id: String,
    pub name: String,
    /// Who launched it: the end of the session's ARN, which is the name of a person.
    pub owner: String,
    pub product: String,
    pub version: String,
    /// The ARN of its stack.
    pub stack: Option<String>,
}

/// As many as one answer holds.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_SearchProvisionedProducts.html>
const PAGE: i32 = 100;

/// Products of everybody in the account, not the caller's alone.
pub(super) fn everybody() -> AccessLevelFilter {
    AccessLevelFilter::builder()
        .key(AccessLevelFilterKey::Account)
        .value("self")
        .build()
}

/// Every provisioned product of the account.
pub(crate) async fn provisioned(session: &Session) -> Result<Vec<Provisioned>, CallError> {
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let answer = session
            .catalog
            .search_provisioned_products()
            .access_level_filter(everybody())
            .page_size(PAGE)
            .set_page_token(token)
            .send()
            .await
            .named("servicecatalog SearchProvisionedProducts", "all")?;
        for one in answer.provisioned_products() {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let user = one.user_arn_session().or_else(|| one.user_arn());
            let owner = user.and_then(|arn| arn.rsplit('/').next());
            found.push(Provisioned {
                id: text(one.id()),
                name: text(one.name()),
                owner: owner.unwrap_or("nobody named").to_owned(),
                product: text(one.product_id()),
                version: text(one.provisioning_artifact_id()),
                stack: one.physical_id().map(str::to_owned),
            });
        }
        token = answer
            .next_page_token()
            .map(str::to_owned)
            .filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(found);
        }
        session.pace.between_pages().await;
    }
}

/// The parameters of every stack of the account, by the stack's ARN. Values that CloudFormation
/// hides are left out: nothing is known of them.
pub(crate) async fn parameters(session: &Session) -> Result<BTreeMap<String, Scenario>, CallError> {
    let mut found = BTreeMap::new();
    let mut token: Option<String> = None;
    loop {
        let answer = session
            .stacks
            .describe_stacks()
            .set_next_token(token)
            .send()
            .await
            .named("cloudformation DescribeStacks", "all")?;
        for stack in answer.stacks() {
            let values = stack.parameters().iter().filter_map(|parameter| {
                let value = parameter.parameter_value()?;
                let is_hidden = !value.is_empty() && value.bytes().all(|byte| byte == b'*');
                let name = parameter.parameter_key()?;
                (!is_hidden).then(|| (name.to_owned(), value.to_owned()))
            });
            if let Some(id) = stack.stack_id() {
                found.insert(id.to_owned(), values.collect());
            }
        }
        token = answer
            .next_token()
            .map(str::to_owned)
            .filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(found);
        }
        session.pace.between_pages().await;
    }
}
