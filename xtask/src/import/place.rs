//! Where a value stands, with the names of its types in Rust.

use codegen::{Kind, Service, Shape, value_type};

/// Where a value stands: what it may be.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The types of its service.
    pub service: &'a Service,
    /// The resource type.
    pub shape: &'a Shape,
}

impl Place<'_> {
    /// The `T` of the `Value<T>` that a property of this kind takes.
    pub fn rust(&self, kind: &Kind) -> String {
        let name = |key: &str| self.service.name_of(self.shape, key);
        value_type(kind, &|key| {
            format!("{}::{}", self.service.module(), name(key))
        })
    }
}
