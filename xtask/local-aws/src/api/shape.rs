//! Types of shapes: how a value becomes one and one becomes a value. Plain functions with a line a
//! member, since derived readers of some 300 types would take longer to compile than all else here.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Milliseconds since 1970; the protocols write it each in their way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Time(pub i64);

/// What a member of a request or an answer can be.
pub(crate) trait Shape: Sized {
    /// Out of a value that has been checked against the model; `None` where it is another type.
    fn take(value: Value) -> Option<Self>;
    fn give(self) -> Value;
    /// What stands for a member that isn't given.
    fn absent() -> Option<Self> {
        None
    }
}

/// An operation of a service.
pub(crate) trait Operation {
    const NAME: &'static str;
    type Input: Shape;
    type Output: Shape;
}

impl Shape for () {
    fn take(_: Value) -> Option<Self> {
        Some(())
    }
    fn give(self) -> Value {
        Value::Object(Map::new())
    }
}

impl Shape for String {
    fn take(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
    fn give(self) -> Value {
        Value::String(self)
    }
}

impl Shape for bool {
    fn take(value: Value) -> Option<Self> {
        value.as_bool()
    }
    fn give(self) -> Value {
        Value::Bool(self)
    }
}

impl Shape for i64 {
    fn take(value: Value) -> Option<Self> {
        value.as_i64()
    }
    fn give(self) -> Value {
        Value::from(self)
    }
}

impl Shape for f64 {
    fn take(value: Value) -> Option<Self> {
        value.as_f64()
    }
    fn give(self) -> Value {
        Value::from(self)
    }
}

impl Shape for Time {
    fn take(value: Value) -> Option<Self> {
        value.as_i64().map(Time)
    }
    fn give(self) -> Value {
        Value::from(self.0)
    }
}

impl<T: Shape> Shape for Option<T> {
    fn take(value: Value) -> Option<Self> {
        T::take(value).map(Some)
    }
    fn give(self) -> Value {
        self.map_or(Value::Null, T::give)
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn take(value: Value) -> Option<Self> {
        match value {
            Value::Array(items) => items.into_iter().map(T::take).collect(),
            _ => None,
        }
    }
    fn give(self) -> Value {
        self.into_iter().map(T::give).collect()
    }
    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn take(value: Value) -> Option<Self> {
        match value {
            Value::Object(entries) => entries
                .into_iter()
                .map(|(key, value)| Some((key, T::take(value)?)))
                .collect(),
            _ => None,
        }
    }
    fn give(self) -> Value {
        self.into_iter()
            .map(|(key, value)| (key, value.give()))
            .collect()
    }
    fn absent() -> Option<Self> {
        Some(BTreeMap::new())
    }
}

pub(crate) fn member<T: Shape>(fields: &mut Map<String, Value>, name: &str) -> Option<T> {
    match fields.remove(name) {
        None | Some(Value::Null) => T::absent(),
        Some(value) => T::take(value),
    }
}

pub(crate) fn put(fields: &mut Map<String, Value>, name: &str, value: impl Shape) {
    let value = value.give();
    if !value.is_null() {
        fields.insert(name.to_owned(), value);
    }
}

/// A structure, and how it becomes a value.
macro_rules! shape {
    ($name:ident $($field:ident: $kind:ty = $member:literal;)*) => {
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(crate) struct $name { $(pub $field: $kind,)* }

        impl $crate::api::Shape for $name {
            #[allow(unused_mut, unused_variables, reason = "a structure may have no members")]
            fn take(value: serde_json::Value) -> Option<Self> {
                let serde_json::Value::Object(mut fields) = value else {
                    return None;
                };
                Some(Self { $($field: $crate::api::shape::member(&mut fields, $member)?,)* })
            }
            #[allow(unused_mut, reason = "a structure may have no members")]
            fn give(self) -> serde_json::Value {
                let mut fields = serde_json::Map::new();
                $($crate::api::shape::put(&mut fields, $member, self.$field);)*
                serde_json::Value::Object(fields)
            }
        }
    };
}
pub(crate) use shape;

/// A marker that ties the name of an operation to its types.
macro_rules! operation {
    ($name:ident($input:ty) -> $output:ty) => {
        pub(crate) enum $name {}

        impl $crate::api::Operation for $name {
            const NAME: &'static str = stringify!($name);
            type Input = $input;
            type Output = $output;
        }
    };
}
pub(crate) use operation;
