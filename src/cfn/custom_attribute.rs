//! Attributes of custom resources, which no schema declares.

use super::{Handle, ResourceType, Value};
use std::marker::PhantomData;

/// An attribute of a custom resource of type `R` that holds a `T`: a name under `Data` of its
/// handler's response. Declared once, beside the type; the generated types bring their own.
pub struct CustomAttribute<R, T> {
    name: &'static str,
    kind: PhantomData<fn() -> (R, T)>,
}

impl<R, T> CustomAttribute<R, T> {
    /// The attribute of this name.
    pub const fn new(name: &'static str) -> Self {
        CustomAttribute {
            name,
            kind: PhantomData,
        }
    }
}

impl<R: ResourceType> Handle<R> {
    /// `Fn::GetAtt` of a custom resource.
    pub fn attribute<T>(&self, attribute: &CustomAttribute<R, T>) -> Value<T> {
        self.get_att(attribute.name)
    }
}
