//! Handles of resources: the only way to refer to one.

use super::{Intrinsic, Value};
use std::fmt;
use std::marker::PhantomData;

/// A declared resource: the only way to refer to one.
pub struct Handle<R> {
    logical_id: String,
    kind: PhantomData<fn() -> R>,
}

impl<R> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Handle {
            logical_id: self.logical_id.clone(),
            kind: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.logical_id)
    }
}

impl<R> Handle<R> {
    pub(super) fn new(logical_id: &str) -> Self {
        Handle {
            logical_id: logical_id.to_owned(),
            kind: PhantomData,
        }
    }

    /// `Ref`: the physical id of the resource, as its type's page says under "Return values".
    pub fn reference(&self) -> Value<String> {
        Value::from_node(Intrinsic::Ref(self.logical_id.clone()).into())
    }

    /// `Fn::GetAtt`. The generated types give each attribute its name and type.
    pub(crate) fn get_att<T>(&self, attribute: &str) -> Value<T> {
        let intrinsic = Intrinsic::GetAtt {
            resource: self.logical_id.clone(),
            attribute: attribute.to_owned(),
        };
        Value::from_node(intrinsic.into())
    }
}

impl<R> From<&Handle<R>> for Value<String> {
    fn from(handle: &Handle<R>) -> Self {
        handle.reference()
    }
}

/// What a resource can be made to wait for.
pub trait Dependency {
    /// The logical id.
    fn logical_id(&self) -> &str;
}

impl<R> Dependency for Handle<R> {
    fn logical_id(&self) -> &str {
        &self.logical_id
    }
}
