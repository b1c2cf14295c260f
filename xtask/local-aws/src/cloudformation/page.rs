//! Pages of a listing: a hundred items at once, as CloudFormation gives them.

use super::invalid;
use crate::wire::ApiError;

const SIZE: usize = 100;

/// One page and the token of the next one.
pub(super) fn page<T>(
    items: Vec<T>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    crate::page::page(items, SIZE, token)
        .ok_or_else(|| invalid(format!("NextToken {token:?} isn't one of ours")))
}
