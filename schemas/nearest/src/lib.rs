//! The valid name that a misspelt one was meant to be: everything that refuses a name says it.

/// The name among `valid` that is closest to `wrong`, when it is close enough to be meant.
pub fn nearest<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let most = |name: &str| 1 + wrong.len().max(name.len()) / 4;
    valid
        .into_iter()
        // What is longer or shorter by more can't be near, and needn't be compared.
        .filter(|name| wrong.len().abs_diff(name.len()) <= most(name))
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= most(name))
        .min()
        .map(|(_, name)| name)
}

/// The next step of whoever wrote `wrong`: the nearest of the valid names, or else what there is to do.
pub fn hint<'a>(
    wrong: &str,
    valid: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    nearest(wrong, valid).map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}

/// The same where the valid names are few enough to be listed.
pub fn choice<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let valid: Vec<&str> = valid.into_iter().collect();
    hint(wrong, valid.iter().copied(), || match valid.is_empty() {
        true => "there is none".to_owned(),
        false => format!("one of: {}", valid.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_told_and_what_is_too_far_is_not() {
        let valid = ["products", "portfolios", "exports"];
        assert_eq!(nearest("prodcuts", valid), Some("products"));
        assert_eq!(nearest("Export", valid), Some("exports"));
        assert_eq!(nearest("region", valid), None);
        assert_eq!(choice("prodcuts", valid), "did you mean `products`?");
        let all = "one of: products, portfolios, exports";
        assert_eq!(choice("region", valid), all);
        assert_eq!(choice("region", []), "there is none");
        assert_eq!(
            hint("region", valid, || "leave it out".to_owned()),
            "leave it out"
        );
    }
}
