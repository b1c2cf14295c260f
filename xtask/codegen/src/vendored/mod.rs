//! What stands in `vendor/` for the generator: which types, their schemas, and where AWS's
//! documentation says otherwise.

mod error;
mod list;
mod patch;

pub use error::Error;
pub use list::Wanted;
pub use patch::{ATTRIBUTES, IMMUTABLE, Patch, Patches};

/// The schema of a resource type, from `vendor/`.
pub fn schema_path(type_name: &str) -> String {
    format!("schemas/{}.json", type_name.replace("::", "-"))
}
