//! JSON Schema's patterns, quickly for ASCII text.
//!
//! The library knows all of Unicode and takes long to be ready: five million instructions for
//! `[\p{L}\p{N}]*`. Nearly every value is ASCII, where a small engine says the same.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError, Validator};
use regex_lite::Regex;
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

/// What `\p{…}` holds of ASCII, inside a class.
const PROPERTIES: [(&str, &str); 3] = [(r"\p{L}", "A-Za-z"), (r"\p{N}", "0-9"), (r"\p{Z}", " ")];

/// The pattern made ready for ASCII text; none where the library may read it otherwise.
pub fn on_ascii(pattern: &str) -> Option<Regex> {
    let mut text = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut last = '^';
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let (length, is_common) = match next {
            '\\' => {
                let named = PROPERTIES.iter().find(|(name, _)| rest.starts_with(name));
                if let Some((name, holds)) = named.filter(|_| in_class) {
                    text.push_str(holds);
                    rest = &rest[name.len()..];
                    last = next;
                    continue;
                }
                let escaped = rest[1..].chars().next()?;
                // `\<` and `\>` are edges of words.
                let is_itself = escaped.is_ascii_punctuation() && !matches!(escaped, '<' | '>');
                (2, is_itself || matches!(escaped, 'd' | 's' | 'u' | 'w'))
            }
            '[' => {
                // Here a class holds no other: this is itself.
                text.push_str(if in_class { "\\" } else { "" });
                (1, true)
            }
            ']' => (1, !matches!(last, '[' | '^')),
            // Neither a group of a kind of its own nor a repetition of one.
            '?' | '*' | '+' | '{' if !in_class => (1, !matches!(last, '(' | '?' | '*' | '+' | '}')),
            next => (1, next.is_ascii_graphic() || next == ' '),
        };
        if !is_common {
            return None;
        }
        in_class = next == '[' || in_class && next != ']';
        last = next;
        let (piece, after) = rest.split_at(length);
        text.push_str(piece);
        rest = after;
    }
    Regex::new(&text).ok()
}

/// A pattern as a keyword of its own.
struct Pattern {
    written: String,
    on_ascii: Option<Regex>,
    /// A schema of the pattern alone, or why there can't be one.
    schema: OnceLock<Result<Validator, String>>,
}

/// The keyword that stands in the schemas here for `pattern`.
///
/// # Errors
/// None: what can't be read, the library says of each value.
pub(crate) fn keyword<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let written = value.as_str().unwrap_or_default();
    Ok(Box::new(Pattern {
        written: written.to_owned(),
        on_ascii: on_ascii(written),
        schema: OnceLock::new(),
    }))
}

impl Pattern {
    /// Whether a value fits, where that can be told without the library.
    fn fits(&self, value: &Value) -> Option<bool> {
        let Some(text) = value.as_str() else {
            return Some(true);
        };
        let regex = self.on_ascii.as_ref().filter(|_| text.is_ascii())?;
        Some(regex.is_match(text))
    }

    fn schema(&self) -> &Result<Validator, String> {
        self.schema.get_or_init(|| {
            let schema = json!({ "pattern": self.written });
            jsonschema::validator_for(&schema).map_err(|error| error.to_string())
        })
    }
}

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.fits(value) {
            Some(true) => Ok(()),
            // The library finds the words.
            _ => match self.schema() {
                Ok(schema) => schema.validate(value),
                Err(cause) => Err(ValidationError::custom(cause)),
            },
        }
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.fits(value).unwrap_or_else(|| {
            let schema = self.schema().as_ref();
            schema.is_ok_and(|schema| schema.is_valid(value))
        })
    }
}
