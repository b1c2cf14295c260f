//! The plain engine says what the full one says, of every pattern that it takes.

use super::{Plain, full, tokens};

/// Compares the engines; whether the plain one takes the pattern.
fn agree(pattern: &str, values: &[&str]) -> bool {
    let tokens = tokens(pattern);
    let Some(plain) = tokens.as_deref().and_then(Plain::of) else {
        return false;
    };
    let full = full(pattern, tokens.as_deref())
        .unwrap_or_else(|error| panic!("{pattern} is wrong: {error}"));
    for value in values {
        let expected = full.is_match(value).unwrap();
        assert_eq!(plain.is_match(value), expected, "{pattern:?} {value:?}");
    }
    true
}

#[test]
fn of_every_pattern_of_three_pieces() {
    const PIECES: [&str; 36] = [
        "a", "b", "é", ".", "^", "$", "|", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?>", "*", "+",
        "?", "{2}", "{0,2}", "{1,}", "{", "]", r"\d", r"\W", r"\.", r"\<", r"\b", r"\1", r"\x61",
        "[ab]", "[^a]", "[]a]", "[a-", r"[\w-]", r"[\Wa]", "[a&&b]",
    ];
    const VALUES: [&str; 16] = [
        "", "a", "b", "aa", "ab", "ba", "aab", "aba", "é", "1", "a\n", "\u{2028}", ".", "]", "a ",
        "#",
    ];
    let mut plain = 0;
    for first in PIECES {
        for second in PIECES {
            for third in PIECES {
                let pattern = [first, second, third].concat();
                plain += usize::from(agree(&pattern, &VALUES));
                // So that groups are closed, and look-aheads hold more than a piece.
                let ahead = format!("(?={pattern}$).*");
                plain += usize::from(agree(&ahead, &VALUES));
            }
        }
    }
    assert!(plain > 5_000, "{plain}");
}
