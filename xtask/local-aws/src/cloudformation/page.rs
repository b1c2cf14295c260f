//! Pages of a listing: a hundred items at once, as CloudFormation gives them.

use super::invalid;
use crate::wire::Refusal;

const SIZE: usize = 100;

/// One page and the token of the next one.
pub(super) fn page<T>(
    items: Vec<T>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let start: usize = match token {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| invalid(format!("NextToken {token:?} isn't one of ours")))?,
    };
    let end = start.saturating_add(SIZE);
    let next = (end < items.len()).then(|| format!("page-{end}"));
    Ok((items.into_iter().skip(start).take(SIZE).collect(), next))
}
