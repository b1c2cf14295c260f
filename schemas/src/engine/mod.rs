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
    /// What is wrong so far.
    pub faults: Vec<Fault>,
}

type At = Vec<String>;

impl Engine {
    pub fn new(document: &'static Value) -> Engine {
        let faults = Vec::new();
        Engine { document, faults }
    }

    fn fault(&mut self, at: &At, message: impl Into<String>) -> Truth {
        self.faults.push(Fault {
            path: at.clone(),
            message: message.into(),
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
        let mut engine = Engine::new(self.document);
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
        if is_function(value) {
            return Truth::Unknown;
        }
        let mut truth = Truth::Yes;
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            truth = truth.and(self.refer(target, value, at));
        }
        if let Some(kinds) = keywords.get("type") {
            let of_type = self.of_type(kinds, value, at);
            truth = truth.and(of_type);
            // Of another type, nothing else can be said.
            if of_type == Truth::No {
                return truth;
            }
        }
        for (keyword, wanted) in keywords {
            let holds = match keyword.as_str() {
                "allOf" => self.all(wanted, value, at),
                "anyOf" | "oneOf" => self.any(keyword, wanted, value, at),
                "not" => self.not(wanted, value, at),
                "if" => self.choose(keywords, wanted, value, at),
                "cfnContext" => match wanted.get("schema") {
                    Some(schema) => self.look(schema, value, at),
                    None => Truth::Yes,
                },
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

    /// A schema of this document, or of another: `#/definitions/A`, `policy#/definitions/A`.
    fn refer(&mut self, target: &str, value: &Value, at: &mut At) -> Truth {
        let (name, pointer) = target.split_once('#').unwrap_or((target, ""));
        let document = match name {
            "" => self.document,
            name => match named(&format!("iam.{name}")) {
                Some(document) => document,
                None => return Truth::Unknown,
            },
        };
        let Some(schema) = document.pointer(pointer) else {
            return Truth::Unknown;
        };
        let before = std::mem::replace(&mut self.document, document);
        let truth = self.look(schema, value, at);
        self.document = before;
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
                let names: Vec<&str> = names
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
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
