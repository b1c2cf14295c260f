//! Patterns of parameters: Java's dialect, in the engines that are at hand here.
//!
//! The engines read nearly the same dialect. Where they differ from Java in meaning, or where one
//! takes long to be ready, the pattern is rewritten before it is compiled.
//! <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html>

mod plain;
mod token;

use fancy_regex::Regex;
use plain::Plain;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use token::{Token, tokens};

/// Above so many repetitions, the full engine counts instead of writing its automaton out that
/// often: `[^\n]{0,2500}` took 13 ms to make ready, and takes a tenth of one.
const COUNTED: usize = 200;

/// A pattern ready to match whole values.
pub struct Pattern(Engine);

enum Engine {
    Plain(Plain),
    /// With look-around, back-references, flags and whatever else there is.
    Full(Regex),
}

impl Pattern {
    /// Whether a whole value matches. Where that takes too long to say, it is taken to match.
    pub fn is_match(&self, value: &str) -> bool {
        match &self.0 {
            Engine::Plain(plain) => plain.is_match(value),
            Engine::Full(regex) => regex.is_match(value).unwrap_or(true),
        }
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
    let tokens = tokens(pattern);
    let engine = match tokens.as_deref().and_then(Plain::of) {
        Some(plain) => Engine::Plain(plain),
        None => Engine::Full(full(pattern, tokens.as_deref())?),
    };
    let compiled = Arc::new(Pattern(engine));
    ready().insert(pattern.to_owned(), Arc::clone(&compiled));
    Ok(compiled)
}

/// The pattern in the full engine.
fn full(pattern: &str, tokens: Option<&[Token<'_>]>) -> Result<Regex, Box<fancy_regex::Error>> {
    let compile = |pattern: &str| Regex::new(&format!("^(?:{pattern})$")).map_err(Box::new);
    match tokens {
        // Where the pattern is wrong, the message speaks of it as it is written.
        Some(tokens) => compile(&counting(tokens)).or_else(|_| compile(pattern)),
        None => compile(pattern),
    }
}

/// The pattern of these pieces, where what is repeated often is counted.
fn counting(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1);
        let is_often = next.is_some_and(|next| next.kind.copies() > COUNTED);
        match is_often && token.text.starts_with(['\\', '[']) {
            // One character and no choice: a group that never gives back means the same.
            true => text.extend(["(?>", &token.text, ")"]),
            false => text.push_str(&token.text),
        }
    }
    text
}

#[cfg(test)]
mod agreement;

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
        assert!(tokens(r"\Qa.b\E").is_none());
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
