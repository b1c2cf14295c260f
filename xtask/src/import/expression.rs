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
const LEAST: usize = 20;

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

/// A literal that is broken between words, and where one is longer than a line behind what parts it. What
/// begins a line of it is no blank: Rust leaves those out.
fn broken(value: &str, room: usize) -> String {
    let mut lines = vec![String::new()];
    let words = value.split_inclusive(' ');
    let parts = words.flat_map(|word| match word.len() > room {
        true => word.split_inclusive(['/', ':', ',', '|', '&']).collect(),
        false => vec![word],
    });
    for word in parts {
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

/// Formatted code whose broken literals go on below where they begin.
pub fn aligned(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    // Where the text of the literal begins that the line before has left open.
    let mut open: Option<usize> = None;
    for line in code.split_inclusive('\n') {
        if let Some(column) = open {
            out.push_str(&" ".repeat(column));
        } else if line.trim_start().starts_with("//") {
            out.push_str(line);
            continue;
        }
        out.push_str(line);
        let mut chars = line.trim_end().chars().enumerate().peekable();
        let mut is_raw = false;
        while let Some((at, c)) = chars.next() {
            match (open, c) {
                (None, 'r') => is_raw = matches!(chars.peek(), Some((_, '"' | '#'))),
                (None, '"') if is_raw => break,
                // Far to the right nobody has formatted it.
                (None, '"') => open = Some(if at < LINE { at + 1 } else { 0 }),
                (Some(_), '\\') => drop(chars.next()),
                (Some(_), '"') => open = None,
                _ => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{aligned, text};

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
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine/a-very-long-name/of/a/thing";
        assert_eq!(
            text(arn),
            "\"arn:aws:states:us-east-1:123456789012:stateMachine/a-very-long-name/of/\\\na/thing\""
        );
    }

    #[test]
    fn what_goes_on_stands_below_where_it_begins() {
        let code =
            "    a(\n        \"one \\\ntwo \\\nthree\",\n        r\"\\\",\n    );\n// \"x \\\nb\n";
        assert_eq!(
            aligned(code),
            "    a(\n        \"one \\\n         two \\\n         three\",\n        r\"\\\",\n    );\n// \"x \\\nb\n"
        );
    }
}
