//! `Fn::Sub` text: parsed, and every variable bound to a handle.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>

use super::{Intrinsic, Map, Node, Value};
use memchr::memchr_iter;
use std::fmt;

/// A piece of `Fn::Sub` text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// `${Name}` or `${Name.Attribute}`.
    Variable(&'a str),
    /// `${!Name}`: comes out as `${Name}`.
    Escaped(&'a str),
}

/// Text that `Fn::Sub` can't take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubError {
    /// `${` without its `}`, at this byte.
    Unclosed(usize),
    /// `${…}` around something that is no name.
    BadName(String),
}

impl fmt::Display for SubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubError::Unclosed(at) => write!(f, "the `${{` at byte {at} has no `}}`"),
            SubError::BadName(name) => write!(
                f,
                "`${{{name}}}` is no variable; a shell variable is written `${{!{name}}}`"
            ),
        }
    }
}

impl std::error::Error for SubError {}

/// Cuts `Fn::Sub` text into its pieces.
///
/// # Errors
/// A `${` that isn't closed, or that holds something else than a name.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, SubError> {
    // Few texts have more.
    let mut pieces = Vec::with_capacity(8);
    let mut rest = text;
    while let Some(start) = opening(rest) {
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        let body = &rest[start + 2..];
        // A name is short: a byte at a time finds its end soonest.
        let end = (body.bytes().position(|byte| byte == b'}'))
            .ok_or(SubError::Unclosed(text.len() - rest.len() + start))?;
        let inside = &body[..end];
        pieces.push(if let Some(escaped) = inside.strip_prefix('!') {
            Piece::Escaped(escaped)
        } else if is_name(inside) {
            Piece::Variable(inside)
        } else if is_name(inside.trim()) {
            Piece::Variable(inside.trim())
        } else {
            return Err(SubError::BadName(inside.to_owned()));
        });
        rest = &body[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// Where the first `${` stands: by its first character, which is found far sooner than a text of
/// two.
fn opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr_iter(b'$', bytes).find(|at| bytes.get(at + 1) == Some(&b'{'))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'_'))
}

/// `Fn::Sub` text with local variable names, each bound to a value.
///
/// Pseudo-parameters (`${AWS::Region}`) need no binding. A variable that nothing was bound to, a
/// binding that the text doesn't use and text that doesn't parse stay visible in the function, and
/// [`super::Builder::build`] refuses them.
#[derive(Clone, Debug)]
pub struct Sub {
    text: String,
    bindings: Map,
}

impl Sub {
    /// Text whose variables are bound with [`Sub::with`].
    pub fn new(text: impl Into<String>) -> Sub {
        Sub {
            text: text.into(),
            bindings: Map::default(),
        }
    }

    /// Binds a variable of the text to a value.
    #[must_use]
    pub fn with<T>(mut self, name: &str, value: impl Into<Value<T>>) -> Sub {
        self.bindings
            .insert(name.to_owned(), value.into().into_node());
        self
    }

    /// The function: plain references and literals stand in the text itself, other values in its
    /// map of variables.
    pub fn into_intrinsic(self) -> Intrinsic {
        let as_it_is = |sub: Sub| Intrinsic::Sub {
            text: sub.text,
            variables: sub.bindings,
        };
        if self.bindings.is_empty() {
            return as_it_is(self);
        }
        let Ok(pieces) = pieces(&self.text) else {
            return as_it_is(self);
        };
        let mut variables = self.bindings.clone();
        let mut text = String::with_capacity(self.text.len());
        for piece in pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Escaped(name) => text.extend(["${!", name, "}"]),
                Piece::Variable(name) => match self.bindings.get(name).map(in_text) {
                    Some(Some(inlined)) => {
                        variables.shift_remove(name);
                        text.push_str(&inlined);
                    }
                    Some(None) | None => text.extend(["${", name, "}"]),
                },
            }
        }
        Intrinsic::Sub { text, variables }
    }
}

impl From<Sub> for Value<String> {
    fn from(sub: Sub) -> Self {
        Value::from_node(sub.into_intrinsic().into())
    }
}

/// `Fn::Sub` without variables of its own: pseudo-parameters only.
pub fn sub(text: &str) -> Value<String> {
    Sub::new(text).into()
}

/// A value as it can stand in the text itself.
fn in_text(node: &Node) -> Option<String> {
    match node.as_intrinsic() {
        Some(Intrinsic::Ref(target)) => Some(format!("${{{target}}}")),
        Some(Intrinsic::GetAtt {
            resource,
            attribute,
        }) => Some(format!("${{{resource}.{attribute}}}")),
        Some(_) => None,
        None => node
            .scalar_text()
            .map(|literal| literal.replace("${", "${!")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_text_variables_and_escapes() {
        assert_eq!(
            pieces("a ${B.C} ${!D} ${AWS::Region}").unwrap(),
            [
                Piece::Text("a "),
                Piece::Variable("B.C"),
                Piece::Text(" "),
                Piece::Escaped("D"),
                Piece::Text(" "),
                Piece::Variable("AWS::Region"),
            ]
        );
        assert_eq!(pieces("x ${y"), Err(SubError::Unclosed(2)));
        assert_eq!(pieces("${a:-b}"), Err(SubError::BadName("a:-b".into())));
    }

    #[test]
    fn literals_and_references_stand_in_the_text() {
        let region: Value<String> = crate::cfn::pseudo::region();
        let sub = Sub::new("${where}-${name}")
            .with("where", region)
            .with::<String>("name", "a${b}");
        assert_eq!(
            sub.into_intrinsic(),
            Intrinsic::Sub {
                text: "${AWS::Region}-a${!b}".into(),
                variables: Map::default()
            }
        );
    }
}
