//! Pages of a listing: Service Catalog gives at most 20 items at once, or 100 of some kinds.

use super::invalid;
use crate::wire::ApiError;

/// One page and the token of the next one.
pub(super) fn page<T>(
    items: Vec<T>,
    size: Option<usize>,
    most: usize,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = size.unwrap_or(most);
    if size > most {
        return Err(ApiError::new(
            400,
            "ValidationException",
            format!(
                "Value '{size}' at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to {most}"
            ),
        ));
    }
    // Zero is allowed and means that the service chooses.
    let size = if size == 0 { most } else { size };
    crate::page::page(items, size, token)
        .ok_or_else(|| invalid(format!("PageToken {token:?} isn't one of ours")))
}
