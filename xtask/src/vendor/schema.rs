//! A resource provider schema, cut down to what a program reads.

use serde_json::{Map, Value};

/// Keywords that only people read, or that point outside the file.
const PROSE: [&str; 9] = [
    "$comment",
    "$id",
    "$schema",
    "description",
    "documentationUrl",
    "examples",
    "resourceLink",
    "sourceUrl",
    "title",
];

/// The schema without its prose, and what was rewritten in it: AWS writes some patterns with
/// Python's `\Z` for the end of the text, which ECMA 262, the dialect of JSON Schema, lacks.
pub fn trim(schema: Value) -> (Value, Vec<String>) {
    let mut rewritten = Vec::new();
    let trimmed = subschema(schema, "", &mut rewritten);
    rewritten.sort();
    (trimmed, rewritten)
}

fn subschema(schema: Value, at: &str, rewritten: &mut Vec<String>) -> Value {
    let Value::Object(keywords) = schema else {
        return schema;
    };
    let mut kept = Map::new();
    for (keyword, value) in keywords {
        if PROSE.contains(&keyword.as_str()) {
            continue;
        }
        let at = format!("{at}/{keyword}");
        let value = match keyword.as_str() {
            // Below these, keys are names that AWS chose, not keywords.
            "properties" | "definitions" | "patternProperties" | "dependentSchemas" => {
                each(value, &at, rewritten)
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "oneOf"
            | "anyOf"
            | "allOf" => match value {
                Value::Array(_) => each(value, &at, rewritten),
                other => subschema(other, &at, rewritten),
            },
            "pattern" => pattern(value, at, rewritten),
            "handlers" => handlers(value),
            _ => value,
        };
        kept.insert(keyword, value);
    }
    Value::Object(kept)
}

fn each(value: Value, at: &str, rewritten: &mut Vec<String>) -> Value {
    match value {
        Value::Object(entries) => entries
            .into_iter()
            .map(|(name, entry)| {
                let entry = subschema(entry, &format!("{at}/{name}"), rewritten);
                (name, entry)
            })
            .collect(),
        Value::Array(entries) => entries
            .into_iter()
            .enumerate()
            .map(|(index, entry)| subschema(entry, &format!("{at}/{index}"), rewritten))
            .collect(),
        other => other,
    }
}

fn pattern(value: Value, at: String, rewritten: &mut Vec<String>) -> Value {
    let Value::String(text) = value else {
        return value;
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            // An escape is read as a pair, so that `\\Z`, a backslash and a Z, stays.
            '\\' => match chars.next() {
                Some('Z') => out.push('$'),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    if out != text {
        rewritten.push(at);
    }
    Value::String(out)
}

/// The list handler's own schema refers to files that AWS doesn't publish with it.
fn handlers(mut value: Value) -> Value {
    if let Value::Object(handlers) = &mut value {
        for handler in handlers.values_mut() {
            if let Value::Object(handler) = handler {
                handler.shift_remove("handlerSchema");
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prose_goes_and_a_property_named_like_prose_stays() {
        let (schema, _) = trim(json!({
            "typeName": "AWS::A::B",
            "description": "what it is",
            "sourceUrl": "https://example.org",
            "properties": {
                "description": {"type": "string", "description": "what it says"},
                "Rules": {"type": "array", "items": {"title": "x", "type": "string"}},
                "One": {"oneOf": [{"description": "y", "required": ["A"]}]},
            },
        }));
        assert_eq!(
            schema,
            json!({
                "typeName": "AWS::A::B",
                "properties": {
                    "description": {"type": "string"},
                    "Rules": {"type": "array", "items": {"type": "string"}},
                    "One": {"oneOf": [{"required": ["A"]}]},
                },
            })
        );
    }

    #[test]
    fn pythons_end_of_text_is_rewritten_and_recorded() {
        let (schema, rewritten) = trim(json!({
            "definitions": {"D": {"pattern": r"^a\.b\Z"}},
            "properties": {"P": {"pattern": r"^c\\Z$"}},
        }));
        assert_eq!(schema["definitions"]["D"]["pattern"], r"^a\.b$");
        assert_eq!(schema["properties"]["P"]["pattern"], r"^c\\Z$");
        assert_eq!(rewritten, ["/definitions/D/pattern"]);
    }

    #[test]
    fn handlers_keep_permissions_and_time_limits() {
        let (schema, _) = trim(json!({
            "handlers": {
                "list": {"permissions": ["s3:ListAllMyBuckets"], "handlerSchema": {"$ref": "x"}},
                "create": {"permissions": [], "timeoutInMinutes": 60},
            },
        }));
        assert_eq!(
            schema["handlers"],
            json!({
                "list": {"permissions": ["s3:ListAllMyBuckets"]},
                "create": {"permissions": [], "timeoutInMinutes": 60},
            })
        );
    }
}
