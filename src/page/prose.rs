//! Sentences in which names stand between backticks, as notes and impacts are written.

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A name that stands between backticks, without them.
    Code(&'a str),
}

/// The pieces of a sentence, in order. A backtick that none closes is one of the words.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, name, after)) = first_name(rest) {
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        pieces.push(Piece::Code(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// What stands before the first name, the name, and what stands after it.
fn first_name(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.split_once('`')?;
    let (name, after) = rest.split_once('`')?;
    (!name.is_empty()).then_some((words, name, after))
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Words};
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        assert_eq!(
            pieces("no longer takes `t3.nano`, `16`: sorry"),
            [
                Words("no longer takes "),
                Code("t3.nano"),
                Words(", "),
                Code("16"),
                Words(": sorry")
            ]
        );
        assert_eq!(pieces("`a"), [Words("`a")]);
        assert_eq!(pieces(""), []);
    }
}
