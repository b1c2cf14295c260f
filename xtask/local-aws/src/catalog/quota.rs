//! Service Catalog's default quotas for an account and region.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>

use crate::wire::ApiError;

pub(super) const PRODUCTS: usize = 350;
pub(super) const VERSIONS_OF_PRODUCT: usize = 100;
pub(super) const PORTFOLIOS: usize = 100;
pub(super) const PRODUCTS_OF_PORTFOLIO: usize = 150;
pub(super) const CONSTRAINTS_OF_PAIR: usize = 100;
pub(super) const PRINCIPALS_OF_PORTFOLIO: usize = 100;
pub(super) const PATTERNS_OF_PORTFOLIO: usize = 10;
pub(super) const TAG_OPTIONS_OF_RESOURCE: usize = 25;
pub(super) const VALUES_OF_TAG_OPTION_KEY: usize = 25;
pub(super) const ACTIONS: usize = 200;
pub(super) const ACTIONS_OF_VERSION: usize = 25;
pub(super) const SHARES_OF_PORTFOLIO: usize = 5000;

/// Refuses one more where the quota is used up.
pub(super) fn check(what: &str, have: usize, quota: usize) -> Result<(), ApiError> {
    if have < quota {
        Ok(())
    } else {
        Err(ApiError::new(
            400,
            "LimitExceededException",
            format!("the quota of {quota} {what} is used up"),
        ))
    }
}
