//! Freezing: the next version's name, bytes and ledger line.

use super::{Ledger, Origin, Version};
use crate::digest::Digest;
use crate::product::{Bump, Key, VersionName};
use std::fmt;

/// A version as `release` will write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The ledger with the new version.
    pub ledger: Ledger,
    /// The new version's name.
    pub name: VersionName,
    /// The bytes of its body.
    pub body: Vec<u8>,
}

/// Why a version can't be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FreezeError {
    /// The body is the newest version's, to the byte.
    Unchanged {
        /// The product.
        product: Key,
        /// The newest version.
        newest: VersionName,
        /// What people call a body of it.
        body: &'static str,
    },
    /// The change needs a greater step than was asked for.
    BumpTooSmall {
        /// The product.
        product: Key,
        /// The step that was asked for.
        asked: Bump,
        /// The step that the change needs.
        needed: Bump,
        /// Why.
        reasons: Vec<String>,
    },
    /// No note was given.
    EmptyNote,
}

impl fmt::Display for FreezeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FreezeError::Unchanged {
                product,
                newest,
                body,
            } => write!(
                f,
                "{product}: the {body} is the same as {newest}\n  hint: there is nothing to release"
            ),
            FreezeError::BumpTooSmall {
                product,
                asked,
                needed,
                reasons,
            } => {
                write!(
                    f,
                    "{product}: a {asked} release is not enough for this change:"
                )?;
                if reasons.is_empty() {
                    f.write_str("\n  - it adds something that people can choose or use")?;
                }
                for reason in reasons {
                    write!(f, "\n  - {reason}")?;
                }
                write!(f, "\n  hint: release with `--bump {needed}`")
            }
            FreezeError::EmptyNote => {
                f.write_str("the note is empty\n  hint: say with `--note` why this version is made")
            }
        }
    }
}

impl std::error::Error for FreezeError {}

/// Freezes a body's bytes as the next version.
///
/// `needed` is the least step that the change allows, with its reasons; `description` is what
/// Service Catalog will show of the version.
///
/// # Errors
/// See [`FreezeError`].
pub fn freeze(
    product: &Key,
    ledger: &Ledger,
    body: &[u8],
    asked: Bump,
    needed: (Bump, Vec<String>),
    note: &str,
    description: &str,
) -> Result<Frozen, FreezeError> {
    if note.trim().is_empty() {
        return Err(FreezeError::EmptyNote);
    }
    let digest = Digest::of(body);
    if let Some(newest) = ledger
        .newest()
        .filter(|version| version.digest() == Some(&digest))
    {
        return Err(FreezeError::Unchanged {
            product: product.clone(),
            newest: newest.name,
            body: ledger.product_type.body(),
        });
    }
    let (least, reasons) = needed;
    if asked < least {
        return Err(FreezeError::BumpTooSmall {
            product: product.clone(),
            asked,
            needed: least,
            reasons,
        });
    }
    let name = ledger
        .newest()
        .map_or(VersionName::FIRST, |version| version.name.bumped(asked));
    let version = Version {
        name,
        description: description.to_owned(),
        origin: Origin::Released {
            digest,
            bump: asked,
            note: note.trim().to_owned(),
            impact: reasons,
        },
    };
    let mut ledger = ledger.clone();
    ledger.versions.push(version);
    Ok(Frozen {
        ledger,
        name,
        body: body.to_vec(),
    })
}
