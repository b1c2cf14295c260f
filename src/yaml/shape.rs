//! A JSON Schema made ready for [`fit`](super::fit): in a tenth of the time that a validator takes.
//!
//! It holds the keywords that the schemas of people's files use, and no other.
//! <https://json-schema.org/draft/2020-12/json-schema-validation>

use super::matching::Pattern;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// A schema whose every keyword is known here.
pub struct Shape {
    pub(super) root: Form,
    pub(super) definitions: BTreeMap<String, Form>,
}

/// What one schema asks for: all of this.
pub(super) struct Form(pub(super) Vec<Rule>);

/// What a keyword asks for. It asks nothing of a value of another kind than its own.
pub(super) enum Rule {
    /// One of these types.
    Kinds(Vec<String>),
    /// One of these scalars.
    Values(Vec<Json>),
    /// Texts that match.
    Pattern(Pattern),
    /// Characters of a text.
    Length(Limits),
    /// Whole numbers.
    Number(Limits),
    /// Items of a list.
    ItemCount(Limits),
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
    /// What is defined under this name.
    Definition(String),
}

/// The least and the most that are allowed.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) least: i64,
    pub(super) most: i64,
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
const SILENT: [&str; 6] = [
    "$defs",
    "$schema",
    "title",
    "description",
    "default",
    "format",
];

/// The rule of a keyword, which stands in a schema beside these; none where it is unknown.
fn rule(keyword: &str, value: &Json, beside: &Map<String, Json>) -> Option<Rule> {
    Some(match keyword {
        "type" => Rule::Kinds(texts(value)?),
        "const" => Rule::Values(scalars(std::slice::from_ref(value))?),
        "enum" => Rule::Values(scalars(value.as_array()?)?),
        "pattern" => Rule::Pattern(Pattern::of(value.as_str()?)?),
        "minLength" | "maxLength" => Rule::Length(limits(keyword, value)?),
        "minimum" | "maximum" => Rule::Number(limits(keyword, value)?),
        "minItems" | "maxItems" => Rule::ItemCount(limits(keyword, value)?),
        "minProperties" | "maxProperties" => Rule::EntryCount(limits(keyword, value)?),
        "items" => Rule::Items(Form::of(value)?),
        "propertyNames" => Rule::Names(Form::of(value)?),
        "required" => Rule::Required(texts(value)?),
        "anyOf" => Rule::AnyOf(alternatives(value)?),
        "oneOf" => Rule::OneOf(alternatives(value)?),
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
