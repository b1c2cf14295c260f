//! The plain engine says what the full one says, of every pattern that it takes.

use super::{Plain, full, tokens};
use crate::cfn::read;
use std::collections::BTreeSet;

/// Compares the engines; whether the plain one takes the pattern.
fn agree<'v>(pattern: &str, values: impl IntoIterator<Item = &'v str>) -> bool {
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

/// A value, and what slips of the pen make of it.
fn slips(value: &str) -> BTreeSet<String> {
    let chars: Vec<char> = value.chars().collect();
    let with = |at: usize, removed: usize, added: &str| {
        let (before, after) = (&chars[..at], &chars[at + removed..]);
        before
            .iter()
            .chain(&added.chars().collect::<Vec<_>>())
            .chain(after)
            .collect()
    };
    let mut slips = BTreeSet::from([value.to_owned()]);
    for at in 0..=chars.len() {
        for added in [
            " ", "\n", "\t", "\\", "\"", ".", "-", ",", "9", "é", "\u{2028}", "\u{a0}",
        ] {
            slips.insert(with(at, 0, added));
        }
        if at < chars.len() {
            slips.insert(with(at, 1, ""));
        }
    }
    slips
}

#[test]
fn of_the_patterns_of_the_products() {
    let values = [
        "",
        "my-bucket.of-2026",
        "xn--bucket",
        "bucket-s3alias",
        "192.168.1.10",
        "[\"run.sh\", \"a\\u00e9\\n\", \"\"]",
        "python run.py --all",
        "registry.example.org:5000/group/image_a:1.2@sha256:x",
        &format!("image@sha256:{}", "0f".repeat(32)),
        "A=1, B_2=two words,,AWS_BATCH_X=1",
        "\"key\": \"a\\\"b\", \"n\": -1.5, \"t\": true",
        "someone@example.org , other",
        "rate(1 minute)",
        "cron(0/5 8-17 ? * MON-FRI *)",
        "arn:aws:iam::123456789012:role/launch",
        "prod-abcdefghijk12",
    ];
    let values: BTreeSet<String> = values.iter().flat_map(|value| slips(value)).collect();
    let long = format!("[\"{}\"]", "é".repeat(795));
    let values = || values.iter().chain([&long]).map(String::as_str);

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/generated/products");
    let mut patterns = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let template = read(&text).unwrap();
        let parameters = template.parameters.into_values();
        patterns.extend(parameters.filter_map(|parameter| parameter.allowed_pattern));
    }
    let plain = patterns
        .iter()
        .filter(|pattern| agree(pattern, values()))
        .count();
    assert!(
        plain >= 6 && plain + 1 >= patterns.len(),
        "{plain} of {patterns:?}"
    );
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
                plain += usize::from(agree(&pattern, VALUES));
                // So that groups are closed, and look-aheads hold more than a piece.
                let ahead = format!("(?={pattern}$).*");
                plain += usize::from(agree(&ahead, VALUES));
            }
        }
    }
    assert!(plain > 5_000, "{plain}");
}
