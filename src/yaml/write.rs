//! Writing YAML that CloudFormation reads back as the same value.

use serde::{Serialize, Serializer};
use serde_saphyr::LitStr;
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

/// Text as a person would write it: several lines become a literal block.
pub struct Text<'a>(pub &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Text(text) = self;
        if is_block(text) {
            LitStr(text).serialize(serializer)
        } else {
            serializer.serialize_str(text)
        }
    }
}

/// A block that starts with white space, or holds control characters, is read differently by
/// different parsers: those are quoted instead.
fn is_block(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text
            .chars()
            .any(|c| (c.is_control() && c != '\n' && c != '\t') || c == '\u{feff}')
}
