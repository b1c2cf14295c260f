//! JSON Schema as AWS's schemas use it, with the keywords that cfn-lint adds, on values in which
//! functions remain.
//!
//! A function is whatever it will be: nothing is said of it. CloudFormation takes `"80"` for 80 and
//! `"true"` for true, and so does this.

mod list;
mod object;
mod scalar;

use crate::Fault;
use crate::schema::named;
use crate::value::{is_of, short, shown, words};
use serde_json::{Map, Value};

/// The keywords that the engine answers.
#[cfg(test)]
pub(crate) const KEYWORDS: [&str; 41] = [
    "$ref",
    "type",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "required",
    "requiredXor",
    "requiredOr",
    "dependentRequired",
    "dependentExcluded",
    "dependencies",
    "minProperties",
    "maxProperties",
    "enum",
    "const",
    "enumCaseInsensitive",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "format",
    "items",
    "prefixItems",
    "contains",
    "minItems",
    "maxItems",
    "maxUniqueItems",
    "uniqueItems",
    "uniqueKeys",
    "notAbove",
    "productAtMost",
];

/// Whether a value is as a schema says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It is.
    Yes,
    /// It isn't.
    No,
    /// That depends on what a function will be.
    Unknown,
}

impl Truth {
    fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            _ => Truth::Yes,
        }
    }
}

/// A value under a schema.
pub(crate) struct Engine {
    /// The document in which references are looked for.
    document: &'static Value,
    /// Its name.
    name: &'static str,
    /// The keyword that is looked at.
    keyword: &'static str,
    /// What is wrong so far.
    pub faults: Vec<Fault>,
    /// The functions that stand where a format is asked for.
    pub functions: Vec<(At, &'static str)>,
}

type At = Vec<String>;

impl Engine {
    /// `name` is that of the document.
    pub fn new(name: &'static str, document: &'static Value) -> Engine {
        Engine {
            document,
            name,
            keyword: "",
            faults: Vec::new(),
            functions: Vec::new(),
        }
    }

    fn fault(&mut self, at: &At, message: impl Into<String>) -> Truth {
        self.faults.push(Fault {
            path: at.clone(),
            message: message.into(),
            keyword: self.keyword,
            schema: self.name,
        });
        Truth::No
    }

    fn fault_at(&mut self, at: &mut At, key: &str, message: impl Into<String>) -> Truth {
        at.push(key.to_owned());
        let truth = self.fault(at, message);
        at.pop();
        truth
    }

    /// Properties that only AWS sets.
    pub fn read_only(&mut self, schema: &'static Value, value: &Value) {
        self.keyword = "readOnlyProperties";
        let paths = schema.get("readOnlyProperties").and_then(Value::as_array);
        for path in paths.into_iter().flatten().filter_map(Value::as_str) {
            if let Some(name) = path.strip_prefix("/properties/")
                && !name.contains('/')
                && value.get(name).is_some()
            {
                self.fault(
                    &vec![name.to_owned()],
                    format!("AWS sets `{name}`, nobody else can"),
                );
            }
        }
    }

    /// Whether a value is as a schema says, without a word of it.
    fn holds(&self, schema: &'static Value, value: &Value, at: &mut At) -> (Truth, Vec<Fault>) {
        let mut engine = Engine::new(self.name, self.document);
        engine.keyword = self.keyword;
        let truth = engine.look(schema, value, at);
        (truth, engine.faults)
    }

    /// Whether a value is as a schema says; each fault is noted.
    pub fn look(&mut self, schema: &'static Value, value: &Value, at: &mut At) -> Truth {
        let Value::Object(keywords) = schema else {
            return match schema {
                Value::Bool(false) => {
                    self.fault(at, "it can't stand here, beside what else is given")
                }
                _ => Truth::Yes,
            };
        };
        if is_looked_up(value) {
            return Truth::Unknown;
        }
        if is_function(value) {
            let format = keywords.get("format").and_then(Value::as_str);
            self.functions
                .extend(format.map(|format| (at.clone(), format)));
            return Truth::Unknown;
        }
        let before = self.keyword;
        let truth = self.look_by(keywords, value, at);
        self.keyword = before;
        truth
    }

    fn look_by(
        &mut self,
        keywords: &'static Map<String, Value>,
        value: &Value,
        at: &mut At,
    ) -> Truth {
        let mut truth = Truth::Yes;
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            self.keyword = "$ref";
            truth = truth.and(self.refer(target, value, at));
        }
        if let Some(kinds) = keywords.get("type") {
            self.keyword = "type";
            let of_type = self.of_type(kinds, value, at);
            truth = truth.and(of_type);
            // Of another type, nothing else can be said.
            if of_type == Truth::No {
                return truth;
            }
        }
        for (keyword, wanted) in keywords {
            self.keyword = keyword;
            let holds = match keyword.as_str() {
                "allOf" => self.all(wanted, value, at),
                "anyOf" | "oneOf" => self.any(keyword, wanted, value, at),
                "not" => self.not(wanted, value, at),
                "if" => self.choose(keywords, wanted, value, at),
                _ => match value {
                    Value::Object(entries) => {
                        self.of_object(keywords, keyword, wanted, entries, at)
                    }
                    Value::Array(items) => self.of_list(keyword, wanted, items, at),
                    _ => self.of_scalar(keyword, wanted, value, at),
                },
            };
            truth = truth.and(holds);
        }
        truth
    }

