//! YAML as people and CloudFormation read it: a located tree for reading, safe scalars for writing.
//!
//! CloudFormation reads YAML 1.1, in which `yes`, `012`, `1_000` and `12:30` are not strings. The
//! writer quotes whatever would come back as something else; the reader says so with line and column.

mod deserialize;
mod input;
mod located;
mod scalar;
mod schema;
mod shape;
mod tree;
mod write;

pub use input::{InputError, load};
pub use located::Located;
pub use nearest::{choice, hint, nearest};
pub use scalar::{Scalar, resolve};
pub use schema::schema;
pub use shape::Shape;
pub use tree::{Content, Key, Location, SyntaxError, Tree, read, read_of_others};
pub use write::{WriteError, Writer, to_string};
