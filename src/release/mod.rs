//! The ledger: which versions of a product there are, each with the digest of its frozen bytes.
//!
//! `release` writes a version's body and its line; nothing rewrites either. Versions that were
//! published before this catalog stand in the ledger as `legacy`: known by name, without a body; [`LegacyVersions`]
//! holds what is known of them.

mod contract;
mod file;
mod freeze;
mod ledger;
mod legacy;

pub use contract::{Contract, Exception, KeptProperty};
pub use freeze::{FreezeError, Frozen, freeze};
pub use ledger::{Barred, Ledger, LedgerError, Origin, Version};
pub use legacy::{LegacyParameter, LegacyVersion, LegacyVersions, Loss, NewestLegacyVersion};
