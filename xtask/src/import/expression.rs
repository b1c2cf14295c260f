//! Expressions of Rust, with what they yield.

/// An expression, with the `T` of the `Value<T>` that it yields; none where it yields no value.
pub struct Expression {
    /// Rust.
    pub code: String,
    /// `String`, `List<String>`, `s3::Rule`.
    pub kind: Option<String>,
}

impl Expression {
    /// The expression of a type.
    pub fn new(code: impl Into<String>, kind: &str) -> Expression {
        Expression {
            code: code.into(),
            kind: Some(kind.to_owned()),
        }
    }

    /// The expression where a `Value` of this type is wanted.
    pub fn of_kind(self, wanted: &str) -> String {
        match self.kind.as_deref() {
            Some(kind) if kind == wanted => self.code,
            Some("i64") if wanted == "f64" => self.code,
            // The handle of a number.
            Some("i64") if wanted == "String" && self.code.starts_with('&') => {
                format!("{}.text()", self.code.trim_start_matches('&'))
            }
            None => format!("Value::<{wanted}>::no_value()"),
            _ => format!("untyped({})", self.code),
        }
    }

    /// The expression in a document.
    pub fn in_document(self) -> String {
        match self.kind {
            Some(_) => self.code,
            None => self.of_kind("String"),
        }
    }
}

/// An expression as a `Value` of a type, where values of other forms stand beside it.
pub fn as_value(code: String, rust: &str) -> String {
    if let Some(document) = code.strip_prefix("untyped(") {
        return format!("untyped::<{rust}>({document}");
    }
    match is_value(&code) {
        true => code,
        false => format!("Value::<{rust}>::from({code})"),
    }
}

/// Whether an expression is a `Value` already: a function, or a method of a handle.
fn is_value(code: &str) -> bool {
    const FUNCTIONS: [&str; 13] = [
        "Value::<",
        "base64(",
        "cidr(",
        "find_in_map(",
        "function::<",
        "get_azs(",
        "if_else::<",
        "import_value(",
        "join(",
        "pseudo::",
        "select::<",
        "split(",
        "untyped::<",
    ];
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    // Text of a file is none yet.
    let of_handle = code
        .split_once('.')
        .is_some_and(|(name, _)| is_name(name) && name != "context");
    of_handle || FUNCTIONS.iter().any(|function| code.starts_with(function))
}

/// An attribute that no generated type has.
pub fn custom_attribute(variable: &str, kind: &str, attribute: &str) -> String {
    format!("{variable}.attribute(&CustomAttribute::<{kind}, String>::new({attribute:?}))")
}

/// Longer than this, a text stands on several lines.
pub const LINE: usize = 72;

/// Less than this is no line to read.
const LEAST: usize = 32;

/// Text as a literal: raw where it has quotes, on several lines where it is long and has words.
pub fn text(value: &str) -> String {
    text_within(value, LINE)
}

/// The same, where there is less room.
pub fn text_within(value: &str, room: usize) -> String {
    let room = room.max(LEAST);
    let is_raw =
        value.contains(['"', '\\']) && value.len() <= room && !value.chars().any(char::is_control);
    if !is_raw {
        return match value.len() > room {
            true => broken(value, room),
            false => format!("{value:?}"),
        };
    }
    let mut hashes = String::new();
    while value.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{value}\"{hashes}")
}

/// A literal that is broken between words. What begins a line of it is no blank: Rust leaves those out.
fn broken(value: &str, room: usize) -> String {
    let mut lines = vec![String::new()];
    for word in value.split_inclusive(' ') {
        let is_blank = word == " ";
        let word = format!("{word:?}");
        let word = &word[1..word.len() - 1];
        match lines.last_mut() {
            Some(line) if line.is_empty() || is_blank || line.len() + word.len() <= room => {
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    format!("\"{}\"", lines.join("\\\n"))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_text_is_written_as_a_person_would() {
        assert_eq!(text("a"), r#""a""#);
        assert_eq!(text("a \"b\""), r##"r#"a "b""#"##);
        assert_eq!(text(r"\d"), r#"r"\d""#);
        assert_eq!(text("a\nb"), r#""a\nb""#);
        let long = "word  and ".repeat(12);
        let written = text(&long);
        assert!(written.lines().count() > 1, "{written}");
        // As Rust reads it.
        let read: String = written
            .trim_matches('"')
            .split("\\\n")
            .map(str::trim_start)
            .collect();
        assert_eq!(read, long);
    }
}
