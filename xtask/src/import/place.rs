//! Where a value stands, with the names of its types in Rust.

use codegen::{Kind, Service, Shape};

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
        match kind {
            Kind::Text => "String".to_owned(),
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Json => "Json".to_owned(),
            Kind::List(inner, _) => format!("List<{}>", self.rust(inner)),
            Kind::Map(inner) => format!("MapOf<{}>", self.rust(inner)),
            Kind::Object(key) | Kind::Choice(key) => format!(
                "{}::{}",
                self.service.module(),
                self.service.name_of(self.shape, key)
            ),
        }
    }
}
