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
    let of_handle = code.split_once('.').is_some_and(|(name, _)| is_name(name));
    of_handle || FUNCTIONS.iter().any(|function| code.starts_with(function))
}

/// An attribute that no generated type has.
pub fn custom_attribute(variable: &str, kind: &str, attribute: &str) -> String {
    format!("{variable}.attribute(&CustomAttribute::<{kind}, String>::new({attribute:?}))")
}

/// Text as a literal: raw where it has quotes or lines.
pub fn text(value: &str) -> String {
    let is_plain = |c: char| c != '\r' && (c == '\n' || !c.is_control());
    let is_raw = (value.contains('"') || value.contains('\\') || value.contains('\n'))
        && value.chars().all(is_plain);
    if !is_raw {
        return format!("{value:?}");
    }
    let mut hashes = "#".to_owned();
    while value.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{value}\"{hashes}")
}
