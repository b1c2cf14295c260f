//! Field types that read the same from JSON and from a form, where every leaf is text.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// A tag of a bucket, an object, a product, a portfolio, or a stack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Tag {
    pub key: String,
    pub value: String,
}

/// A boolean, or the text `true` or `false`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Flag(bool),
        Text(String),
    }
    match Option::<Either>::deserialize(from)? {
        None => Ok(None),
        Some(Either::Flag(flag)) => Ok(Some(flag)),
        Some(Either::Text(text)) => match text.as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(D::Error::custom(format!("{text:?} is not true or false"))),
        },
    }
}

/// A whole number, or its text.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(usize),
        Text(String),
    }
    match Option::<Either>::deserialize(from)? {
        None => Ok(None),
        Some(Either::Number(number)) => Ok(Some(number)),
        Some(Either::Text(text)) => text
            .parse()
            .map(Some)
            .map_err(|_| D::Error::custom(format!("{text:?} is not a whole number"))),
    }
}

/// A list; a form sends an empty one as an empty text.
pub(crate) fn list<'de, T, D>(from: D) -> Result<Vec<T>, D::Error>
where
    T: serde::de::DeserializeOwned,
    D: Deserializer<'de>,
{
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) if text.is_empty() => Ok(Vec::new()),
        serde_json::Value::Null => Ok(Vec::new()),
        value => serde_json::from_value(value).map_err(D::Error::custom),
    }
}