    /// A value under a schema to which another refers.
    fn refer(&mut self, target: &str, value: &Value, at: &mut At) -> Truth {
        let Some((name, document, schema)) = referred(self.name, self.document, target) else {
            // Nothing could be said of the value: that isn't the same as nothing wrong.
            let name = self.name;
            return self.fault(
                at,
                format!("it can't be judged: the schema {name} refers to `{target}`, which isn't vendored"),
            );
        };
        let before = (self.name, self.document);
        (self.name, self.document) = (name, document);
        let truth = self.look(schema, value, at);
        (self.name, self.document) = before;
        truth
    }

    fn of_type(&mut self, kinds: &'static Value, value: &Value, at: &mut At) -> Truth {
        let kinds: Vec<&str> = match kinds {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        if kinds.iter().any(|kind| is_of(kind, value)) {
            return Truth::Yes;
        }
        let wanted: Vec<&str> = kinds.iter().map(|kind| words(kind)).collect();
        let is = match value {
            Value::String(text) => format!("`{}`", short(text)),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "a map".to_owned(),
            other => format!("`{other}`"),
        };
        self.fault(at, format!("it is {is}, and takes {}", wanted.join(" or ")))
    }

    fn all(&mut self, schemas: &'static Value, value: &Value, at: &mut At) -> Truth {
        let schemas = schemas.as_array().into_iter().flatten();
        schemas.fold(Truth::Yes, |truth, schema| {
            truth.and(self.look(schema, value, at))
        })
    }

    fn any(&mut self, keyword: &str, schemas: &'static Value, value: &Value, at: &mut At) -> Truth {
        let mut yes = 0;
        let mut unknown = false;
        let mut best: Option<Vec<Fault>> = None;
        for schema in schemas.as_array().into_iter().flatten() {
            match self.holds(schema, value, at) {
                (Truth::Yes, _) => yes += 1,
                (Truth::Unknown, _) => unknown = true,
                (Truth::No, faults) => {
                    // What comes deepest was probably meant; then what has fewest faults.
                    let rank = |faults: &[Fault]| {
                        let depth = faults.iter().map(|fault| fault.path.len()).max();
                        (depth, usize::MAX - faults.len())
                    };
                    if best.as_ref().is_none_or(|best| rank(&faults) > rank(best)) {
                        best = Some(faults);
                    }
                }
            }
        }
        match (keyword, yes) {
            ("oneOf", 2..) => self.fault(at, "it is more than one of what excludes each other"),
            (_, 1..) => Truth::Yes,
            _ if unknown => Truth::Unknown,
            _ => {
                self.faults.extend(best.unwrap_or_default());
                Truth::No
            }
        }
    }

    fn not(&mut self, schema: &'static Value, value: &Value, at: &mut At) -> Truth {
        match self.holds(schema, value, at).0 {
            Truth::Yes => {
                let names = schema.get("required").and_then(Value::as_array);
                let mut names: Vec<&str> = names
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                // Of several that can't be there, those that are.
                let all = schema.get("anyOf").and_then(Value::as_array);
                let each = all.into_iter().flatten();
                let each = each.filter_map(|one| one.get("required")?.get(0)?.as_str());
                names.extend(each.filter(|name| value.get(name).is_some()));
                match names.is_empty() {
                    true => self.fault(at, format!("{} can't stand here", shown(value))),
                    false => self.fault(at, format!("`{}` can't stand here", names.join("`, `"))),
                }
            }
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }

    fn choose(
        &mut self,
        keywords: &'static Map<String, Value>,
        condition: &'static Value,
        value: &Value,
        at: &mut At,
    ) -> Truth {
        let branch = match self.holds(condition, value, at).0 {
            Truth::Yes => keywords.get("then"),
            Truth::No => keywords.get("else"),
            Truth::Unknown => return Truth::Unknown,
        };
        branch.map_or(Truth::Yes, |schema| self.look(schema, value, at))
    }
}

/// The schema to which another of `document` refers, with its own document: `#/definitions/A`,
/// `policy#/definitions/A`.
pub(crate) fn referred(
    name: &'static str,
    document: &'static Value,
    target: &str,
) -> Option<(&'static str, &'static Value, &'static Value)> {
    let (of, pointer) = target.split_once('#').unwrap_or((target, ""));
    let (name, document) = match of {
        "" => (name, document),
        of => named(&format!("iam.{of}"))?,
    };
    Some((name, document, document.pointer(pointer)?))
}

/// Whether CloudFormation looks a value up, or a part of it, before anybody else sees it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
fn is_looked_up(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.contains("{{resolve:"))
}

/// Whether a value is a function that remained.
pub(crate) fn is_function(value: &Value) -> bool {
    let Value::Object(map) = value else {
        return false;
    };
    let mut keys = map.keys();
    match (keys.next(), keys.next()) {
        (Some(key), None) => key == "Ref" || key.starts_with("Fn::"),
        _ => false,
    }
}
