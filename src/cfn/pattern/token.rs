//! The pieces of a pattern, each as the engines are to read it.

use std::borrow::Cow;

/// The classes that are ASCII in Java, and Unicode's in the full engine: the letter of the escape,
/// and what the class holds.
const CLASSES: [(char, &str); 3] = [
    ('d', "0-9"),
    ('s', " \\t\\n\\x0B\\f\\r"),
    ('w', "A-Za-z0-9_"),
];

/// What `.` stands for: everything but Java's line terminators.
const ANY: &str = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// One character, in a form that both engines read alike.
    Character,
    /// What only the full engine reads, or what it may read in its own way.
    Special,
    /// `^` or `$`.
    Edge,
    /// The start of a group: `(`, `(?:`, `(?=` and so on.
    Open,
    /// `)`.
    Close,
    /// `|`.
    Or,
    /// `*`, `+`, `?`, or a counted repetition: how often at least and, where it ends, at most.
    Times(usize, Option<usize>),
}

impl Kind {
    /// How often an engine that doesn't count writes out what is repeated.
    pub(super) fn copies(self) -> usize {
        match self {
            Kind::Times(least, most) => most.unwrap_or(least),
            _ => 1,
        }
    }
}

/// A piece of a pattern.
#[derive(Debug)]
pub(super) struct Token<'p> {
    /// What it is.
    pub(super) kind: Kind,
    /// As the engines are to read it.
    pub(super) text: Cow<'p, str>,
}

/// The pieces of a pattern; none where flags or quotations would change what its characters mean,
/// and where an escape or a class doesn't end.
pub(super) fn tokens(pattern: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let written = |kind, length: usize| {
            let (text, after) = rest.split_at(length);
            let text = Cow::Borrowed(text);
            (Token { kind, text }, after)
        };
        let (token, after) = match first {
            '(' => written(Kind::Open, opening(rest)?),
            ')' => written(Kind::Close, 1),
            '|' => written(Kind::Or, 1),
            '^' | '$' => written(Kind::Edge, 1),
            '*' => written(Kind::Times(0, None), 1),
            '+' => written(Kind::Times(1, None), 1),
            '?' => written(Kind::Times(0, Some(1)), 1),
            '{' => match counted(rest) {
                Some((times, length)) => written(times, length),
                None => written(Kind::Special, 1),
            },
            '}' | ']' => written(Kind::Special, 1),
            '.' => {
                let text = Cow::Borrowed(ANY);
                (
                    Token {
                        kind: Kind::Character,
                        text,
                    },
                    &rest[1..],
                )
            }
            '\\' => rewritten(rest, |rest, text| escape(rest, false, text))?,
            '[' => rewritten(rest, class)?,
            _ => written(Kind::Character, first.len_utf8()),
        };
        tokens.push(token);
        rest = after;
    }
    Some(tokens)
}

/// The length of the start of a group; none where it sets flags.
fn opening(rest: &str) -> Option<usize> {
    let Some(kind) = rest.strip_prefix("(?") else {
        return Some(1);
    };
    match kind.chars().next() {
        Some(flag) if flag.is_ascii_lowercase() => None,
        Some(':' | '=' | '!' | '>' | '<') => Some(3),
        _ => Some(2),
    }
}

/// The counted repetition at the start, and its length.
fn counted(rest: &str) -> Option<(Kind, usize)> {
    let (bounds, _) = rest.strip_prefix('{')?.split_once('}')?;
    let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
    if !bounds
        .bytes()
        .all(|byte| byte == b',' || byte.is_ascii_digit())
    {
        return None;
    }
    let most = match most {
        "" => None,
        most => Some(most.parse().ok()?),
    };
    Some((Kind::Times(least.parse().ok()?, most), bounds.len() + 2))
}

/// The piece that `write` rewrites at the start, and what comes after it. `write` says whether
/// both engines read it alike.
fn rewritten<'p>(
    rest: &'p str,
    write: impl Fn(&'p str, &mut String) -> Option<(bool, &'p str)>,
) -> Option<(Token<'p>, &'p str)> {
    let mut text = String::new();
    let (is_alike, after) = write(rest, &mut text)?;
    let kind = match is_alike {
        true => Kind::Character,
        false => Kind::Special,
    };
    let text = Cow::Owned(text);
    Some((Token { kind, text }, after))
}

/// Rewrites the escape at the start: whether both engines read it alike, and what comes after it.
fn escape<'p>(rest: &'p str, in_class: bool, text: &mut String) -> Option<(bool, &'p str)> {
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
    // What belongs to the escape: `\x41`, `\x{e9}`, `\p{Alpha}`.
    let length = match escaped {
        'x' | 'p' | 'P' | 'N' if rest.starts_with('{') => rest.find('}')? + 1,
        'x' => 2,
        _ => 0,
    };
    text.push_str(rest.get(..length)?);
    let is_alike = match escaped {
        't' | 'n' | 'r' | 'f' | 'x' => true,
        // These are edges of words.
        '<' | '>' => in_class,
        _ => {
            known.is_some_and(|(letter, _)| !in_class || *letter == escaped)
                || escaped.is_ascii_punctuation()
        }
    };
    Some((is_alike, &rest[length..]))
}

/// Rewrites the class at the start, with the classes inside it: whether both engines read it
/// alike, and what comes after it.
fn class<'p>(rest: &'p str, text: &mut String) -> Option<(bool, &'p str)> {
    let inner = rest.strip_prefix('[')?;
    text.push('[');
    let mut rest = match inner.strip_prefix('^') {
        Some(inner) => {
            text.push('^');
            inner
        }
        None => inner,
    };
    let mut is_alike = !rest.starts_with(']');
    loop {
        let next = rest.chars().next()?;
        rest = match next {
            '\\' => {
                let (alike, after) = escape(rest, true, text)?;
                is_alike &= alike;
                after
            }
            // A class within a class.
            '[' => {
                is_alike = false;
                class(rest, text)?.1
            }
            _ => {
                // What both and only one of two classes hold.
                is_alike &= !["&&", "--", "~~"]
                    .iter()
                    .any(|twice| rest.starts_with(twice));
                text.push(next);
                &rest[next.len_utf8()..]
            }
        };
        if next == ']' {
            return Some((is_alike, rest));
        }
    }
}
