//! A catalog from nothing: `init` makes a repository, `new product` a product in one.
//!
//! What they write stands in `files/` and `kind/`. The models in `kind/` are compiled here too, so
//! that none is written that doesn't compile.

mod addition;
mod init;
pub mod kind;
mod product;

pub use init::run as init;
pub use kind::PLACEMENT;
pub use product::{offer, place, run as new_product};
