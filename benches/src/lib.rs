//! Catalogs of any size: copies of the real products under other keys, in a checkout of their own.
//!
//! The commands run on such a checkout unchanged. A copy has the model, settings, files and history
//! of its original; its name, launch role and place in a portfolio are its own.

mod checkout;
mod copies;

pub use checkout::{SyntheticError, make};
pub use copies::{Copies, workspace};
