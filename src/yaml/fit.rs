//! Whether a document certainly fits its JSON Schema.
//!
//! Nearly every file is right, and the validator that explains mistakes takes longer to make ready
//! than everything else that is done with a file. So this room is asked first, and its yes is
//! certain: what a [`Shape`] can't hold, or can't tell of a value, is for the validator to say.

use super::Scalar;
use super::deserialize::plain;
use super::shape::{Form, Limits, Rule, Shape};
use super::tree::{Content, Key, Tree};
use serde_json::Value as Json;

/// What can't be told here.
struct Unsure;

/// A value of a document, as the schema sees it.
#[derive(Clone, Copy)]
enum Value<'a> {
    Scalar(Scalar<'a>),
    Items(&'a [Tree]),
    Entries(&'a [(Key, Tree)]),
}

impl<'a> From<&'a Tree> for Value<'a> {
    fn from(tree: &'a Tree) -> Self {
        match &tree.content {
            Content::Scalar { text, plain: false } => Value::Scalar(Scalar::String(text)),
            Content::Scalar { text, plain: true } => Value::Scalar(plain(text)),
            Content::Sequence(items) => Value::Items(items),
            Content::Mapping(entries) => Value::Entries(entries),
        }
    }
}

impl Shape {
    /// Whether the document certainly fits.
    pub fn fits(&self, document: &Tree) -> bool {
        matches!(self.check(&self.root, document.into()), Ok(true))
    }

    fn check(&self, form: &Form, value: Value<'_>) -> Result<bool, Unsure> {
        for rule in &form.0 {
            if !self.holds(rule, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a rule holds. One that speaks of another kind of value always does.
    fn holds(&self, rule: &Rule, value: Value<'_>) -> Result<bool, Unsure> {
        Ok(match (rule, value) {
            (Rule::Kinds(kinds), _) => kinds.iter().any(|kind| is(kind, value)),
            (Rule::Values(_), Value::Scalar(Scalar::Float(_))) => return Err(Unsure),
            (Rule::Values(values), _) => values.iter().any(|known| equals(known, value)),
            (Rule::Pattern(pattern), Value::Scalar(Scalar::String(text))) => {
                // Beyond ASCII, what a class holds differs between dialects.
                match text.is_ascii() {
                    true => pattern.is_match(text),
                    false => return Err(Unsure),
                }
            }
            (Rule::Length(limits), Value::Scalar(Scalar::String(text))) => {
                limits.hold(text.chars().count())
            }
            (Rule::Number(limits), Value::Scalar(Scalar::Integer(number))) => limits.allow(number),
            (Rule::Number(_), Value::Scalar(Scalar::Float(_))) => return Err(Unsure),
            (Rule::ItemCount(limits), Value::Items(items)) => limits.hold(items.len()),
            (Rule::EntryCount(limits), Value::Entries(entries)) => limits.hold(entries.len()),
            (Rule::Items(form), Value::Items(items)) => {
                return all(items, |item| self.check(form, item.into()));
            }
            (Rule::Entries { known, others }, Value::Entries(entries)) => {
                return all(entries, |(key, value)| {
                    self.check(known.get(&key.text).unwrap_or(others), value.into())
                });
            }
            (Rule::Names(form), Value::Entries(entries)) => {
                return all(entries, |(key, _)| {
                    self.check(form, Value::Scalar(Scalar::String(&key.text)))
                });
            }
            (Rule::Required(keys), Value::Entries(entries)) => keys
                .iter()
                .all(|key| entries.iter().any(|(name, _)| name.text == *key)),
            (Rule::AnyOf(forms), _) => self.fitting(forms, value)? > 0,
            (Rule::OneOf(forms), _) => self.fitting(forms, value)? == 1,
            (Rule::Definition(name), _) => {
                let form = self.definitions.get(name).ok_or(Unsure)?;
                self.check(form, value)?
            }
            _ => true,
        })
    }

    fn fitting(&self, forms: &[Form], value: Value<'_>) -> Result<usize, Unsure> {
        let mut fitting = 0;
        for form in forms {
            fitting += usize::from(self.check(form, value)?);
        }
        Ok(fitting)
    }
}

fn all<T>(all: &[T], check: impl Fn(&T) -> Result<bool, Unsure>) -> Result<bool, Unsure> {
    for one in all {
        if !check(one)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is(kind: &str, value: Value<'_>) -> bool {
    match value {
        Value::Scalar(Scalar::Null) => kind == "null",
        Value::Scalar(Scalar::Bool(_)) => kind == "boolean",
        Value::Scalar(Scalar::Integer(_)) => matches!(kind, "integer" | "number"),
        Value::Scalar(Scalar::Float(number)) => {
            kind == "number" || kind == "integer" && number.fract() == 0.0
        }
        Value::Scalar(Scalar::String(_) | Scalar::Ambiguous(_)) => kind == "string",
        Value::Items(_) => kind == "array",
        Value::Entries(_) => kind == "object",
    }
}

fn equals(known: &Json, value: Value<'_>) -> bool {
    match value {
        Value::Scalar(Scalar::Null) => known.is_null(),
        Value::Scalar(Scalar::Bool(value)) => known.as_bool() == Some(value),
        Value::Scalar(Scalar::Integer(value)) => known.as_i64() == Some(value),
        Value::Scalar(Scalar::String(text)) => known.as_str() == Some(text),
        _ => false,
    }
}

impl Limits {
    fn hold(self, count: usize) -> bool {
        i64::try_from(count).is_ok_and(|count| self.allow(count))
    }

    fn allow(self, number: i64) -> bool {
        (self.least..=self.most).contains(&number)
    }
}
