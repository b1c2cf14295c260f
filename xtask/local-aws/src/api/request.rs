//! The values of a request in the types of its model. What the model doesn't have is refused by
//! name: AWS's services drop it, which hides a misspelt member until it is missed.

use super::Spelling;
use super::model::{Model, Shape, Target};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// The error says which member is unknown or of another type.
pub(super) fn fit(
    model: &Model,
    shape: &Shape,
    value: Value,
    spelling: Spelling,
) -> Result<Value, String> {
    one(model, shape, value, spelling, "")
}

fn one(
    model: &Model,
    shape: &Shape,
    value: Value,
    spelling: Spelling,
    path: &str,
) -> Result<Value, String> {
    let wrong = |value: &Value| Err(format!("{} is not a {}: {value}", name(path), shape.kind));
    match shape.kind.as_str() {
        "structure" => match value {
            Value::Object(fields) => structure(model, shape, fields, spelling, path),
            // A form sends an empty structure as an empty text.
            Value::String(text) if text.is_empty() && spelling != Spelling::Json => {
                Ok(Value::Object(Map::new()))
            }
            other => wrong(&other),
        },
        "list" => {
            let target = shape.member.as_ref();
            let items = match (value, spelling) {
                (Value::Array(items), Spelling::Json) => items,
                (Value::String(text), Spelling::Form | Spelling::Ec2) if text.is_empty() => {
                    Vec::new()
                }
                (Value::Object(fields), Spelling::Ec2) => {
                    numbered(fields, None).ok_or_else(|| format!("{} is not a list", name(path)))?
                }
                (Value::Object(fields), Spelling::Form) => {
                    let element = target.and_then(|target| target.location_name.as_deref());
                    numbered(
                        fields,
                        (!shape.flattened).then(|| element.unwrap_or("member")),
                    )
                    .ok_or_else(|| format!("{} is not a list", name(path)))?
                }
                (other, _) => return wrong(&other),
            };
            let items = items.into_iter().enumerate().map(|(index, item)| {
                let path = format!("{path}.{}", index + 1);
                used(model, target, item, spelling, &path)
            });
            items.collect()
        }
        "map" => {
            let entries = match (value, spelling) {
                (Value::Object(entries), Spelling::Json) => entries,
                (Value::Object(fields), Spelling::Form) => {
                    entries(fields).ok_or_else(|| format!("{} is not a map", name(path)))?
                }
                (other, _) => return wrong(&other),
            };
            let entries = entries.into_iter().map(|(key, value)| {
                let path = format!("{path}.{key}");
                let value = used(model, shape.value.as_ref(), value, spelling, &path)?;
                Ok((key, value))
            });
            entries.collect()
        }
        kind => match leaf(kind, &value, spelling) {
            Some(fits) => Ok(fits),
            None => wrong(&value),
        },
    }
}

fn structure(
    model: &Model,
    shape: &Shape,
    fields: Map<String, Value>,
    spelling: Spelling,
    path: &str,
) -> Result<Value, String> {
    let mut fitting = Map::new();
    for (given, value) in fields {
        let found = shape
            .members
            .iter()
            .find(|(name, target)| on_the_wire(name, target, spelling) == given);
        let Some((name, target)) = found else {
            let path = format!("{path}.{given}");
            return Err(format!(
                "the local AWS has no parameter {} of this operation",
                self::name(&path)
            ));
        };
        if !value.is_null() {
            let path = format!("{path}.{name}");
            let value = used(model, Some(target), value, spelling, &path)?;
            fitting.insert(name.clone(), value);
        }
    }
    Ok(Value::Object(fitting))
}

/// How a request names a member.
fn on_the_wire<'a>(name: &'a str, target: &'a Target, spelling: Spelling) -> Cow<'a, str> {
    let name = target.location_name.as_deref().unwrap_or(name);
    match (spelling, name.chars().next()) {
        (Spelling::Ec2, Some(first)) if first.is_lowercase() => {
            let rest = &name[first.len_utf8()..];
            Cow::Owned(format!("{}{rest}", first.to_uppercase()))
        }
        _ => Cow::Borrowed(name),
    }
}

fn used(
    model: &Model,
    target: Option<&Target>,
    value: Value,
    spelling: Spelling,
    path: &str,
) -> Result<Value, String> {
    match target.and_then(|target| model.shape(target)) {
        Some(shape) => one(model, shape, value, spelling, path),
        None => Err(format!("the model says nothing of {}", name(path))),
    }
}

