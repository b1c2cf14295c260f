//! The names of versions, and the step from one to the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// `v<major>.<minor>.<patch>`: the name Service Catalog shows. Ordered as semantic versions are.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct VersionName {
    major: u32,
    minor: u32,
    patch: u32,
}

/// Text that is no version name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionNameError(String);

impl fmt::Display for VersionNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version name: it is written `v2.0.0`", self.0)
    }
}

impl std::error::Error for VersionNameError {}

/// The part of a version name that a release raises.
///
/// What each promises to running products is decided by the impact of the change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// No running product notices the update.
    Patch,
    /// New abilities; running products keep what they have.
    Minor,
    /// An update can replace, interrupt or refuse a running product.
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        })
    }
}

impl VersionName {
    /// The first version of a product that has none.
    pub const FIRST: VersionName = VersionName {
        major: 1,
        minor: 0,
        patch: 0,
    };

    /// The version of a name that people gave before there were three parts: `v1`, `1.2`, `V1.2.0`.
    pub fn completed(name: &str) -> Option<VersionName> {
        let parts = name.strip_prefix(['v', 'V']).unwrap_or(name);
        let missing = 2usize.checked_sub(parts.matches('.').count())?;
        format!("v{parts}{}", ".0".repeat(missing)).parse().ok()
    }

    /// The next version.
    #[must_use]
    pub fn bumped(self, bump: Bump) -> VersionName {
        match bump {
            Bump::Major => VersionName {
                major: self.major.saturating_add(1),
                minor: 0,
                patch: 0,
            },
            Bump::Minor => VersionName {
                minor: self.minor.saturating_add(1),
                patch: 0,
                ..self
            },
            Bump::Patch => VersionName {
                patch: self.patch.saturating_add(1),
                ..self
            },
        }
    }
}

impl FromStr for VersionName {
    type Err = VersionNameError;

    fn from_str(text: &str) -> Result<VersionName, VersionNameError> {
        let fail = || VersionNameError(text.to_owned());
        let rest = text.strip_prefix('v').ok_or_else(fail)?;
        let version = semver::Version::parse(rest).map_err(|_| fail())?;
        if !version.pre.is_empty() || !version.build.is_empty() {
            return Err(fail());
        }
        let part = |number: u64| u32::try_from(number).map_err(|_| fail());
        Ok(VersionName {
            major: part(version.major)?,
            minor: part(version.minor)?,
            patch: part(version.patch)?,
        })
    }
}

impl TryFrom<String> for VersionName {
    type Error = VersionNameError;

    fn try_from(text: String) -> Result<VersionName, VersionNameError> {
        text.parse()
    }
}

impl From<VersionName> for String {
    fn from(name: VersionName) -> String {
        name.to_string()
    }
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_bumps_as_semantic_versions() {
        let name: VersionName = "v1.9.3".parse().unwrap();
        assert!(name < "v1.10.0".parse().unwrap());
        assert_eq!(name.bumped(Bump::Major).to_string(), "v2.0.0");
        assert_eq!(name.bumped(Bump::Minor).to_string(), "v1.10.0");
        assert_eq!(name.bumped(Bump::Patch).to_string(), "v1.9.4");
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "1.0.0", "v1.0", "v1.0.0.0", "v01.0.0", "v1.0.-1", "v1.0.x", "v1..0", "",
        ] {
            assert!(bad.parse::<VersionName>().is_err(), "{bad}");
        }
    }
}
