//! JSON Schema's patterns, quickly for ASCII text.
//!
//! The full engine knows all of Unicode and takes long to be ready: five million instructions for
//! `[\p{L}\p{N}]*`. Nearly every value is ASCII, where a small engine says the same.

use regex_lite::Regex;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What `\p{…}` holds of ASCII, inside a class.
const PROPERTIES: [(&str, &str); 3] = [(r"\p{L}", "A-Za-z"), (r"\p{N}", "0-9"), (r"\p{Z}", " ")];

/// The pattern made ready for ASCII text; none where the library may read it otherwise.
pub fn on_ascii(pattern: &str) -> Option<Regex> {
    let mut text = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut last = '^';
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let (length, is_common) = match next {
            '\\' => {
                let named = PROPERTIES.iter().find(|(name, _)| rest.starts_with(name));
                if let Some((name, holds)) = named.filter(|_| in_class) {
                    text.push_str(holds);
                    rest = &rest[name.len()..];
                    last = next;
                    continue;
                }
                let escaped = rest[1..].chars().next()?;
                // `\<` and `\>` are edges of words.
                let is_itself = escaped.is_ascii_punctuation() && !matches!(escaped, '<' | '>');
                (2, is_itself || matches!(escaped, 'd' | 's' | 'u' | 'w'))
            }
            '[' => {
                // Here a class holds no other: this is itself.
                text.push_str(if in_class { "\\" } else { "" });
                (1, true)
            }
            ']' => (1, !matches!(last, '[' | '^')),
            // Neither a group of a kind of its own nor a repetition of one.
            '?' | '*' | '+' | '{' if !in_class => (1, !matches!(last, '(' | '?' | '*' | '+' | '}')),
            next => (1, next.is_ascii_graphic() || next == ' '),
        };
        if !is_common {
            return None;
        }
        in_class = next == '[' || in_class && next != ']';
        last = next;
        let (piece, after) = rest.split_at(length);
        text.push_str(piece);
        rest = after;
    }
    Regex::new(&text).ok()
}

/// A pattern, made ready as far as it was needed.
struct Pattern {
    on_ascii: Option<Regex>,
    /// None where it can't be read.
    full: OnceLock<Option<fancy_regex::Regex>>,
}

/// Whether a text fits a pattern, anywhere in it as JSON Schema has it; none where that can't be said.
pub fn fits(pattern: &str, text: &str) -> Option<bool> {
    // These match anything, and are many.
    if matches!(pattern, "" | ".*" | "^.*$" | "^.+$") && !text.is_empty() {
        return Some(true);
    }
    let ready = ready(pattern);
    match &ready.on_ascii {
        Some(regex) if text.is_ascii() => Some(regex.is_match(text)),
        _ => {
            let full = ready
                .full
                .get_or_init(|| fancy_regex::Regex::new(pattern).ok());
            full.as_ref()?.is_match(text).ok()
        }
    }
}

/// A pattern, made ready once a process: many values share a few.
fn ready(pattern: &str) -> Arc<Pattern> {
    static READY: OnceLock<Mutex<BTreeMap<String, Arc<Pattern>>>> = OnceLock::new();
    let all = READY.get_or_init(Mutex::default);
    // A thread that stopped in the middle of an insertion left the map whole.
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(pattern) {
        return Arc::clone(known);
    }
    let made = Arc::new(Pattern {
        on_ascii: on_ascii(pattern),
        full: OnceLock::new(),
    });
    all.insert(pattern.to_owned(), Arc::clone(&made));
    made
}
