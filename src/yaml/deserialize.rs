//! Values from the located tree: a file is parsed once, for its schema and for its type.

use super::tree::{Content, Key, Location, Tree};
use super::{Scalar, resolve};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use std::fmt;

/// The name under which [`super::Located`] asks for the place of its value as well.
pub(super) const LOCATED: &str = "cloudformation::yaml::Located";

/// What a type refuses, and where.
#[derive(Debug)]
pub struct DeserializeError {
    /// Where, as far as it is known.
    pub at: Option<Location>,
    /// Why.
    pub message: String,
}

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DeserializeError {}

impl de::Error for DeserializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        DeserializeError {
            at: None,
            message: message.to_string(),
        }
    }
}

/// What a plain scalar is in files that people write: `yes` and `0x1F` are text there.
pub(super) fn plain(text: &str) -> Scalar<'_> {
    match resolve(text) {
        Scalar::Bool(value) if !text.eq_ignore_ascii_case(if value { "true" } else { "false" }) => {
            Scalar::String(text)
        }
        Scalar::Ambiguous(text) => Scalar::String(text),
        scalar => scalar,
    }
}

impl Tree {
    /// The innermost place is the one that is named.
    fn at<T>(&self, result: Result<T, DeserializeError>) -> Result<T, DeserializeError> {
        result.map_err(|refusal| DeserializeError {
            at: refusal.at.or(Some(self.at)),
            ..refusal
        })
    }

    fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            Content::Sequence(_) | Content::Mapping(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, plain: true } if plain(text) == Scalar::Null)
    }
}

impl<'de> Deserializer<'de> for &'de Tree {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.at(match &self.content {
            Content::Scalar { text, plain: false } => visitor.visit_borrowed_str(text),
            Content::Scalar { text, plain: true } => match plain(text) {
                Scalar::Null => visitor.visit_unit(),
                Scalar::Bool(value) => visitor.visit_bool(value),
                Scalar::Integer(value) => visitor.visit_i64(value),
                Scalar::Float(value) => visitor.visit_f64(value),
                Scalar::String(_) | Scalar::Ambiguous(_) => visitor.visit_borrowed_str(text),
            },
            Content::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            Content::Mapping(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                value: None,
            }),
        })
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.text() {
            Some(text) => self.at(visitor.visit_borrowed_str(text)),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.is_null() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        newtype(self, self.at, name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.at(match &self.content {
            Content::Scalar { text, .. } => {
                visitor.visit_enum(BorrowedStrDeserializer::<DeserializeError>::new(text))
            }
            Content::Mapping(entries) => match entries.as_slice() {
                [(key, value)] => visitor.visit_enum(Variant { key, value }),
                _ => Err(de::Error::custom(
                    "one key is wanted, which names the choice",
                )),
            },
            Content::Sequence(_) => Err(de::Error::custom("a choice is wanted, not a list")),
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct ignored_any
    }
}

/// The items of a sequence.
struct Items<'de>(std::slice::Iter<'de, Tree>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DeserializeError> {
        let item = self.0.next();
        item.map(|item| item.at(seed.deserialize(item))).transpose()
    }
}

/// The entries of a mapping.
struct Entries<'de> {
    rest: std::slice::Iter<'de, (Key, Tree)>,
    value: Option<&'de Tree>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = DeserializeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DeserializeError> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(key)
            .map(Some)
            .map_err(|refusal| DeserializeError {
                at: refusal.at.or(Some(key.at)),
                ..refusal
            })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DeserializeError> {
        match self.value.take() {
            Some(value) => value.at(seed.deserialize(value)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// The key of an entry: a text, or the name of a choice.
impl<'de> Deserializer<'de> for &'de Key {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_borrowed_str(&self.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        newtype(self, self.at, name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_enum(BorrowedStrDeserializer::<DeserializeError>::new(&self.text))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A type around another: with its place where that is wanted, as it is otherwise.
fn newtype<'de, D, V>(
    value: D,
    at: Location,
    name: &str,
    visitor: V,
) -> Result<V::Value, DeserializeError>
where
    D: Deserializer<'de, Error = DeserializeError> + Copy,
    V: Visitor<'de>,
{
    match name {
        LOCATED => visitor.visit_seq(Parts::of(value, at)),
        _ => visitor.visit_newtype_struct(value),
    }
}

/// Line, column and value, for [`super::Located`].
struct Parts<D> {
    at: Location,
    value: D,
    given: usize,
}

impl<D> Parts<D> {
    fn of(value: D, at: Location) -> Parts<D> {
        Parts {
            at,
            value,
            given: 0,
        }
    }
}

impl<'de, D: Deserializer<'de, Error = DeserializeError> + Copy> SeqAccess<'de> for Parts<D> {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DeserializeError> {
        self.given += 1;
        match self.given {
            1 => seed.deserialize(self.at.line.into_deserializer()),
            2 => seed.deserialize(self.at.column.into_deserializer()),
            _ => seed.deserialize(self.value),
        }
        .map(Some)
    }
}

/// A choice that holds something: `released: {…}`.
struct Variant<'de> {
    key: &'de Key,
    value: &'de Tree,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DeserializeError;
    type Variant = &'de Tree;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, &'de Tree), DeserializeError> {
        let name = seed.deserialize(BorrowedStrDeserializer::<DeserializeError>::new(
            &self.key.text,
        ))?;
        Ok((name, self.value))
    }
}

