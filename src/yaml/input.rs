//! Files that people write: parsed strictly, with every mistake found, located and explained.

use super::Scalar;
use super::deserialize::plain;
use super::schema::{known, schema};
use super::tree::{Content, Location, Tree, read};
use nearest::{choice, hint};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::fmt;

/// One mistake in a file that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputError {
    /// The file, as the reader of the message would open it.
    pub file: String,
    /// Where in the file.
    pub at: Location,
    /// What is wrong, with the path of the setting.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.at, self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}

/// Reads a settings, portfolio, environment or ledger file into its type.
///
/// # Errors
/// All mistakes at once, in the order of the file: broken syntax, unknown and missing keys, wrong
/// types, values out of range.
pub fn load<T: DeserializeOwned + schemars::JsonSchema + 'static>(
    file: &str,
    text: &str,
) -> Result<T, Vec<InputError>> {
    let tree = read(text).map_err(|error| {
        vec![InputError {
            file: file.to_owned(),
            at: error.at,
            message: format!("not YAML: {}", error.message),
            hint: Some(error.hint.to_owned()),
        }]
    })?;
    let mut errors = match certainly_fits::<T>(&tree) {
        true => Vec::new(),
        false => schema_errors::<T>(file, &tree),
    };
    if errors.is_empty() {
        match T::deserialize(&tree) {
            Ok(value) => return Ok(value),
            // A rule that only the type knows, such as two lists of equal length.
            Err(error) => errors.push(InputError {
                file: file.to_owned(),
                at: error.at.unwrap_or(tree.at),
                message: error.message,
                hint: Some(
                    "write it as its JSON Schema says, which stands under generated/schemas"
                        .to_owned(),
                ),
            }),
        }
    }
    errors.sort();
    errors.dedup();
    Err(errors)
}

/// Whether nothing in the schema of `T` speaks against the document.
fn certainly_fits<T: schemars::JsonSchema + 'static>(tree: &Tree) -> bool {
    let known = known::<T>();
    known.shape.as_ref().is_some_and(|shape| shape.fits(tree))
}

fn schema_errors<T: schemars::JsonSchema + 'static>(file: &str, tree: &Tree) -> Vec<InputError> {
    let schema = schema::<T>();
    let schema = schema.as_value();
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => {
            return vec![InputError {
                file: file.to_owned(),
                at: tree.at,
                message: format!("the schema of this file is broken: {error}"),
                hint: Some("correct the type that the file is read into".to_owned()),
            }];
        }
    };
    let document = to_json(tree);
    let mut errors = Vec::new();
    for error in validator.iter_errors(&document) {
        explain(file, tree, schema, &error, &mut errors);
    }
    errors
}

fn explain(
    file: &str,
    tree: &Tree,
    schema: &Json,
    error: &jsonschema::ValidationError<'_>,
    errors: &mut Vec<InputError>,
) {
    use jsonschema::error::ValidationErrorKind as Kind;
    let pointer = error.instance_path().as_str().to_owned();
    let path: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let place = if path.is_empty() {
        "the top level".to_owned()
    } else {
        path.join(".")
    };
    let mut add = |at: Location, message: String, hint: Option<String>| {
        errors.push(InputError {
            file: file.to_owned(),
            at,
            message,
            hint,
        });
    };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = known_keys(schema, error.schema_path().as_str());
            for name in unexpected {
                let mut inner = path.clone();
                inner.push(name.clone());
                let hint = hint(name, known.iter().map(String::as_str), || {
                    format!("known here: {}", known.join(", "))
                });
                add(
                    tree.locate(&inner, true),
                    format!("unknown key `{name}` in {place}"),
                    Some(hint),
                );
            }
        }
        Kind::Required { property } => add(
            tree.locate(&path, true),
            format!("{place} lacks the key {property}"),
            Some("add it; the JSON Schema named in the file's first line describes it".to_owned()),
        ),
        Kind::Enum { options } => {
            let valid = options.as_array().into_iter().flatten();
            let text = |option: &Json| {
                option
                    .as_str()
                    .map_or_else(|| option.to_string(), str::to_owned)
            };
            let hint = Some(choice_hint(error, &valid.map(text).collect::<Vec<_>>()));
            add(tree.locate(&path, false), no_choice(&place, error), hint);
        }
        // Choices with a description each: one constant a schema.
        Kind::OneOfNotValid { .. } => {
            let choices = keyword(schema, error.schema_path().as_str())
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .filter_map(|choice| choice.get("const").and_then(Json::as_str))
                .map(str::to_owned)
                .collect::<Vec<_>>();
            if choices.is_empty() || error.instance().is_object() {
                return explain_meant(file, tree, schema, error, errors);
            }
            let hint = Some(choice_hint(error, &choices));
            add(tree.locate(&path, false), no_choice(&place, error), hint);
        }
        Kind::AnyOf { .. } => explain_meant(file, tree, schema, error, errors),
        // A key of a mapping: it stands where it stands, not where the mapping begins.
        Kind::PropertyNames { error: inner } => {
            let key = inner.instance().as_str().unwrap_or_default();
            let mut at = path.clone();
            at.push(key.to_owned());
            let words = wanted_form(schema, error.schema_path().as_str());
            let message = format!("{place}: the key {}", misfit(inner, words));
            add(
                tree.locate(&at, true),
                message,
                Some(fitting(inner.kind()).to_owned()),
            );
        }
        kind => {
            let words = wanted_form(schema, error.schema_path().as_str());
            add(
                tree.locate(&path, false),
                format!("{place}: {}", misfit(error, words)),
                Some(fitting(kind).to_owned()),
            );
        }
    }
}

