//! The models of AWS's own services, cut to the operations that the local AWS serves: what each
//! takes and answers, member by member, with the constraints on them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Error;
use super::served::Served;
use super::wheel::Wheel;

/// The model of a service with these operations, and the path in botocore that it comes from.
///
/// # Errors
/// A service or an operation that botocore lacks.
pub fn select(
    botocore: &mut Wheel,
    service: &str,
    operations: &[Served<'_>],
) -> Result<(Value, String), Error> {
    // A folder for each version of the interface, by its date: the newest is the service's.
    let folder = format!("botocore/data/{service}/");
    let models = botocore.files().filter(|path| {
        let version = path.strip_prefix(&folder);
        version.is_some_and(|rest| rest.ends_with("/service-2.json.gz"))
    });
    let path = models.max().ok_or_else(|| {
        Error::new(format!("operations.txt: botocore has no service {service}"))
            .hint("the names are those of the folders below botocore/data")
    })?;
    let model = botocore.json(&path)?;
    Ok((cut(&model, service, operations)?, path))
}

/// What these operations need of a model, without what is written for people.
fn cut(model: &Value, service: &str, operations: &[Served<'_>]) -> Result<Value, Error> {
    let mut kept = Map::new();
    let mut unknown = Vec::new();
    let mut unserved: BTreeMap<&str, &[&str]> = BTreeMap::new();
    for (name, without) in operations {
        match model["operations"].get(name) {
            Some(operation) => {
                kept.insert((*name).to_owned(), operation.clone());
                let input = operation["input"]["shape"].as_str().unwrap_or_default();
                let members = &model["shapes"][input]["members"];
                unknown.extend(without.iter().filter(|one| members.get(**one).is_none()));
                unserved.insert(input, without);
            }
            None => unknown.push(*name),
        }
    }
    if !unknown.is_empty() {
        return Err(Error::new(format!(
            "operations.txt: {service} has no operation or parameter {}",
            unknown.join(", ")
        )));
    }
    for operation in kept.values_mut() {
        if let Some(operation) = operation.as_object_mut() {
            operation.retain(|name, _| matches!(name.as_str(), "http" | "input" | "output"));
        }
    }
    let mut shapes = Map::new();
    let mut wanted = BTreeSet::new();
    kept.values().for_each(|one| named(one, &mut wanted));
    while let Some(name) = wanted.pop_first() {
        let mut shape = model["shapes"][&name].clone();
        without_texts(&mut shape);
        let unserved = unserved.get(name.as_str()).copied().unwrap_or_default();
        let members = shape.get_mut("members").and_then(Value::as_object_mut);
        if let Some(members) = members {
            members.retain(|member, _| !unserved.contains(&member.as_str()));
        }
        named(&shape, &mut wanted);
        shapes.insert(name, shape);
        wanted.retain(|name| !shapes.contains_key(name));
    }
    let mut metadata = Map::new();
    for name in ["apiVersion", "protocols", "targetPrefix", "xmlNamespace"] {
        if let Some(value) = model["metadata"].get(name) {
            metadata.insert(name.to_owned(), value.clone());
        }
    }
    let parts = [
        ("metadata", metadata),
        ("operations", kept),
        ("shapes", shapes),
    ];
    let parts = parts.map(|(name, part)| (name.to_owned(), Value::Object(part)));
    Ok(Value::Object(parts.into_iter().collect()))
}

/// The shapes that a value names.
fn named(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(shape) if name == "shape" => {
                        names.insert(shape.to_owned());
                    }
                    _ => named(field, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, names)),
        _ => {}
    }
}

/// Leaves out documentation; a member of that name is a structure, not a text.
fn without_texts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, field| {
                let of_people = matches!(name.as_str(), "documentation" | "deprecatedMessage");
                !(of_people && field.is_string())
            });
            fields.values_mut().for_each(without_texts);
        }
        Value::Array(items) => items.iter_mut().for_each(without_texts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_operations_reach_is_kept_and_nothing_else() {
        let model = json!({
            "metadata": { "apiVersion": "1", "uid": "x" },
            "operations": {
                "Get": { "http": { "method": "GET" }, "input": { "shape": "In" }, "documentation": "t" },
                "Put": { "input": { "shape": "Other" } },
            },
            "shapes": {
                "In": { "type": "structure", "members": {
                    "documentation": { "shape": "Text", "documentation": "t" },
                    "Extra": { "shape": "Other" },
                } },
                "Text": { "type": "string", "documentation": "t", "min": 1 },
                "Other": { "type": "string" },
            },
        });
        let shapes = json!({
            "In": { "type": "structure", "members": { "documentation": { "shape": "Text" } } },
            "Text": { "type": "string", "min": 1 },
        });
        let operations =
            json!({ "Get": { "http": { "method": "GET" }, "input": { "shape": "In" } } });
        assert_eq!(
            cut(&model, "x", &[("Get", vec!["Extra"])]).unwrap(),
            json!({ "metadata": { "apiVersion": "1" }, "operations": operations, "shapes": shapes })
        );
        for (served, unknown) in [(("Gut", vec![]), "Gut"), (("Get", vec!["Exta"]), "Exta")] {
            let error = cut(&model, "x", &[served]).unwrap_err().to_string();
            let told = format!("x has no operation or parameter {unknown}");
            assert!(error.contains(&told), "{error}");
        }
    }
}