impl<'de> VariantAccess<'de> for &'de Tree {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<(), DeserializeError> {
        match self.is_null() {
            true => Ok(()),
            false => self.at(Err(de::Error::custom("this choice holds nothing"))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DeserializeError> {
        self.at(seed.deserialize(self))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Located, read};
    use indexmap::IndexMap;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    enum Choice {
        Nothing,
        Number(u8),
        Fields { name: String },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct File {
        text: String,
        plain: String,
        none: Option<u32>,
        some: Option<f64>,
        flag: bool,
        located: Located<String>,
        map: IndexMap<Located<String>, Vec<i64>>,
        choices: Vec<Choice>,
    }

    const TEXT: &str = "text: 'yes'\nplain: yes\nnone: ~\nsome: 1.5\nflag: true\nlocated: here\n\
                        map: {a: [1, -2]}\nchoices: [nothing, number: 7, fields: {name: 012}]\n";

    #[test]
    fn every_form_is_read() {
        let file = File::deserialize(&read(TEXT).unwrap()).unwrap();
        assert_eq!((file.text.as_str(), file.plain.as_str()), ("yes", "yes"));
        assert_eq!((file.none, file.some, file.flag), (None, Some(1.5), true));
        assert_eq!(file.located.value, "here");
        assert_eq!((file.located.at.line, file.located.at.column), (6, 10));
        assert_eq!(file.map["a"], [1, -2]);
        let (key, _) = file.map.first().unwrap();
        assert_eq!((key.at.line, key.at.column), (7, 7));
        let fields = Choice::Fields {
            name: "012".to_owned(),
        };
        assert_eq!(file.choices, [Choice::Nothing, Choice::Number(7), fields]);
    }

    #[test]
    fn a_refusal_names_the_innermost_place() {
        for (right, wrong, line, column) in [
            ("number: 7", "number: 700", 8, 28),
            ("-2", "x", 7, 14),
            ("flag: true", "flag: 1", 5, 7),
            ("nothing", "nothin", 8, 11),
            ("flag:", "flags:", 5, 1),
        ] {
            let text = TEXT.replace(right, wrong);
            let refusal = File::deserialize(&read(&text).unwrap()).unwrap_err();
            let at = refusal.at.unwrap();
            assert_eq!((at.line, at.column), (line, column), "{wrong}: {refusal}");
        }
    }
}
