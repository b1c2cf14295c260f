//! What AWS's schemas of all resource types list as what replaces a resource, or may, and what they know
//! one by, where the template gives it.

use serde_json::{Map, Value};

use super::wheel::Wheel;
use super::{CFN_LINT, Error};

/// For each type of the index, a name to the file of its schema: the paths of the properties that
/// replace it, of those that may, and of those that are its primary identifier, where the template gives
/// all of these and CloudFormation makes it by a handler. Types that list none are left out.
///
/// # Errors
/// A schema that the package lacks, or that lists something else than properties.
pub fn select(index: &Value, cfn_lint: &mut Wheel) -> Result<Value, Error> {
    let mut all = Map::new();
    for (name, stem) in index.as_object().into_iter().flatten() {
        let stem = stem.as_str().unwrap_or_default();
        let path = format!("cfnlint/data/schemas/resources/{stem}.json");
        let schema = cfn_lint.json(&path)?;
        let mut lists = Map::new();
        for (key, list) in [
            ("createOnlyProperties", "replaces"),
            ("conditionalCreateOnlyProperties", "mayReplace"),
        ] {
            let paths = listed(&schema, key, &path)?;
            if !paths.is_empty() {
                lists.insert(list.to_owned(), paths.into());
            }
        }
        let identifier = identifier(&schema, &path)?;
        if !identifier.is_empty() {
            lists.insert("identifier".to_owned(), identifier.into());
        }
        if !lists.is_empty() {
            all.insert(name.clone(), lists.into());
        }
    }
    Ok(all.into())
}

/// The paths of properties that a schema lists under a key, sorted.
fn listed(schema: &Value, key: &str, path: &str) -> Result<Vec<String>, Error> {
    let listed = schema.get(key).and_then(Value::as_array);
    let mut paths = Vec::new();
    for entry in listed.into_iter().flatten() {
        let path = entry.as_str().and_then(property_path).ok_or_else(|| {
            Error::new(format!(
                "{path} of {CFN_LINT} lists {entry} among {key}, which is no path of a property"
            ))
        })?;
        paths.push(path);
    }
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The primary identifier, where the template gives all of it: of what AWS makes up a part, there can be
/// several that are else alike. What has no handler keeps to no contract about what is there already.
fn identifier(schema: &Value, path: &str) -> Result<Vec<String>, Error> {
    let is_handled = schema.pointer("/handlers/create").is_some();
    let identifier = listed(schema, "primaryIdentifier", path)?;
    let made_up = schema.get("readOnlyProperties").and_then(Value::as_array);
    let made_up: Vec<String> = made_up
        .into_iter()
        .flatten()
        .filter_map(|entry| property_path(entry.as_str()?))
        .collect();
    let is_given = |own: &String| {
        let above = |other: &String| *own == *other || own.starts_with(&format!("{other}/"));
        !made_up.iter().any(above)
    };
    Ok(match is_handled && identifier.iter().all(is_given) {
        true => identifier,
        false => Vec::new(),
    })
}

/// `/properties/A/properties/B`, or `/properties/A/B` as some write it, as `A/B`; below a list: `A/*/B`.
fn property_path(pointer: &str) -> Option<String> {
    let names: Vec<&str> = pointer
        .strip_prefix("/properties/")?
        .split('/')
        .filter(|name| *name != "properties")
        .map(|name| if name == "items" { "*" } else { name })
        .collect();
    let is_path = names.iter().all(|name| !name.is_empty());
    is_path.then(|| names.join("/"))
}
