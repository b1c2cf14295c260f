//! Maps and sets that keep the order in which their keys were written.

use rustc_hash::FxBuildHasher;

/// Keys and values in the order in which they were inserted. The keys are a template's own names,
/// which nobody chooses in order to collide: they are hashed without protection against that.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;

/// Items in the order in which they were inserted, hashed as those of [`IndexMap`].
pub type IndexSet<T> = indexmap::IndexSet<T, FxBuildHasher>;
