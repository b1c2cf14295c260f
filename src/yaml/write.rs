//! Writing YAML that CloudFormation reads back as the same value.
//!
//! The layout is this module's: two columns a level, lists within their key, scripts as literal
//! blocks. How a scalar must be quoted is decided by `serde-saphyr`, except for words that no
//! reader of YAML takes for anything else.

use serde::Serialize;
use serde_saphyr::LitStr;
use std::collections::BTreeMap;
use std::fmt;

/// A value that cannot be written.
#[derive(Debug)]
pub struct WriteError(serde_saphyr::SerializeError);

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write YAML: {}", self.0)
    }
}

impl std::error::Error for WriteError {}

/// Writes one document, ending in a newline.
///
/// # Errors
/// Text that no YAML scalar can hold.
pub fn to_string<T: Serialize>(value: &T) -> Result<String, WriteError> {
    let options = serde_saphyr::ser_options! {
        indent_step: 2,
        compact_list_indent: false,
        prefer_block_scalars: false,
    };
    serde_saphyr::to_string_with_options(value, options).map_err(WriteError)
}

/// A document while it is written, from top to bottom.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    /// Where keys and dashes of the present level stand.
    column: usize,
    cursor: Cursor,
}

/// What stands before the next value on its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cursor {
    /// Nothing yet.
    #[default]
    Line,
    /// A dash and its blank: the first key or dash of the item goes on behind it.
    Dash,
    /// A key or a tag: scalars go on behind it, collections on the next line.
    Label,
}

impl Writer {
    /// A document that begins with this text.
    pub fn new(text: String) -> Writer {
        Writer {
            text,
            ..Writer::default()
        }
    }

    /// What is written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// An empty line. It may stand before a key.
    pub fn blank(&mut self) {
        self.end_line();
        self.text.push('\n');
    }

    /// A key, and what `value` writes as its value.
    ///
    /// # Errors
    /// A key that no YAML scalar can hold, and those of `value`.
    pub fn entry(
        &mut self,
        key: &str,
        value: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.begin();
        if is_word(key) && !key.contains(':') {
            self.text.push_str(key);
        } else if is_base_60(key) {
            self.text.push_str(&format!("\"{key}\""));
        } else {
            let entry = to_string(&BTreeMap::from([(key, 0)]))?;
            let key = entry.strip_suffix(": 0\n").unwrap_or(&entry);
            self.text.push_str(key);
            // A key that is too long for its line is closed on the next.
            if key.ends_with('\n') {
                self.indent();
            }
        }
        self.text.push(':');
        self.within(Cursor::Label, value)
    }

    /// A list's dash, and what `value` writes as its item.
    ///
    /// # Errors
    /// Those of `value`.
    pub fn item(
        &mut self,
        value: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.begin();
        self.text.push_str("- ");
        self.within(Cursor::Dash, value)
    }

    /// A tag before the next value. A value takes one.
    pub fn tag(&mut self, name: &str) {
        self.separate();
        self.text.push('!');
        self.text.push_str(name);
        self.cursor = Cursor::Label;
    }

    /// Text: several lines become a literal block, as a person would write it.
    ///
    /// # Errors
    /// Text that no YAML scalar can hold.
    pub fn text(&mut self, text: &str) -> Result<(), WriteError> {
        if is_word(text) {
            self.literal(text);
        } else if is_base_60(text) {
            self.literal(&format!("\"{text}\""));
        } else if !is_block(text) {
            self.scalar(&text)?;
        } else if text.is_ascii() {
            self.block(text);
        } else {
            // Some characters can't stand in a block.
            let written = to_string(&LitStr(text))?;
            match written.starts_with('|') {
                true => self.block(text),
                false => self.literal(written.trim_end_matches('\n')),
            }
        }
        Ok(())
    }

    /// Any other scalar.
    ///
    /// # Errors
    /// What isn't a scalar of YAML.
    pub fn scalar(&mut self, scalar: &impl Serialize) -> Result<(), WriteError> {
        let written = to_string(scalar)?;
        self.literal(written.trim_end_matches('\n'));
        Ok(())
    }

    /// A scalar, or an empty collection, exactly as it is to stand there.
    pub fn literal(&mut self, written: &str) {
        self.separate();
        self.text.push_str(written);
        self.end_line();
    }

    fn block(&mut self, text: &str) {
        self.separate();
        let content = text.trim_end_matches('\n');
        self.text.push_str(match text.len() - content.len() {
            0 => "|-",
            1 => "|",
            _ => "|+",
        });
        self.end_line();
        for line in text.lines() {
            if !line.is_empty() {
                self.indent();
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    /// Goes where a key or a dash of the present level stands.
    fn begin(&mut self) {
        match self.cursor {
            Cursor::Dash => return,
            Cursor::Label => self.end_line(),
            Cursor::Line => {}
        }
        self.indent();
    }

    fn indent(&mut self) {
        const BLANKS: &str = "                                ";
        let mut left = self.column;
        while left > 0 {
            let some = left.min(BLANKS.len());
            self.text.push_str(&BLANKS[..some]);
            left -= some;
        }
    }

    fn separate(&mut self) {
        if self.cursor == Cursor::Label {
            self.text.push(' ');
        }
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.cursor = Cursor::Line;
    }

    fn within(
        &mut self,
        cursor: Cursor,
        value: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.cursor = cursor;
        self.column += 2;
        let written = value(self);
        self.column -= 2;
        written
    }
}

/// Whether a text needs no quotes for certain: every reader of YAML takes it as it stands. Most texts
/// of a template are such words.
fn is_word(text: &str) -> bool {
    /// What a reader takes for a boolean, a number or nothing, in whatever case.
    const RESERVED: [&str; 11] = [
        "y", "n", "on", "no", "yes", "off", "nan", "inf", "true", "null", "false",
    ];
    let bytes = text.as_bytes();
    let Some((first, last)) = bytes.first().zip(bytes.last()) else {
        return false;
    };
    let begins = first.is_ascii_alphabetic() || matches!(first, b'/' | b'$');
    let is_reserved = || RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word));
    let mut before = 0;
    begins
        && !matches!(last, b' ' | b':')
        && (text.len() > 5 || !is_reserved())
        && bytes.iter().all(|&byte| {
            let is_plain = match byte {
                b' ' => before != b':',
                b'#' => before != b' ',
                _ => byte.is_ascii_graphic(),
            };
            before = byte;
            is_plain
        })
}

/// Whether some reader takes a text for a number of base 60, such as `0:1` or `190:20:30.15`.
fn is_base_60(text: &str) -> bool {
    text.contains(':')
        && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'_' | b'+' | b'-'))
}

/// A block that starts with white space, or holds control characters, is read differently by
/// different parsers: those are quoted instead.
fn is_block(text: &str) -> bool {
    let is_control = |c: char| c.is_control() && c != '\n' && c != '\t';
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !if text.is_ascii() {
            // Without a way out in the middle, many bytes are looked at in one step.
            text.bytes()
                .fold(false, |found, byte| found | is_control(char::from(byte)))
        } else {
            text.chars().any(|c| is_control(c) || c == '\u{feff}')
        }
}
