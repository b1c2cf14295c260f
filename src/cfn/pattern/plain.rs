//! Patterns in the engine that knows no look-around, and is ready in a fiftieth of the time.
//!
//! Most patterns need nothing else, once the look-aheads with which they begin are taken off:
//! `(?!a)(?=b)c` says that a value doesn't begin with `a`, that it begins with `b`, and that all
//! of it is `c`.

use super::token::{Kind, Token};
use regex_lite::Regex;
use std::ops::RangeInclusive;

/// Above so many repetitions, the full engine is quicker: it counts, and this one writes its
/// automaton out that often.
const REPEATED: usize = 200;

/// Any number of characters.
const ANY_LENGTH: RangeInclusive<usize> = 0..=usize::MAX;

/// A pattern in the plain engine: a value matches where one of the choices holds.
pub(super) struct Plain(Vec<Vec<Condition>>);

/// What is asked of a value.
struct Condition {
    regex: Regex,
    /// How many characters the value has, if it matches.
    length: RangeInclusive<usize>,
    /// Whether the value is to match, or not to match.
    matches: bool,
}

impl Condition {
    fn holds(&self, value: &str) -> bool {
        let has_length =
            || self.length == ANY_LENGTH || self.length.contains(&value.chars().count());
        (self.regex.is_match(value) && has_length()) == self.matches
    }
}

impl Plain {
    /// The pattern of these pieces; none where it takes the full engine to read it.
    pub(super) fn of(tokens: &[Token<'_>]) -> Option<Plain> {
        let is_plain = !tokens.iter().any(|token| looks_ahead(token).is_some());
        let choices = match is_plain {
            true => vec![tokens],
            false => choices(tokens)?,
        };
        let choices = choices.into_iter().map(conditions);
        Some(Plain(choices.collect::<Option<_>>()?))
    }

    /// Whether a whole value matches.
    pub(super) fn is_match(&self, value: &str) -> bool {
        let all_hold = |all: &Vec<Condition>| all.iter().all(|one| one.holds(value));
        self.0.iter().any(all_hold)
    }
}

/// Whether what a group looks ahead for is to be there, where the piece begins such a group.
fn looks_ahead(token: &Token<'_>) -> Option<bool> {
    match (token.kind, token.text.as_ref()) {
        (Kind::Open, "(?=") => Some(true),
        (Kind::Open, "(?!") => Some(false),
        _ => None,
    }
}

/// The choices of a pattern: what stands between the `|` outside its groups.
fn choices<'t, 'p>(tokens: &'t [Token<'p>]) -> Option<Vec<&'t [Token<'p>]>> {
    let mut choices = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.checked_sub(1)?,
            Kind::Or if depth == 0 => {
                choices.push(&tokens[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    choices.push(&tokens[start..]);
    Some(choices)
}

/// What a choice asks of a value: its look-aheads, and what remains, of all of the value.
fn conditions(tokens: &[Token<'_>]) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        if let Some(matches) = looks_ahead(first) {
            let end = closing(rest)?;
            conditions.push(look_ahead(&rest[1..end], matches)?);
            rest = &rest[end + 1..];
        } else if first.kind == Kind::Edge && first.text == "^" {
            rest = &rest[1..];
        } else {
            break;
        }
    }
    conditions.push(Condition {
        regex: compiled("^(?:", rest, ")$")?,
        length: ANY_LENGTH,
        matches: true,
    });
    Some(conditions)
}

/// What a look-ahead at the start asks of a value.
fn look_ahead(tokens: &[Token<'_>], matches: bool) -> Option<Condition> {
    let (regex, length) = match tokens {
        // `.{1,800}$` is a question of length.
        [
            Token {
                kind: Kind::Character,
                ..
            },
            Token {
                kind: Kind::Times(least, most),
                ..
            },
            Token {
                kind: Kind::Edge,
                text,
            },
        ] if text == "$" => {
            let length = *least..=most.unwrap_or(usize::MAX);
            (compiled("^(?:", &tokens[..1], ")*$")?, length)
        }
        _ => (compiled("^(?:", tokens, ")")?, ANY_LENGTH),
    };
    Some(Condition {
        regex,
        length,
        matches,
    })
}

/// Where the group ends that these pieces begin with.
fn closing(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// The pieces made ready; none where the two engines may read them differently.
fn compiled(before: &str, tokens: &[Token<'_>], after: &str) -> Option<Regex> {
    let mut text = before.to_owned();
    // Of each open group: whether it holds a character. Nothing else can be repeated.
    let mut groups = vec![false];
    let mut is_repeatable = false;
    for token in tokens {
        let mut piece = token.text.as_ref();
        is_repeatable = match token.kind {
            Kind::Special => return None,
            Kind::Open if !matches!(piece, "(" | "(?:") => return None,
            Kind::Open => {
                groups.push(false);
                // Groups only group: to remember what they held takes time.
                piece = "(?:";
                false
            }
            Kind::Close => {
                let group = groups.pop()?;
                *groups.last_mut()? |= group;
                group
            }
            Kind::Character => {
                *groups.last_mut()? = true;
                true
            }
            // What follows a repetition makes it lazy or possessive.
            Kind::Times(..) if !is_repeatable || token.kind.copies() > REPEATED => return None,
            Kind::Times(..) | Kind::Edge | Kind::Or => false,
        };
        text.push_str(piece);
    }
    text.push_str(after);
    Regex::new(&text).ok()
}
