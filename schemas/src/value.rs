//! Values as CloudFormation reads and compares them, and as messages show them.

use nearest::nearest;
use serde_json::Value;

/// Whether a value is of a type, as CloudFormation reads it.
pub(crate) fn is_of(kind: &str, value: &Value) -> bool {
    match (kind, value) {
        ("object", Value::Object(_)) | ("array", Value::Array(_)) | ("null", Value::Null) => true,
        // CloudFormation writes a number where text is wanted, and reads it where a number is.
        ("string", value) => value.is_string() || value.is_number() || value.is_boolean(),
        ("integer", Value::Number(number)) => {
            number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        ("integer", Value::String(text)) => text.parse::<i64>().is_ok(),
        ("number", value) => {
            value.is_number() || value.as_str().is_some_and(|t| t.parse::<f64>().is_ok())
        }
        ("boolean", Value::Bool(_)) => true,
        ("boolean", Value::String(text)) => {
            matches!(text.as_str(), "true" | "false" | "True" | "False")
        }
        _ => false,
    }
}

/// A type in words.
pub(crate) fn words(kind: &str) -> &str {
    match kind {
        "object" => "a map",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    }
}

/// A scalar as text.
pub(crate) fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a value is one of these, or this one, as CloudFormation compares: by their texts.
pub(crate) fn is_one_of(wanted: &Value, value: &Value) -> bool {
    let is = |option: &Value| match (option, value) {
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
            option == value
        }
        _ => scalar_text(option) == scalar_text(value),
    };
    match wanted {
        Value::Array(options) => options.iter().any(is),
        one => is(one),
    }
}

/// That a value is none of the choices: all where they are few, the nearest otherwise.
pub(crate) fn choices(wanted: &Value, text: &str) -> String {
    /// No reader looks through more.
    const FEW: usize = 12;
    let options: Vec<String> = match wanted {
        Value::Array(options) => options.iter().map(scalar_text).collect(),
        one => vec![scalar_text(one)],
    };
    let near = nearest(text, options.iter().map(String::as_str));
    let text = short(text);
    match (near, options.as_slice()) {
        (Some(near), _) => format!("`{text}` can't stand here; did you mean `{near}`?"),
        (None, [one]) => format!("`{text}` can't stand here: it is `{one}`"),
        (None, few) if few.len() <= FEW => {
            format!(
                "`{text}` can't stand here: it is one of `{}`",
                few.join("`, `")
            )
        }
        (None, many) => format!(
            "`{text}` is none of the {} values that can stand here",
            many.len()
        ),
    }
}

/// A value for a message.
pub(crate) fn shown(value: &Value) -> String {
    format!("`{}`", short(&scalar_text(value)))
}

/// The beginning of a text that is long.
pub(crate) fn short(text: &str) -> String {
    /// More says no more to a reader.
    const LONG: usize = 60;
    let line: String = text
        .chars()
        .take(LONG)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match text.chars().count() > LONG {
        true => format!("{line}…"),
        false => line,
    }
}
