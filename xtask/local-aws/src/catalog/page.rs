//! Pages of a listing: Service Catalog gives at most 20 items at once, or 100 of some kinds.

use super::invalid;
use crate::wire::ApiError;

/// One page and the token of the next one.
pub(super) fn page<T>(
    items: Vec<T>,
    size: Option<i64>,
    most: usize,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    // Zero is allowed and means that the service chooses. The model holds the upper bound.
    let size = size.and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| *size > 0).unwrap_or(most).min(most);
    crate::page::page(items, size, token)
        .ok_or_else(|| invalid(format!("PageToken {token:?} isn't one of ours")))
}
