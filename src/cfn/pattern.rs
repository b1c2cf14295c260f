//! Patterns of parameters: Java's dialect, in the engines that are at hand here.
//!
//! The light engine takes what it can: its classes hold ASCII alone, as Java's do, and it is ready
//! at once. Look-around and back-references are for the full engine. What both read otherwise than
//! Java is rewritten before: `.`, `\<`, and the classes in the full engine.
//! <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html>

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Above so many repetitions the full engine counts one character at a time, instead of writing its
/// automaton out that often: `[^\n]{0,2500}` took 13 ms to make ready, and takes a tenth of one.
const COUNTED: usize = 200;

/// What Java's `.` matches: anything but a line terminator.
const DOT: &str = r"[^\n\r\x85\u2028\u2029]";

/// Java's classes, which hold ASCII alone, as classes that may stand in a class.
const CLASSES: [(&str, &str); 6] = [
    (r"\d", "[0-9]"),
    (r"\D", "[^0-9]"),
    (r"\s", r"[ \t\n\x0b\f\r]"),
    (r"\S", r"[^ \t\n\x0b\f\r]"),
    (r"\w", "[A-Za-z0-9_]"),
    (r"\W", "[^A-Za-z0-9_]"),
];

/// A pattern ready to match whole values.
pub struct Pattern(Engine);

enum Engine {
    Light(regex_lite::Regex),
    Full(fancy_regex::Regex),
}

impl Pattern {
    /// Whether a whole value matches. Where that takes too long to say, it is taken to match.
    pub fn is_match(&self, value: &str) -> bool {
        match &self.0 {
            Engine::Light(regex) => regex.is_match(value),
            Engine::Full(regex) => regex.is_match(value).unwrap_or(true),
        }
    }

    fn new(pattern: &str) -> Result<Pattern, Box<fancy_regex::Error>> {
        let light = format!("^(?:{})$", translated(pattern, Dialect::Light));
        if let Ok(regex) = regex_lite::Regex::new(&light) {
            return Ok(Pattern(Engine::Light(regex)));
        }
        let full = |pattern: &str| fancy_regex::Regex::new(&format!("^(?:{pattern})$"));
        // Where the pattern is wrong, the message speaks of it as it is written.
        let regex = full(&translated(pattern, Dialect::Full)).or_else(|_| full(pattern));
        Ok(Pattern(Engine::Full(regex.map_err(Box::new)?)))
    }
}

/// A pattern ready to match whole values: made ready once a process, since many parameters share a
/// few patterns, and that takes longer than matching.
///
/// # Errors
/// It can't be read.
pub(super) fn whole(pattern: &str) -> Result<Arc<Pattern>, Box<fancy_regex::Error>> {
    static READY: Mutex<BTreeMap<String, Arc<Pattern>>> = Mutex::new(BTreeMap::new());
    // A thread that stopped in the middle of an insertion left the map whole.
    let ready = || READY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = ready().get(pattern) {
        return Ok(Arc::clone(known));
    }
    let compiled = Arc::new(Pattern::new(pattern)?);
    ready().insert(pattern.to_owned(), Arc::clone(&compiled));
    Ok(compiled)
}

#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    /// Of `regex-lite`, which has no classes in classes.
    Light,
    /// Of `fancy-regex`.
    Full,
}

/// A pattern of Java as one that means the same in the other dialect.
fn translated(pattern: &str, dialect: Dialect) -> String {
    let has_flags = pattern.match_indices("(?").any(|(at, open)| {
        let after = &pattern[at + open.len()..];
        after.starts_with(|flag: char| flag.is_ascii_lowercase())
    });
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => escape_length(rest),
            '[' => class_length(rest),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        let one = match piece {
            // A flag may say otherwise.
            "." if !has_flags => DOT.to_owned(),
            r"\<" | r"\>" => piece[1..].to_owned(),
            _ if dialect == Dialect::Full => with_classes(piece),
            _ => piece.to_owned(),
        };
        // One character and no choice: a group that never gives back means the same.
        match dialect == Dialect::Full && one.starts_with('[') && copies(after) > COUNTED {
            true => text.extend(["(?>", &one, ")"]),
            false => text.push_str(&one),
        }
        rest = after;
    }
    text
}

/// The length of a backslash with what it escapes.
fn escape_length(text: &str) -> usize {
    let escaped = text[1..].chars().next();
    1 + escaped.map_or(0, char::len_utf8)
}

/// The length of a class with its brackets; of one that isn't closed, all that is left.
fn class_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        at += match next {
            '\\' => escape_length(&text[at..]),
            _ => next.len_utf8(),
        };
        match next {
            '[' => {
                depth += 1;
                // A bracket at the beginning closes nothing.
                let begins = &text[at..];
                let is_negated = usize::from(begins.starts_with('^'));
                at += is_negated + usize::from(begins[is_negated..].starts_with(']'));
            }
            ']' if depth == 1 => return at,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The piece with Java's classes.
fn with_classes(piece: &str) -> String {
    let mut text = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let (escape, after) = escape.split_at(escape_length(escape));
        let class = CLASSES.iter().find(|(name, _)| *name == escape);
        text.extend([before, class.map_or(escape, |(_, class)| class)]);
        rest = after;
    }
    text + rest
}

/// How often what stands before is repeated at most, where a number says so.
fn copies(after: &str) -> usize {
    let bounds = after
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'));
    let most = bounds.and_then(|(bounds, _)| bounds.rsplit(',').next());
    most.and_then(|most| most.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, value: &str) -> bool {
        whole(pattern).unwrap().is_match(value)
    }

    /// Patterns, each with a text that fits it and one that doesn't.
    fn tells_apart(cases: &[(&str, &str, &str)]) {
        for (pattern, fits, other) in cases {
            assert!(matches(pattern, fits), "{pattern} {fits}");
            assert!(!matches(pattern, other), "{pattern} {other}");
        }
    }

    #[test]
    fn classes_are_those_of_java() {
        tells_apart(&[
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
        ]);
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
    }

    #[test]
    fn look_around_keeps_its_meaning() {
        tells_apart(&[
            (r"(?!xn--)(?!.*\.\.)[a-z.-]+", "a.b-c", "a..b"),
            (r"|(?=.{2,3}$)[a-z]*", "", "a"),
            (r"(?=.{2}$)[a-zé]*", "éé", "é"),
            (r"(?![a-c]{2,300}$).*", "abcd", "abc"),
            (r"(?=[ab]{1,}$).*", "ab", "abc"),
            (r"^(?=ab)^(?=.*c$).*", "abdc", "abcd"),
            (r"(?=a|b$)[a-c]+", "ab", "bc"),
            (r"a(?!b).", "ac", "ab"),
            (r"(?:(?=a)[a-z]|\d)+", "1a2", "1b2"),
            (r"(?<!a)b|c(?<=c)", "c", "a"),
            (r"(a|b)\1", "aa", "ab"),
            (r"a++b?", "aab", "aba"),
            (r"(?>a|ab)c", "ac", "abc"),
        ]);
    }

    #[test]
    fn a_pattern_that_is_wrong_stays_wrong() {
        for wrong in ["(", "[a", r"\", "[z-a]", "(?<=", r"\p{Nothing}"] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
    }
}
