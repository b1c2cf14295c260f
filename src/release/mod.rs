//! The ledger: which versions of a product there are, each with the digest of its frozen bytes.
//!
//! `release` writes a version's body and its line; nothing rewrites either. Versions that were
//! published before this catalog stand in the ledger as adopted: known by name, without a body; [`Published`]
//! holds what is known of them.

mod file;
mod freeze;
mod ledger;
mod published;
mod published_types;

pub use freeze::{FreezeError, Frozen, freeze};
pub use ledger::{Ledger, LedgerFault, Origin, Version};
pub use published::{Loss, NewestPublished, Published, PublishedParameter, PublishedVersion};
