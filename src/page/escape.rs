//! Text as Markdown that reads as the text.

use super::prose::{Piece, pieces};

/// A sentence as Markdown: its words read as themselves, its names are code.
pub(super) fn escape_words(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    push_words(text, &mut escaped);
    escaped
}

/// As [`escape_words`], behind what stands there already.
pub(super) fn push_words(text: &str, escaped: &mut String) {
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => push_markdown(words, escaped),
            Piece::Code(name) => push_code(name, escaped),
        }
    }
}

/// A code span that stands in a table's cell, too.
pub(super) fn code_span(text: &str) -> String {
    let mut code = String::with_capacity(text.len() + 2);
    push_code(text, &mut code);
    code
}

/// Text as Markdown that reads as the text; addresses become links.
pub(super) fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    push_markdown(text, &mut escaped);
    escaped
}

fn push_code(text: &str, code: &mut String) {
    if !text.bytes().any(|byte| matches!(byte, b'|' | b'\n' | b'`')) {
        return code.extend(["`", text, "`"]);
    }
    let text = text.replace('|', "\\|").replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    code.extend([&fence, pad, &text, pad, &fence]);
}

fn push_markdown(text: &str, escaped: &mut String) {
    if !text.contains('\n') && !text.contains("://") {
        return push_escaped(text, escaped);
    }
    for (index, word) in text.split([' ', '\n']).enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        if word.starts_with("https://") || word.starts_with("http://") {
            let address = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
            let rest = &word[address.len()..];
            escaped.extend(["<", address, ">", rest]);
        } else {
            push_escaped(word, escaped);
        }
    }
}

fn push_escaped(text: &str, escaped: &mut String) {
    let mut told = 0;
    for (at, byte) in text.bytes().enumerate() {
        if matches!(
            byte,
            b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'>' | b'|'
        ) {
            escaped.extend([&text[told..at], "\\"]);
            told = at;
        }
    }
    escaped.push_str(&text[told..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_as_itself_in_a_table() {
        assert_eq!(escape_markdown("a|b *c* <d>\ne"), "a\\|b \\*c\\* \\<d\\> e");
        assert_eq!(
            escape_markdown("see https://example.org/a_b."),
            "see <https://example.org/a_b>."
        );
        assert_eq!(code_span("a|b"), "`a\\|b`");
        assert_eq!(code_span("`a`"), "`` `a` ``");
        assert_eq!(
            escape_words("Size_1 no longer takes `a|b`, `c_d`: a*b"),
            "Size\\_1 no longer takes `a\\|b`, `c_d`: a\\*b"
        );
    }
}
