//! Further lines in files that people write, with everything else in them as it was.

use super::names;
use compute_catalog::product::Key;

/// The text with an item at the end of the block list under a key of the top level. A list that
/// stands in brackets on the key's own line and is empty becomes a block.
///
/// # Errors
/// The key isn't there, or its list is one that only a person can add to.
pub fn item_under(text: &str, key: &str, item: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let head = format!("{key}:");
    let is_head = |line: &String| line.starts_with(&head);
    let Some(at) = lines.iter().position(is_head) else {
        return Err(format!("there is no `{key}` at the top level"));
    };
    let after = lines.get(at).map(|line| line[head.len()..].trim());
    match after {
        Some("[]") => {
            if let Some(line) = lines.get_mut(at) {
                *line = head;
            }
        }
        Some(rest) if rest.is_empty() || rest.starts_with('#') => {}
        _ => return Err(format!("the list of `{key}` doesn't stand an item a line")),
    }
    let is_within = |line: &String| line.starts_with([' ', '-']) && !line.trim().is_empty();
    let length = lines.iter().skip(at + 1).take_while(|line| is_within(line));
    let end = at + 1 + length.count();
    let indent = lines
        .get(at + 1)
        .filter(|line| is_within(line))
        .map_or(2, |line| line.len() - line.trim_start().len());
    let item = item
        .lines()
        .map(|line| format!("{}{line}", " ".repeat(indent)));
    lines.splice(end..end, item);
    Ok(lines.join("\n") + "\n")
}

/// The list of products with one more: its module, and its place in the order of keys.
///
/// # Errors
/// The file has no `vec![…]` of products, an item a line.
pub fn product_in(text: &str, key: &Key) -> Result<String, String> {
    let (module, model) = (names::module(key), names::model(key));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let missing = || "it has no `vec![` with a product a line".to_owned();
    let start = lines
        .iter()
        .position(|line| line.trim() == "vec![")
        .ok_or_else(missing)?;
    let length = lines
        .iter()
        .skip(start + 1)
        .position(|line| line.trim() == "]")
        .ok_or_else(missing)?;
    let new = format!("        Box::new(Typed::<{module}::{model}>::new()),");
    let place = lines
        .iter()
        .skip(start + 1)
        .take(length)
        .position(|line| line.as_str() > new.as_str())
        .unwrap_or(length);
    lines.insert(start + 1 + place, new);
    // After the comment that opens the file, or before the first other module that comes later.
    let path = format!("#[path = \"{key}/mod.rs\"]");
    let later = |line: &String| line.starts_with("#[path = ") && line.as_str() > path.as_str();
    let last = lines
        .iter()
        .rposition(|line| line.starts_with("#[path = "))
        .map(|at| at + 2);
    let opening = lines.iter().position(|line| !line.starts_with("//!"));
    let (at, blank) = match (lines.iter().position(later), last, opening) {
        (Some(at), _, _) | (None, Some(at), _) => (at, false),
        (None, None, at) => (at.map_or(0, |at| at + 1), true),
    };
    let module = [path, format!("pub mod {module};")];
    lines.splice(at..at, module.into_iter().chain(blank.then(String::new)));
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_goes_to_the_end_of_its_list() {
        let item = "- { product: b }";
        for (before, after) in [
            ("a: 1\nproducts:\n", "a: 1\nproducts:\n  - { product: b }\n"),
            (
                "products: []\nz: 1\n",
                "products:\n  - { product: b }\nz: 1\n",
            ),
            (
                "products: # ours\n- product: a\n  x: 1\n\n# end\nz: []\n",
                "products: # ours\n- product: a\n  x: 1\n- { product: b }\n\n# end\nz: []\n",
            ),
            (
                "products:\n    - product: a\n",
                "products:\n    - product: a\n    - { product: b }\n",
            ),
        ] {
            assert_eq!(item_under(before, "products", item).unwrap(), after);
        }
        assert!(item_under("product: []\n", "products", item).is_err());
        assert!(item_under("products: [{ product: a }]\n", "products", item).is_err());
    }

    #[test]
    fn a_product_finds_its_place_in_the_list() {
        let empty = "//! Ours.\n\nuse x::y;\n\npub fn all() -> V {\n    vec![\n    ]\n}\n";
        let one = product_in(empty, &Key::constant("team-b")).unwrap();
        assert_eq!(
            one,
            "//! Ours.\n\n#[path = \"team-b/mod.rs\"]\npub mod team_b;\n\nuse x::y;\n\npub fn all() -> V {\n    vec![\n        Box::new(Typed::<team_b::TeamB>::new()),\n    ]\n}\n"
        );
        let two = product_in(&one, &Key::constant("team-c")).unwrap();
        let three = product_in(&two, &Key::constant("team-a")).unwrap();
        let order: Vec<&str> = three
            .lines()
            .filter(|line| line.contains("mod ") || line.contains("Typed"))
            .map(str::trim)
            .collect();
        assert_eq!(
            order,
            [
                "pub mod team_a;",
                "pub mod team_b;",
                "pub mod team_c;",
                "Box::new(Typed::<team_a::TeamA>::new()),",
                "Box::new(Typed::<team_b::TeamB>::new()),",
                "Box::new(Typed::<team_c::TeamC>::new()),",
            ]
        );
        assert!(product_in("fn all() {}", &Key::constant("a")).is_err());
    }
}
