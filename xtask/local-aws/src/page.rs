//! Pages of a listing.

/// At most `size` of the items and the token of the next page; nothing where the token isn't ours.
pub(crate) fn page<T>(
    items: Vec<T>,
    size: usize,
    token: Option<&str>,
) -> Option<(Vec<T>, Option<String>)> {
    let start: usize = match token {
        None => 0,
        Some(token) => token.strip_prefix("page-")?.parse().ok()?,
    };
    let end = start.saturating_add(size);
    let next = (end < items.len()).then(|| format!("page-{end}"));
    Some((items.into_iter().skip(start).take(size).collect(), next))
}
