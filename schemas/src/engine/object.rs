//! Keywords that speak of a map.

use super::{At, Engine, Truth};
use crate::pattern;
use crate::value::{is_one_of, scalar_text};
use nearest::nearest;
use serde_json::{Map, Value};

impl Engine {
    pub(super) fn of_object(
        &mut self,
        keywords: &'static Map<String, Value>,
        keyword: &str,
        wanted: &'static Value,
        entries: &Map<String, Value>,
        at: &mut At,
    ) -> Truth {
        // What a macro puts in may be anything.
        let is_open = entries.keys().any(|key| key.starts_with("Fn::"));
        let listed = || {
            wanted
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
        };
        let mut truth = Truth::Yes;
        match keyword {
            "properties" => {
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    if let Some(value) = entries.get(name) {
                        at.push(name.clone());
                        truth = truth.and(self.look(schema, value, at));
                        at.pop();
                    }
                }
            }
            "patternProperties" => {
                for (pattern, schema) in wanted.as_object().into_iter().flatten() {
                    for (name, value) in entries {
                        if pattern::fits(pattern, name) != Some(false) {
                            at.push(name.clone());
                            truth = truth.and(self.look(schema, value, at));
                            at.pop();
                        }
                    }
                }
            }
            "additionalProperties" => {
                for (name, value) in entries {
                    if is_named(keywords, name) || name.starts_with("Fn::") {
                        continue;
                    }
                    let holds = match wanted {
                        Value::Bool(false) => {
                            let known = keywords.get("properties").and_then(Value::as_object);
                            let known = known.into_iter().flatten().map(|(name, _)| name.as_str());
                            let message = match nearest(name, known) {
                                Some(near) => {
                                    format!("there is no `{name}` here; did you mean `{near}`?")
                                }
                                None => format!("there is no `{name}` here"),
                            };
                            self.fault_at(at, name, message)
                        }
                        schema => {
                            at.push(name.clone());
                            let holds = self.look(schema, value, at);
                            at.pop();
                            holds
                        }
                    };
                    truth = truth.and(holds);
                }
            }
            "propertyNames" => {
                for name in entries.keys() {
                    at.push(name.clone());
                    truth = truth.and(self.look(wanted, &Value::from(name.as_str()), at));
                    at.pop();
                }
            }
            "required" if is_open => return Truth::Unknown,
            "required" => {
                for name in listed().filter(|name| !entries.contains_key(*name)) {
                    truth = self.fault(at, format!("`{name}` is missing"));
                }
            }
            "requiredXor" | "requiredOr" => {
                let given: Vec<&str> = listed()
                    .filter(|name| entries.contains_key(*name))
                    .collect();
                let all: Vec<&str> = listed().collect();
                let all = all.join("`, `");
                match given.as_slice() {
                    [] if is_open => return Truth::Unknown,
                    [] => truth = self.fault(at, format!("one of `{all}` is missing")),
                    [_, ..] if keyword == "requiredOr" => {}
                    [_] => {}
                    many => {
                        let many = many.join("`, `");
                        truth = self.fault(at, format!("`{many}` exclude each other"));
                    }
                }
            }
            "dependentRequired" | "dependentExcluded" | "dependencies" => {
                for (name, others) in wanted.as_object().into_iter().flatten() {
                    if !entries.contains_key(name) {
                        continue;
                    }
                    let others = others.as_array().into_iter().flatten();
                    for other in others.filter_map(Value::as_str) {
                        let is_there = entries.contains_key(other);
                        if keyword == "dependentExcluded" && is_there {
                            let message = format!("`{other}` can't stand beside `{name}`");
                            truth = self.fault_at(at, other, message);
                        }
                        if keyword != "dependentExcluded" && !is_there && !is_open {
                            truth = self.fault(at, format!("`{name}` needs `{other}` beside it"));
                        }
                    }
                }
            }
            // Ours: a number that another one of the same map bounds.
            "notAbove" => {
                for (name, bound) in wanted.as_object().into_iter().flatten() {
                    let bound = bound.as_str().unwrap_or_default();
                    if let (Some(number), Some(most)) =
                        (number_of(entries, name), number_of(entries, bound))
                        && number > most
                    {
                        let message = format!("`{name}` is {number}, and `{bound}` is {most}");
                        truth = truth.and(self.fault_at(at, name, message));
                    }
                }
            }
            // Ours: numbers whose product is bounded.
            "productAtMost" => {
                let names = wanted.get("of").and_then(Value::as_array);
                let names = names.into_iter().flatten().filter_map(Value::as_str);
                let names: Vec<&str> = names.collect();
                let numbers: Option<Vec<f64>> =
                    names.iter().map(|name| number_of(entries, name)).collect();
                let most = wanted.get("most").and_then(Value::as_f64);
                let product: Option<f64> = numbers.map(|numbers| numbers.iter().product());
                if let (Some(product), Some(most)) = (product, most)
                    && product > most
                {
                    let all = names.join("` times `");
                    let message = format!("`{all}` is {product}, and at most {most}");
                    truth = self.fault(at, message);
                }
            }
            "minProperties" if (entries.len() as u64) < wanted.as_u64().unwrap_or(0) => {
                truth = self.fault(
                    at,
                    format!("it has {} entries, and needs {wanted}", entries.len()),
                );
            }
            "maxProperties" if (entries.len() as u64) > wanted.as_u64().unwrap_or(u64::MAX) => {
                truth = self.fault(
                    at,
                    format!("it has {} entries, and takes {wanted}", entries.len()),
                );
            }
            "enum" | "const" if !is_one_of(wanted, &Value::Object(entries.clone())) => {
                truth = self.fault(at, "it is none of what can stand here");
            }
            _ => {}
        }
        truth
    }
}

/// The number that a property holds, where that is known.
fn number_of(entries: &Map<String, Value>, name: &str) -> Option<f64> {
    scalar_text(entries.get(name)?).parse().ok()
}

/// Whether a property is one that the schema names, by itself or by a pattern.
fn is_named(keywords: &'static Map<String, Value>, name: &str) -> bool {
    let named = |keyword: &str| keywords.get(keyword).and_then(Value::as_object);
    named("properties").is_some_and(|known| known.contains_key(name))
        || named("patternProperties").is_some_and(|known| {
            let mut patterns = known.keys();
            patterns.any(|pattern| pattern::fits(pattern, name) != Some(false))
        })
}