/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// What a value is not, in words where the schema has words for it.
fn misfit(error: &jsonschema::ValidationError<'_>, words: Option<&str>) -> String {
    use jsonschema::error::ValidationErrorKind as Kind;
    let value = error.instance();
    let text = match value.as_str() {
        Some(text) => format!("`{text}`"),
        None => value.to_string(),
    };
    let count = text.chars().count();
    let shown: String = match count > SHOWN {
        true => text.chars().take(SHOWN).chain("…".chars()).collect(),
        false => text.clone(),
    };
    match (error.kind(), words) {
        (Kind::Pattern { .. } | Kind::Not { .. }, Some(words)) => format!("{shown} {words}"),
        (Kind::MaxLength { limit }, _) => {
            let length = value.as_str().map_or(0, |text| text.chars().count());
            format!("{shown} has {length} characters, and {limit} at most fit")
        }
        (Kind::MaxItems { limit }, _) => {
            let length = value.as_array().map_or(0, Vec::len);
            format!("{length} items, and {limit} at most fit")
        }
        _ => error.to_string().replacen(&value.to_string(), &shown, 1),
    }
}

/// The words that stand beside a pattern in the schema, or beside the list or mapping whose items
/// follow it. Editors show them too.
/// <https://github.com/redhat-developer/yaml-language-server>
fn wanted_form<'a>(schema: &'a Json, path: &str) -> Option<&'a str> {
    let (mut at, _) = path.rsplit_once('/')?;
    loop {
        let words = keyword(schema, at)?.get("patternErrorMessage");
        if let Some(words) = words.and_then(Json::as_str) {
            return Some(words);
        }
        let (above, last) = at.rsplit_once('/')?;
        let is_inner = matches!(
            last,
            "items" | "additionalProperties" | "propertyNames" | "not"
        );
        at = match is_inner {
            true => above,
            false => return None,
        };
    }
}

/// What is wrong by the one of several schemas that was probably meant.
fn explain_meant(
    file: &str,
    tree: &Tree,
    schema: &Json,
    error: &jsonschema::ValidationError<'_>,
    errors: &mut Vec<InputError>,
) {
    use jsonschema::error::ValidationErrorKind as Kind;
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else {
        return;
    };
    let here = error.instance_path().as_str();
    // Of another type, or with other keys, something else was meant; then what fits furthest down.
    let likeness = |faults: &&Vec<jsonschema::ValidationError<'static>>| {
        let is_other = |fault: &&jsonschema::ValidationError<'static>| {
            let kind = match fault.kind() {
                Kind::Type { .. } | Kind::Required { .. } | Kind::AdditionalProperties { .. } => {
                    true
                }
                // Whoever writes keys means none of the words.
                Kind::Enum { .. } | Kind::Constant { .. } => fault.instance().is_object(),
                _ => false,
            };
            kind && fault.instance_path().as_str() == here
        };
        let others = faults.iter().filter(is_other).count();
        let depth = faults
            .iter()
            .map(|fault| fault.instance_path().as_str().matches('/').count())
            .max();
        (usize::MAX - others, depth, usize::MAX - faults.len())
    };
    for fault in context.iter().max_by_key(likeness).into_iter().flatten() {
        explain(file, tree, schema, fault, errors);
    }
}

fn no_choice(place: &str, error: &jsonschema::ValidationError<'_>) -> String {
    format!("{place}: {} is none of its values", error.instance())
}

