//! A pattern of a JSON Schema, for ASCII text.

use regex_lite::Regex;
use resource_schemas::pattern::on_ascii;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many texts the large engine has paid: it takes ten times as long to be ready, and a
/// fiftieth of the time for each text. A small catalog never asks that often.
const OFTEN: u32 = 32;

/// A pattern, by an engine that is soon ready; where it is asked often, by one that is quick.
pub(super) struct Pattern {
    small: Regex,
    asked: AtomicU32,
    large: OnceLock<Option<fancy_regex::Regex>>,
}

impl Pattern {
    /// The pattern made ready; none where its meaning isn't certain.
    pub fn of(pattern: &str) -> Option<Pattern> {
        Some(Pattern {
            small: on_ascii(pattern)?,
            asked: AtomicU32::new(0),
            large: OnceLock::new(),
        })
    }

    /// Whether it matches an ASCII text.
    pub fn is_match(&self, text: &str) -> bool {
        let large = match self.asked.fetch_add(1, Ordering::Relaxed) < OFTEN {
            true => None,
            false => {
                let large = || fancy_regex::Regex::new(self.small.as_str()).ok();
                self.large.get_or_init(large).as_ref()
            }
        };
        large
            .and_then(|large| large.is_match(text).ok())
            .unwrap_or_else(|| self.small.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_the_same_however_often_it_is_asked() {
        for (pattern, fits, other) in [
            ("^[a-z0-9-]+$", "a-1", "A"),
            (
                r"^https://[^\s${]+/$",
                "https://example.org/a/",
                "https://a b/",
            ),
            (r"^\d{12}$", "123456789012", "12345678901x"),
            ("^a.c$", "abc", "a\nc"),
            ("^a$", "a", "a\n"),
            (r"^\s$", "\u{b}", "x"),
        ] {
            let pattern = Pattern::of(pattern).unwrap();
            for _ in 0..OFTEN * 2 {
                assert!(pattern.is_match(fits), "{fits:?}");
                assert!(!pattern.is_match(other), "{other:?}");
            }
            assert!(matches!(pattern.large.get(), Some(Some(_))));
        }
    }
}
