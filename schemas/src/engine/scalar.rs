//! Keywords that speak of a text, a number or a boolean.

use super::{At, Engine, Truth};
use crate::value::{choices, is_one_of, scalar_text, short};
use crate::{format, pattern};
use serde_json::Value;

impl Engine {
    pub(super) fn of_scalar(
        &mut self,
        keyword: &str,
        wanted: &'static Value,
        value: &Value,
        at: &mut At,
    ) -> Truth {
        let text = scalar_text(value);
        let number = || text.parse::<f64>().ok();
        let bound = || wanted.as_f64();
        let fault = match keyword {
            "enum" | "const" if !is_one_of(wanted, value) => Some(choices(wanted, &text)),
            "enumCaseInsensitive" => {
                let options = wanted
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                let mut options = options.clone();
                let is_there = options.any(|option| option.eq_ignore_ascii_case(&text));
                (!is_there).then(|| choices(wanted, &text))
            }
            "pattern" => {
                let pattern = wanted.as_str().unwrap_or_default();
                let fits = pattern::fits(pattern, &text);
                (fits == Some(false))
                    .then(|| format!("`{}` does not match its pattern `{pattern}`", short(&text)))
            }
            "minLength" if value.is_string() => {
                let length = text.chars().count() as u64;
                (length < wanted.as_u64().unwrap_or(0))
                    .then(|| format!("it has {length} characters, and needs {wanted}"))
            }
            "maxLength" if value.is_string() => {
                let length = text.chars().count() as u64;
                (length > wanted.as_u64().unwrap_or(u64::MAX))
                    .then(|| format!("it has {length} characters, and takes {wanted}"))
            }
            "exclusiveMinimum" => match (number(), bound()) {
                (Some(number), Some(bound)) if number <= bound => {
                    Some(format!("{text} isn't more than {wanted}"))
                }
                _ => None,
            },
            "exclusiveMaximum" => match (number(), bound()) {
                (Some(number), Some(bound)) if number >= bound => {
                    Some(format!("{text} isn't less than {wanted}"))
                }
                _ => None,
            },
            "minimum" => match (number(), bound()) {
                (Some(number), Some(least)) if number < least => {
                    Some(format!("{text} is less than {wanted}"))
                }
                _ => None,
            },
            "maximum" => match (number(), bound()) {
                (Some(number), Some(most)) if number > most => {
                    Some(format!("{text} is more than {wanted}"))
                }
                _ => None,
            },
            "multipleOf" => match (number(), bound()) {
                (Some(number), Some(step)) if step > 0.0 && (number / step).fract() != 0.0 => {
                    Some(format!("{text} is no multiple of {wanted}"))
                }
                _ => None,
            },
            "format" => format::fault(wanted.as_str().unwrap_or_default(), &text),
            _ => None,
        };
        match fault {
            Some(message) => self.fault(at, message),
            None => Truth::Yes,
        }
    }
}
