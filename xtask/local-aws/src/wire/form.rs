//! The AWS query protocol: a flat form such as `Tags.member.1.Key=a` becomes a
//! JSON value, which the model of the operation then makes typed.
//! <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

use serde_json::{Map, Value};

/// Turns form fields into one JSON object; every leaf is a string.
/// The error names the field that contradicts another one.
pub(crate) fn value(fields: impl Iterator<Item = (String, String)>) -> Result<Value, String> {
    let mut root = Map::new();
    for (name, text) in fields {
        insert(&mut root, &name, &name, text)?;
    }
    Ok(Value::Object(root))
}

fn insert(
    into: &mut Map<String, Value>,
    rest: &str,
    name: &str,
    text: String,
) -> Result<(), String> {
    let (head, tail) = match rest.split_once('.') {
        Some((head, tail)) => (head, Some(tail)),
        None => (rest, None),
    };
    match tail {
        None => match into.insert(head.to_owned(), Value::String(text)) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is given twice")),
        },
        Some(tail) => {
            let inner = into
                .entry(head)
                .or_insert_with(|| Value::Object(Map::new()));
            match inner {
                Value::Object(inner) => insert(inner, tail, name, text),
                _ => Err(format!("{name} contradicts another field")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nests() {
        let fields = [
            ("StackName", "a"),
            ("Tags.member.10.Key", "j"),
            ("Tags.member.2.Key", "b"),
            ("Targets.Accounts.member.1", "1"),
        ]
        .map(|(key, text)| (key.to_owned(), text.to_owned()));
        assert_eq!(
            value(fields.into_iter()),
            Ok(json!({
                "StackName": "a",
                "Tags": {"member": {"10": {"Key": "j"}, "2": {"Key": "b"}}},
                "Targets": {"Accounts": {"member": {"1": "1"}}},
            }))
        );
    }

    #[test]
    fn names_a_field_given_twice() {
        let fields = [("A", "1"), ("A", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(value(fields.into_iter()), Err("A is given twice".into()));
    }
}
