//! Patterns of parameters: Java's dialect, in the engine that is at hand here.
//!
//! The engine reads nearly the same dialect. Where the two differ in meaning or in cost, the
//! pattern is rewritten before it is compiled.
//! <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html>

use fancy_regex::Regex;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The classes that are ASCII in Java, and Unicode's in the engine: the letter of the escape, and
/// what the class holds.
const CLASSES: [(char, &str); 3] = [
    ('d', "0-9"),
    ('s', " \\t\\n\\x0B\\f\\r"),
    ('w', "A-Za-z0-9_"),
];

/// What `.` stands for: everything but Java's line terminators.
const ANY: &str = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";

/// Above so many repetitions, the engine counts instead of writing its automaton out that often:
/// `[^\n]{0,2500}` took 13 ms to make ready, and takes a tenth of one.
const COUNTED: u32 = 200;

/// A pattern ready to match whole values: made ready once a process, since many parameters share a
/// few patterns, and that takes longer than matching.
///
/// # Errors
/// It can't be read.
pub(super) fn whole(pattern: &str) -> Result<Regex, Box<fancy_regex::Error>> {
    static READY: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    // A thread that stopped in the middle of an insertion left the map whole.
    let ready = || READY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = ready().get(pattern) {
        return Ok(regex.clone());
    }
    let regex = compiled(pattern)?;
    ready().insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

fn compiled(pattern: &str) -> Result<Regex, Box<fancy_regex::Error>> {
    let compile = |pattern: &str| Regex::new(&format!("^(?:{pattern})$")).map_err(Box::new);
    match rewritten(pattern) {
        // Where the pattern is wrong, the message speaks of it as it is written.
        Some(text) => compile(&text).or_else(|_| compile(pattern)),
        None => compile(pattern),
    }
}

/// The pattern as the engine is to read it; none where flags or quotations would change what its
/// characters mean.
fn rewritten(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let start = text.len();
        rest = match first {
            '(' => {
                let flags = rest.strip_prefix("(?");
                if flags.is_some_and(|flags| flags.starts_with(|c: char| c.is_ascii_lowercase())) {
                    return None;
                }
                text.push(first);
                &rest[1..]
            }
            '\\' => escape(rest, false, &mut text)?,
            '[' => class(rest, &mut text)?,
            '.' => {
                text.push_str(ANY);
                &rest[1..]
            }
            _ => {
                text.push(first);
                &rest[first.len_utf8()..]
            }
        };
        if matches!(first, '\\' | '[' | '.') && repetitions(rest) > COUNTED {
            // One character and no choice: a group that never gives back means the same.
            text.insert_str(start, "(?>");
            text.push(')');
        }
    }
    Some(text)
}

/// Rewrites the escape at the start; what comes after it.
fn escape<'p>(rest: &'p str, in_class: bool, text: &mut String) -> Option<&'p str> {
    let escaped = rest[1..].chars().next()?;
    let known = CLASSES
        .iter()
        .find(|(letter, _)| letter.eq_ignore_ascii_case(&escaped));
    match (known, escaped) {
        (_, 'Q') => return None,
        (Some((letter, holds)), _) if *letter == escaped => match in_class {
            true => text.push_str(holds),
            false => text.extend(["[", holds, "]"]),
        },
        (Some((_, holds)), _) => text.extend(["[^", holds, "]"]),
        (None, _) => text.extend(['\\', escaped]),
    }
    let rest = &rest[1 + escaped.len_utf8()..];
    // Braces that belong to the escape: `\x{e9}`, `\p{Alpha}`.
    let end = match escaped {
        'x' | 'p' | 'P' | 'N' if rest.starts_with('{') => rest.find('}')? + 1,
        _ => 0,
    };
    text.push_str(&rest[..end]);
    Some(&rest[end..])
}

/// Rewrites the class at the start, with the classes inside it; what comes after it.
fn class<'p>(rest: &'p str, text: &mut String) -> Option<&'p str> {
    let inner = rest.strip_prefix('[')?;
    text.push('[');
    let mut rest = match inner.strip_prefix('^') {
        Some(inner) => {
            text.push('^');
            inner
        }
        None => inner,
    };
    loop {
        let next = rest.chars().next()?;
        rest = match next {
            '\\' => escape(rest, true, text)?,
            '[' => class(rest, text)?,
            _ => {
                text.push(next);
                &rest[next.len_utf8()..]
            }
        };
        if next == ']' {
            return Some(rest);
        }
    }
}

/// How often at most a counted repetition at the start repeats; 0 where there is none.
fn repetitions(rest: &str) -> u32 {
    let bounds = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let greatest =
        bounds.and_then(|(bounds, _)| bounds.rsplit(',').find(|bound| !bound.is_empty()));
    greatest.and_then(|bound| bound.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, value: &str) -> bool {
        whole(pattern).unwrap().is_match(value).unwrap()
    }

    #[test]
    fn classes_are_those_of_java() {
        for (pattern, fits, other) in [
            (r"\d+", "17", "١٧"),
            (r"[\d.]+", "1.7", "١.٧"),
            (r"\w+", "a_1", "é"),
            (r"[^\w]", "é", "a"),
            (r"[\W]", "é", "a"),
            (r"\W", "é", "a"),
            (r"\s", "\t", "\u{a0}"),
            (r"\S+", "a\u{a0}b", "a b"),
            ("a.b", "a\u{e9}b", "a\u{2028}b"),
            (r"a\.b", "a.b", "axb"),
            (r"[.\]]", "]", "x"),
        ] {
            assert!(matches(pattern, fits), "{pattern} {fits}");
            assert!(!matches(pattern, other), "{pattern} {other}");
        }
    }

    #[test]
    fn what_is_counted_is_counted_in_characters() {
        let pattern = r"(?=[^\r\n]{0,2500}$)x.{3,300}";
        let value = |count| format!("x{}", "é".repeat(count));
        assert!(matches(pattern, &value(3)) && matches(pattern, &value(300)));
        assert!(!matches(pattern, &value(2)) && !matches(pattern, &value(301)));
        assert!(matches(r"[a-c]{2,400}c", "abcc"), "gives back what it took");
        assert!(matches(r"\x{0300}+", "\u{300}"));
        assert!(matches(r"\d{201}", &"1".repeat(201)) && !matches(r"\d{201}", &"1".repeat(202)));
    }

    #[test]
    fn flags_and_quotations_keep_their_meaning() {
        assert!(matches(r"(?i)a\d", "A1") && matches(r"(?s).", "\n"));
        assert_eq!(rewritten(r"\Qa.b\E"), None);
        assert_eq!(
            rewritten(r"(?=a)(?!b)(?:c)(?<n>d)").as_deref(),
            Some(r"(?=a)(?!b)(?:c)(?<n>d)")
        );
    }

    #[test]
    fn a_pattern_that_is_wrong_stays_wrong() {
        for wrong in ["(", "[a", r"\", "[z-a]", "(?<=", r"\p{Nothing}"] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
    }
}