fn leaf(kind: &str, value: &Value, spelling: Spelling) -> Option<Value> {
    if spelling != Spelling::Json {
        let text = value.as_str()?;
        return match kind {
            "string" => Some(value.clone()),
            "boolean" => text.parse().ok().map(Value::Bool),
            "integer" | "long" => text.parse::<i64>().ok().map(Value::from),
            "float" | "double" => text
                .parse()
                .ok()
                .and_then(Number::from_f64)
                .map(Value::Number),
            _ => None,
        };
    }
    match kind {
        "string" | "blob" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" | "long" => value.as_i64().is_some(),
        "float" | "double" => value.is_number(),
        _ => false,
    }
    .then(|| value.clone())
}

/// The items of `{"member": {"1": a, "2": b}}` in their order, or of the inner map alone.
fn numbered(mut fields: Map<String, Value>, element: Option<&str>) -> Option<Vec<Value>> {
    if let Some(element) = element {
        let inner = fields.remove(element)?;
        if !fields.is_empty() {
            return None;
        }
        fields = match inner {
            Value::Object(inner) => inner,
            _ => return None,
        };
    }
    let mut items = Vec::new();
    for (number, item) in fields {
        items.push((number.parse::<usize>().ok()?, item));
    }
    items.sort_by_key(|(number, _)| *number);
    Some(items.into_iter().map(|(_, item)| item).collect())
}

/// `{"entry": {"1": {"key": k, "value": v}}}`
fn entries(fields: Map<String, Value>) -> Option<Map<String, Value>> {
    let entries = numbered(fields, Some("entry"))?;
    let pair = |entry: Value| match entry {
        Value::Object(mut entry) => match (entry.remove("key")?, entry.remove("value")?) {
            (Value::String(key), value) => Some((key, value)),
            _ => None,
        },
        _ => None,
    };
    entries.into_iter().map(pair).collect()
}

/// A path that starts with a dot.
fn name(path: &str) -> &str {
    path.strip_prefix('.').unwrap_or("the input")
}

#[cfg(test)]
mod tests {
    use super::super::{Spelling, cloudformation, read, servicecatalog};
    use serde_json::{Value, json};

    fn json(operation: &str, input: Value) -> Result<Value, String> {
        let model = &servicecatalog::MODEL;
        read(model, operation, input, Spelling::Json, "E").map_err(|refusal| refusal.message)
    }

    fn form(operation: &str, input: Value) -> Result<Value, String> {
        let model = &cloudformation::MODEL;
        read(model, operation, input, Spelling::Form, "E").map_err(|refusal| refusal.message)
    }

    #[test]
    fn a_member_that_the_model_lacks_is_named_with_its_path() {
        let error = json("DescribePortfolio", json!({ "Id": "port-1", "Idd": "x" })).unwrap_err();
        assert!(error.contains("no parameter Idd of"), "{error}");
        let tags = json!({ "member": { "1": { "Key": "k", "Valeu": "v" } } });
        let error = form("CreateChangeSet", json!({ "Tags": tags })).unwrap_err();
        assert!(error.contains("no parameter Tags.1.Valeu of"), "{error}");
    }

    #[test]
    fn a_value_of_another_type_is_named_with_it() {
        let error = json("ListPortfolios", json!({ "PageSize": "3" })).unwrap_err();
        assert_eq!(error, "PageSize is not a integer: \"3\"");
        let error = form("CreateChangeSet", json!({ "UsePreviousTemplate": "yes" })).unwrap_err();
        assert_eq!(error, "UsePreviousTemplate is not a boolean: \"yes\"");
    }

    #[test]
    fn a_form_becomes_lists_numbers_and_flags() {
        let input = json!({
            "StackSetName": "s",
            "Accounts": { "member": { "10": "222222222222", "2": "111111111111" } },
            "Regions": { "member": { "1": "us-east-1" } },
            "RetainStacks": "false",
        });
        let expected = json!({
            "StackSetName": "s", "Accounts": ["111111111111", "222222222222"], "Regions": ["us-east-1"], "RetainStacks": false,
        });
        assert_eq!(form("DeleteStackInstances", input), Ok(expected));
    }
}
