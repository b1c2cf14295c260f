//! Whether a document certainly fits its JSON Schema.
//!
//! Nearly every file is right, and to make the validator that explains mistakes ready took 3.3 ms of
//! the 16 ms of a `check` without this room. So this room is asked first, and its yes is certain:
//! what a [`Shape`] can't hold, or can't tell of a value, is for the validator to say. A test holds
//! both together on every file that people write and on every way to spoil one.
//!
//! It holds the keywords that the schemas of people's files use, and no other.
//! <https://json-schema.org/draft/2020-12/json-schema-validation>

use super::Scalar;
use super::deserialize::plain;
use super::tree::{Content, Key, Tree};
use regex_lite::Regex;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// A schema whose every keyword is known here.
pub struct Shape {
    root: Form,
    definitions: BTreeMap<String, Form>,
}

/// What one schema asks for: all of this.
struct Form(Vec<Rule>);

/// What a keyword asks for. It asks nothing of a value of another kind than its own.
enum Rule {
    /// One of these types.
    Kinds(Vec<String>),
    /// One of these scalars.
    Values(Vec<Json>),
    /// Texts that match.
    Pattern(Regex),
    /// Characters of a text.
    Length(Limits),
    /// Whole numbers.
    Number(Limits),
    /// Items of a list.
    ItemCount(Limits),
    /// No item a second time.
    Unique,
    /// Entries of a mapping.
    EntryCount(Limits),
    /// Every item.
    Items(Form),
    /// The value of every entry.
    Entries {
        /// By key.
        known: BTreeMap<String, Form>,
        /// Those of other keys.
        others: Form,
    },
    /// Every key.
    Names(Form),
    /// Keys that must be there.
    Required(Vec<String>),
    /// One or more of these.
    AnyOf(Vec<Form>),
    /// Exactly one of these.
    OneOf(Vec<Form>),
    /// Nothing that fits this.
    Not(Form),
    /// What is defined under this name.
    Definition(String),
}

/// The least and the most that are allowed.
#[derive(Clone, Copy)]
struct Limits {
    least: i64,
    most: i64,
}

impl Shape {
    /// The shape that a schema describes; none where a part of it is unknown here.
    pub fn of(schema: &Json) -> Option<Shape> {
        let definitions = schema.get("$defs").and_then(Json::as_object);
        Some(Shape {
            root: Form::of(schema)?,
            definitions: definitions.map_or(Some(BTreeMap::new()), forms)?,
        })
    }
}

impl Form {
    fn of(schema: &Json) -> Option<Form> {
        match schema {
            Json::Bool(true) => Some(Form(Vec::new())),
            // Any of none: nothing fits.
            Json::Bool(false) => Some(Form(vec![Rule::AnyOf(Vec::new())])),
            Json::Object(keywords) => {
                let speaks = |keyword: &str| {
                    let with_properties =
                        keyword == "additionalProperties" && keywords.contains_key("properties");
                    !with_properties && !SILENT.contains(&keyword)
                };
                let rules = keywords
                    .iter()
                    .filter(|(keyword, _)| speaks(keyword))
                    .map(|(keyword, value)| rule(keyword, value, keywords));
                rules.collect::<Option<Vec<Rule>>>().map(Form)
            }
            _ => None,
        }
    }
}

/// What asks for nothing by itself, or speaks to people and editors alone.
const SILENT: [&str; 7] = [
    "$defs",
    "$schema",
    "title",
    "description",
    "default",
    "format",
    "patternErrorMessage",
];

/// The rule of a keyword, which stands in a schema beside these; none where it is unknown.
fn rule(keyword: &str, value: &Json, beside: &Map<String, Json>) -> Option<Rule> {
    Some(match keyword {
        "type" => Rule::Kinds(texts(value)?),
        "const" => Rule::Values(scalars(std::slice::from_ref(value))?),
        "enum" => Rule::Values(scalars(value.as_array()?)?),
        "pattern" => Rule::Pattern(Regex::new(value.as_str()?).ok()?),
        "minLength" | "maxLength" => Rule::Length(limits(keyword, value)?),
        "minimum" | "maximum" => Rule::Number(limits(keyword, value)?),
        "minItems" | "maxItems" => Rule::ItemCount(limits(keyword, value)?),
        "minProperties" | "maxProperties" => Rule::EntryCount(limits(keyword, value)?),
        "uniqueItems" if *value == Json::Bool(true) => Rule::Unique,
        "items" => Rule::Items(Form::of(value)?),
        "propertyNames" => Rule::Names(Form::of(value)?),
        "required" => Rule::Required(texts(value)?),
        "anyOf" => Rule::AnyOf(alternatives(value)?),
        "oneOf" => Rule::OneOf(alternatives(value)?),
        "not" => Rule::Not(Form::of(value)?),
        "$ref" => Rule::Definition(value.as_str()?.strip_prefix("#/$defs/")?.to_owned()),
        "properties" => Rule::Entries {
            known: forms(value.as_object()?)?,
            others: Form::of(
                beside
                    .get("additionalProperties")
                    .unwrap_or(&Json::Bool(true)),
            )?,
        },
        "additionalProperties" => Rule::Entries {
            known: BTreeMap::new(),
            others: Form::of(value)?,
        },
        _ => return None,
    })
}

fn alternatives(schemas: &Json) -> Option<Vec<Form>> {
    schemas.as_array()?.iter().map(Form::of).collect()
}

fn forms(schemas: &Map<String, Json>) -> Option<BTreeMap<String, Form>> {
    let forms = schemas
        .iter()
        .map(|(name, schema)| Some((name.clone(), Form::of(schema)?)));
    forms.collect()
}

/// One text, or a list of nothing but texts.
fn texts(value: &Json) -> Option<Vec<String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    match value {
        Json::Array(values) => values.iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}

/// Values that compare as themselves: no lists, no mappings, no fractions.
fn scalars(values: &[Json]) -> Option<Vec<Json>> {
    let is_scalar =
        |value: &Json| value.is_null() || value.is_boolean() || value.is_string() || value.is_i64();
    values.iter().all(is_scalar).then(|| values.to_vec())
}

fn limits(keyword: &str, value: &Json) -> Option<Limits> {
    let limit = value.as_i64()?;
    let (least, most) = match keyword.starts_with("min") {
        true => (limit, i64::MAX),
        false => (i64::MIN, limit),
    };
    Some(Limits { least, most })
}

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
            (Rule::Unique, Value::Items(items)) => {
                let mut before = BTreeSet::new();
                for item in items {
                    // Whether two that aren't texts are the same is for the validator to say.
                    let Value::Scalar(Scalar::String(text)) = item.into() else {
                        return Err(Unsure);
                    };
                    if !before.insert(text) {
                        return Ok(false);
                    }
                }
                true
            }
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
            (Rule::Not(form), _) => !self.check(form, value)?,
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
