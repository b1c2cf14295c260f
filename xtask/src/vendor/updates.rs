//! What AWS's schemas of all resource types list as what replaces a resource, or may.

use serde_json::{Map, Value};

use super::wheel::Wheel;
use super::{CFN_LINT, Error};

/// For each type of the index, a name to the file of its schema: the paths of the properties that
/// replace it, and of those that may. Types that list none are left out.
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
            if !paths.is_empty() {
                lists.insert(list.to_owned(), paths.into());
            }
        }
        if !lists.is_empty() {
            all.insert(name.clone(), lists.into());
        }
    }
    Ok(all.into())
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
