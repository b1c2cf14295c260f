//! The names of a template as variables of a model, and what stands behind each.

use super::types::Types;
use codegen::{Kind, Service, Shape, camel, snake};
use compute_catalog::cfn::{Node, ParameterType, Path, Template};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What a name of the template stands for.
pub enum Target {
    /// A parameter, with the type of its handle.
    Parameter {
        /// Its variable.
        variable: String,
        /// `String`, `i64` (of a `Number`), `List<String>`.
        kind: &'static str,
    },
    /// A resource.
    Resource {
        /// Its variable.
        variable: String,
        /// Its attributes, where its type is vendored.
        attributes: Option<Vec<Attribute>>,
        /// Whether its attributes are constants of its type, rather than methods of its handle.
        by_constant: bool,
        /// Its type in Rust: `sqs::Queue`, or the name of one that the model declares.
        rust: String,
    },
}

/// An attribute of a resource.
pub struct Attribute {
    /// Its name; `Outputs.*` stands for any after the point.
    pub name: String,
    /// The `T` of the `Value<T>` that it yields.
    pub rust: String,
    /// Whether its type has a name for it.
    pub is_named: bool,
}

/// The names of a template.
pub struct Scope {
    targets: BTreeMap<String, Target>,
    conditions: BTreeMap<String, String>,
    mappings: BTreeMap<String, (String, &'static str)>,
    /// The entry that is being written.
    entry: RefCell<Path>,
    unknown: RefCell<BTreeSet<Note>>,
    told: RefCell<BTreeSet<Note>>,
    /// The keys of the entry that lead to what is being written.
    pub(super) keys: RefCell<Vec<String>>,
    /// How long a text may be in one piece.
    pub(super) line: usize,
    /// How many documents hold what is being written.
    pub(super) documents: Cell<usize>,
    /// Texts that stand in files of their own, by their paths in the product's folder.
    pub(super) files: RefCell<BTreeMap<String, String>>,
}

/// What is told of an entry of the template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The entry.
    pub at: Path,
    /// What.
    pub what: String,
}

/// Names that a variable must not take: functions, arguments, keywords.
const TAKEN: [&str; 40] = [
    "and",
    "as",
    "async",
    "await",
    "base64",
    "builder",
    "cidr",
    "context",
    "crate",
    "dyn",
    "else",
    "enum",
    "equals",
    "extern",
    "find_in_map",
    "fn",
    "function",
    "get_azs",
    "if_else",
    "import_value",
    "in",
    "join",
    "json",
    "loop",
    "match",
    "mod",
    "move",
    "not",
    "or",
    "ref",
    "select",
    "self",
    "settings",
    "split",
    "static",
    "sub",
    "type",
    "untyped",
    "use",
    "where",
];

impl Scope {
    /// The names of this template, whose resources are of these types.
    pub fn of(template: &Template, types: &Types<'_>, line: usize) -> Scope {
        let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
        let mut variable = |name: &str, suffix: &str| {
            let base = snake(name).trim_start_matches("r#").to_owned();
            let base = match base.starts_with(|c: char| c.is_ascii_digit()) {
                true => format!("n{base}"),
                false => base,
            };
            let mut chosen = base.clone();
            let mut number = 1;
            while !taken.insert(chosen.clone()) {
                chosen = match number {
                    1 => format!("{base}_{suffix}"),
                    _ => format!("{base}_{suffix}{number}"),
                };
                number += 1;
            }
            chosen
        };
        let mut targets = BTreeMap::new();
        for (name, parameter) in &template.parameters {
            let kind = match &parameter.kind {
                ParameterType::Number => "i64",
                ParameterType::CommaDelimitedList
                | ParameterType::NumberList
                | ParameterType::StringList => "List<String>",
                ParameterType::Aws(name) if name.contains("List<") => "List<String>",
                ParameterType::String | ParameterType::Aws(_) => "String",
            };
            let variable = variable(name, "parameter");
            targets.insert(name.clone(), Target::Parameter { variable, kind });
        }
        for (id, resource) in &template.resources {
            let variable = variable(id, "resource");
            let shape = types.shape(id, resource);
            let target = Target::Resource {
                variable,
                attributes: shape.map(attributes),
                by_constant: shape.is_some_and(|(service, _)| types.is_own(service)),
                rust: match shape {
                    Some((service, shape)) => {
                        format!("{}::{}", service.module(), camel(shape.resource()))
                    }
                    None => types.declared(resource).to_owned(),
                },
            };
            targets.insert(id.clone(), target);
        }
        let conditions = template.conditions.keys();
        let mappings = template.mappings.iter();
        Scope {
            targets,
            conditions: conditions
                .map(|name| (name.clone(), variable(name, "condition")))
                .collect(),
            mappings: mappings
                .map(|(name, rows)| {
                    let mut values = rows.values().flat_map(|row| row.values());
                    let is_text = values.all(|value| matches!(value, Node::String(_)));
                    let kind = if is_text { "String" } else { "Json" };
                    (name.clone(), (variable(name, "mapping"), kind))
                })
                .collect(),
            entry: RefCell::default(),
            unknown: RefCell::default(),
            told: RefCell::default(),
            keys: RefCell::default(),
            line,
            documents: Cell::default(),
            files: RefCell::default(),
        }
    }

    /// What a name stands for.
    pub fn target(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)
    }

    /// The variable of a parameter or resource.
    pub fn variable(&self, name: &str) -> &str {
        match self.targets.get(name) {
            Some(Target::Parameter { variable, .. } | Target::Resource { variable, .. }) => {
                variable
            }
            None => "",
        }
    }

    /// The variable of a condition.
    pub fn condition_name(&self, name: &str) -> &str {
        match self.conditions.get(name) {
            Some(variable) => variable,
            None => {
                self.note(format!("the condition `{name}`, which isn't there"));
                "missing"
            }
        }
    }

    /// The variable of a mapping, and the type of its values.
    pub fn mapping(&self, name: &str) -> (&str, &'static str) {
        match self.mappings.get(name) {
            Some((variable, kind)) => (variable, kind),
            None => {
                self.note(format!("the mapping `{name}`, which isn't there"));
                ("missing", "String")
            }
        }
    }

    /// What is written from here on is of this entry.
    pub fn enter(&self, section: &str, name: &str) {
        *self.entry.borrow_mut() = Path::of([section, name]);
    }

    /// The name of the entry that is being written.
    pub fn entry_name(&self) -> Option<String> {
        self.entry.borrow().segments().last().cloned()
    }

    /// Notes what a model can't say: there is no import with it.
    pub fn note(&self, what: String) {
        let at = self.entry.borrow().clone();
        self.unknown.borrow_mut().insert(Note { at, what });
    }

    /// Notes what is written, and checked by nobody.
    pub fn tell(&self, what: String) {
        let at = self.entry.borrow().clone();
        self.told.borrow_mut().insert(Note { at, what });
    }

    /// What a model can't say, sorted.
    pub fn unknown(&self) -> Vec<Note> {
        self.unknown.borrow().iter().cloned().collect()
    }

    /// What nobody checks, sorted.
    pub fn told(&self) -> Vec<Note> {
        self.told.borrow().iter().cloned().collect()
    }
}

fn attributes((service, shape): (&Service, &Shape)) -> Vec<Attribute> {
    let place = super::place::Place { service, shape };
    let attributes = shape.attributes.iter();
    attributes
        .map(|(name, kind): (&String, &Kind)| Attribute {
            name: name.clone(),
            rust: place.rust(kind),
            is_named: shape.is_named(name),
        })
        .collect()
}