/// The next step where a value doesn't fit.
fn fitting(kind: &jsonschema::error::ValidationErrorKind) -> &'static str {
    use jsonschema::JsonType;
    use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
    match kind {
        Kind::Type {
            kind: TypeKind::Single(wanted),
        } => match wanted {
            JsonType::Integer => "write a whole number, without quotes",
            JsonType::Number => "write a number, without quotes",
            JsonType::String => "write a text; what looks like a number stands in quotes",
            JsonType::Boolean => "write `true` or `false`",
            JsonType::Array => "write a list: `[one, two]`, or a line with `- ` for each",
            JsonType::Object => {
                "write keys with their values: `{ key: value }`, or a line for each"
            }
            JsonType::Null => "leave it out",
        },
        Kind::Pattern { .. } | Kind::Format { .. } | Kind::Not { .. } => {
            "write it in that form; the JSON Schema named in the file's first line describes it"
        }
        Kind::Minimum { .. }
        | Kind::Maximum { .. }
        | Kind::ExclusiveMinimum { .. }
        | Kind::ExclusiveMaximum { .. } => "choose a number within these bounds",
        _ => "the JSON Schema named in the file's first line says what fits here",
    }
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn choice_hint(error: &jsonschema::ValidationError<'_>, valid: &[String]) -> String {
    match error.instance().as_str() {
        Some(wrong) => choice(wrong, valid.iter().map(String::as_str)),
        // Near a number or a truth value is nothing.
        None => format!("one of: {}", valid.join(", ")),
    }
}

/// The property names that stand beside the `additionalProperties` keyword at `keyword_path`.
fn known_keys(schema: &Json, keyword_path: &str) -> Vec<String> {
    keyword(
        schema,
        keyword_path.trim_end_matches("/additionalProperties"),
    )
    .and_then(|at| at.get("properties"))
    .and_then(Json::as_object)
    .map(|properties| properties.keys().cloned().collect())
    .unwrap_or_default()
}

/// What stands in the schema at the path of a keyword, references followed on the way.
fn keyword<'a>(schema: &'a Json, path: &str) -> Option<&'a Json> {
    let mut at = schema;
    for segment in path.split('/').skip(1).map(unescape) {
        at = match at {
            Json::Array(items) => items.get(segment.parse::<usize>().ok()?)?,
            _ => at.get(&segment)?,
        };
        while let Some(target) = at.get("$ref").and_then(Json::as_str) {
            match schema.pointer(target.trim_start_matches('#')) {
                Some(target) if target != at => at = target,
                _ => break,
            }
        }
    }
    Some(at)
}

/// The plain JSON value of a document, tags ignored.
fn to_json(tree: &Tree) -> Json {
    match &tree.content {
        Content::Scalar { text, plain: false } => Json::String(text.clone()),
        Content::Scalar { text, plain: true } => match plain(text) {
            Scalar::Null => Json::Null,
            Scalar::Bool(value) => Json::Bool(value),
            Scalar::Integer(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::String(text) | Scalar::Ambiguous(text) => text.into(),
        },
        Content::Sequence(items) => Json::Array(items.iter().map(to_json).collect()),
        Content::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| (key.text.clone(), to_json(value)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    #[allow(dead_code, reason = "only its shape matters here")]
    struct Settings {
        volume: Volume,
        types: Vec<String>,
    }

    #[derive(Debug, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    #[allow(dead_code, reason = "only its shape matters here")]
    struct Volume {
        smallest_gib: u32,
        largest_gib: u32,
    }

    #[test]
    fn what_the_schema_refuses_is_refused_although_the_type_would_take_it() {
        #[derive(Debug, Deserialize, schemars::JsonSchema)]
        #[allow(dead_code, reason = "only its schema matters here")]
        struct Size {
            #[schemars(range(min = 30))]
            least: u32,
        }
        let errors = load::<Size>("size.yaml", "least: 10\n").unwrap_err();
        assert_eq!(errors[0].at.line, 1);
        assert!(
            errors[0].message.contains("least: 10 is less than"),
            "{errors:?}"
        );
        load::<Size>("size.yaml", "least: 30\n").unwrap();
    }

    #[test]
    fn finds_every_mistake_with_line_column_and_nearest_name() {
        let text = "volume:\n  smalestGib: 8\n  largestGib: big\ntypes: [a]\ntype: b\n";
        let errors = load::<Settings>("settings.yaml", text).unwrap_err();
        let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 4, "{shown:#?}");
        assert!(
            shown[0].starts_with("settings.yaml:1:1: volume lacks the key"),
            "{}",
            shown[0]
        );
        assert_eq!(
            shown[1],
            "settings.yaml:2:3: unknown key `smalestGib` in volume\n  hint: did you mean `smallestGib`?"
        );
        assert!(
            shown[2].starts_with("settings.yaml:3:15: volume.largestGib: "),
            "{}",
            shown[2]
        );
        assert_eq!(
            shown[3],
            "settings.yaml:5:1: unknown key `type` in the top level\n  hint: did you mean `types`?"
        );
    }
}
