//! What YAML 1.1 makes of a plain scalar: the rules CloudFormation reads templates by.
//!
//! Types: <https://yaml.org/type/>. Timestamps stay text: CloudFormation takes
//! `AWSTemplateFormatVersion: 2010-09-09` and policy versions as written.

/// A typed plain scalar; text stays where it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Nothing, `~`, `null`.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Bool(bool),
    /// A decimal whole number without leading zero.
    Integer(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// Text.
    String(&'a str),
    /// Text that looks like a number in a base or notation which readers disagree about
    /// (`012`, `1_000`, `12:30`, `0x1F`): it must be quoted to mean anything.
    Ambiguous(&'a str),
}

/// Resolves a plain scalar.
pub fn resolve(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        _ => {}
    }
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Scalar::String(text);
    }
    let digits = !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit());
    if digits && (body == "0" || !body.starts_with('0')) {
        return text
            .parse()
            .map_or_else(|_| Scalar::Ambiguous(text), Scalar::Integer);
    }
    // With an 8 or a 9 it is no octal number: text, as CloudFormation reads account ids.
    if digits && body.bytes().any(|b| matches!(b, b'8' | b'9')) {
        return Scalar::String(text);
    }
    let based = body.len() > 2
        && (body.starts_with("0x") || body.starts_with("0b") || body.starts_with("0o"))
        && body
            .bytes()
            .skip(2)
            .all(|b| b.is_ascii_hexdigit() || b == b'_');
    let underscored = body.contains('_')
        && body
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.'));
    if digits || based || underscored || is_sexagesimal(body) {
        return Scalar::Ambiguous(text);
    }
    let float = body.bytes().any(|b| b.is_ascii_digit())
        && body
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && body.contains('.');
    match (float, text.parse::<f64>()) {
        (true, Ok(number)) if number.is_finite() => Scalar::Float(number),
        _ => Scalar::String(text),
    }
}

/// `12:30`, `1:2:3`: base 60 in YAML 1.1. All parts but the first are below 60.
fn is_sexagesimal(body: &str) -> bool {
    let mut parts = body.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    !rest.is_empty()
        && !first.is_empty()
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && rest.iter().all(|part| {
            !part.is_empty()
                && part.len() <= 2
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse::<u8>().is_ok_and(|n| n < 60)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_as_yaml_1_1_does() {
        let cases = [
            ("yes", Scalar::Bool(true)),
            ("Off", Scalar::Bool(false)),
            ("", Scalar::Null),
            ("-17", Scalar::Integer(-17)),
            ("1.5", Scalar::Float(1.5)),
            ("2010-09-09", Scalar::String("2010-09-09")),
            ("10.50.0.0/16", Scalar::String("10.50.0.0/16")),
            ("1.2.3", Scalar::String("1.2.3")),
            ("t3a.small", Scalar::String("t3a.small")),
            ("012", Scalar::Ambiguous("012")),
            ("098765432109", Scalar::String("098765432109")),
            ("1_000", Scalar::Ambiguous("1_000")),
            ("12:30:45", Scalar::Ambiguous("12:30:45")),
            ("0x1F", Scalar::Ambiguous("0x1F")),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }
}
