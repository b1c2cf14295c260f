//! Keywords that speak of a list.

use super::{At, Engine, Truth, is_function};
use crate::format;
use crate::value::shown;
use serde_json::Value;

impl Engine {
    pub(super) fn of_list(
        &mut self,
        keyword: &str,
        wanted: &'static Value,
        items: &[Value],
        at: &mut At,
    ) -> Truth {
        let holds_function = items.iter().any(is_function);
        let count = items.len() as u64;
        let mut truth = Truth::Yes;
        match keyword {
            "items" => {
                for (index, item) in items.iter().enumerate() {
                    at.push(index.to_string());
                    truth = truth.and(self.look(wanted, item, at));
                    at.pop();
                }
            }
            "prefixItems" => {
                let schemas = wanted.as_array().into_iter().flatten();
                for (index, (schema, item)) in schemas.zip(items).enumerate() {
                    at.push(index.to_string());
                    truth = truth.and(self.look(schema, item, at));
                    at.pop();
                }
            }
            "contains" => {
                let holds: Vec<Truth> = items
                    .iter()
                    .map(|item| self.holds(wanted, item, at).0)
                    .collect();
                truth = match () {
                    () if holds.contains(&Truth::Yes) => Truth::Yes,
                    () if holds.contains(&Truth::Unknown) => Truth::Unknown,
                    () => self.fault(at, "no item is what one must be"),
                };
            }
            "minItems" if count < wanted.as_u64().unwrap_or(0) && !holds_function => {
                truth = self.fault(at, format!("it has {count} items, and needs {wanted}"));
            }
            "maxItems" if count > wanted.as_u64().unwrap_or(u64::MAX) && !holds_function => {
                truth = self.fault(at, format!("it has {count} items, and takes {wanted}"));
            }
            "uniqueItems" if *wanted == Value::Bool(true) => {
                for (index, item) in items.iter().enumerate() {
                    if items.iter().take(index).any(|before| before == item) {
                        truth = self.fault_at(at, &index.to_string(), "the same stands here twice");
                    }
                }
            }
            "uniqueKeys" => {
                let keys: Vec<&str> = wanted
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let of = |item: &Value| -> Option<Vec<Value>> {
                    keys.iter().map(|key| item.get(*key).cloned()).collect()
                };
                for (index, item) in items.iter().enumerate() {
                    let Some(own) = of(item) else { continue };
                    if items
                        .iter()
                        .take(index)
                        .any(|before| of(before).as_ref() == Some(&own))
                    {
                        let what = keys.join("`, `");
                        let message =
                            format!("another item has the same `{what}`: {}", shown(&own[0]));
                        truth = self.fault_at(at, &index.to_string(), message);
                    }
                }
            }
            "format" => {
                let format = wanted.as_str().and_then(format::of_items);
                for (index, item) in items.iter().enumerate() {
                    if let Some(format) = format.filter(|_| is_function(item)) {
                        let mut place = at.clone();
                        place.push(index.to_string());
                        self.functions.push((place, format));
                    }
                    if let (Some(format), Some(text)) = (format, item.as_str())
                        && let Some(message) = format::fault(format, text)
                    {
                        truth = self.fault_at(at, &index.to_string(), message);
                    }
                }
            }
            "maxUniqueItems" => {
                let unlike =
                    (0..items.len()).filter(|index| !items[..*index].contains(&items[*index]));
                let count = unlike.count() as u64;
                if count > wanted.as_u64().unwrap_or(u64::MAX) && !holds_function {
                    truth = self.fault(at, format!("it has {count} items, and takes {wanted}"));
                }
            }
            _ => {}
        }
        truth
    }
}
