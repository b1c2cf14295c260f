//! JSON Schemas of the types that files are read into, each made once a process: a catalog has many
//! files of few types, and the schemas are files of their own.

use super::shape::Shape;
use schemars::{JsonSchema, Schema, schema_for};
use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A schema, and its shape where shapes know all that it says.
pub(super) struct CachedSchema {
    schema: Arc<Schema>,
    pub shape: Option<Shape>,
}

/// The JSON Schema of the files that are read into this type.
pub fn schema<T: JsonSchema + 'static>() -> Arc<Schema> {
    Arc::clone(&known::<T>().schema)
}

/// The schema of a type, and its shape.
pub(super) fn known<T: JsonSchema + 'static>() -> Arc<CachedSchema> {
    static ALL: Mutex<BTreeMap<TypeId, Arc<CachedSchema>>> = Mutex::new(BTreeMap::new());
    // A thread that stopped in the middle of an insertion left the map whole.
    let all = || ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let ready = all().get(&TypeId::of::<T>()).cloned();
    ready.unwrap_or_else(|| {
        let schema = schema_for!(T);
        let known = Arc::new(CachedSchema {
            shape: Shape::of(schema.as_value()),
            schema: Arc::new(schema),
        });
        all().insert(TypeId::of::<T>(), Arc::clone(&known));
        known
    })
}
