//! EC2 instance types: what AWS says of each, from `vendor/instance-types.json`.
//!
//! `cargo xtask vendor refresh` renews the file; `vendor/regions.txt` says for which regions.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// What a processor runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// 64-bit Intel and AMD.
    #[serde(rename = "x86_64")]
    X86_64,
    /// 64-bit ARM: AWS Graviton.
    Arm64,
}

impl Architecture {
    /// Every architecture.
    pub const ALL: [Architecture; 2] = [Architecture::X86_64, Architecture::Arm64];

    /// EC2's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Architecture::X86_64 => "x86_64",
            Architecture::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What AWS says of an instance type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'static"))]
pub struct InstanceType {
    /// EC2's names of the architectures it runs; some are none of [`Architecture`].
    architectures: Vec<&'static str>,
    /// The regions, among those of `vendor/regions.txt`, that offer it.
    regions: Vec<&'static str>,
    /// Virtual processors, where the vendored data say.
    pub vcpus: Option<u32>,
    /// Memory in MiB, where the vendored data say.
    #[serde(rename = "memoryMiB")]
    pub memory_mib: Option<u64>,
}

impl InstanceType {
    /// Whether an image of this architecture starts on it.
    pub fn starts(&self, architecture: Architecture) -> bool {
        self.starts_named(architecture.name())
    }

    /// Whether an image of an architecture, as EC2 names it, starts on it.
    pub fn starts_named(&self, architecture: &str) -> bool {
        self.architectures.contains(&architecture)
    }

    /// The architectures it runs.
    pub fn architectures(&self) -> impl Iterator<Item = Architecture> {
        Architecture::ALL
            .into_iter()
            .filter(|architecture| self.starts(*architecture))
    }

    /// Whether a region offers it; nothing where the vendored data leaves the region out.
    pub fn is_offered_in(&self, region: &str) -> Option<bool> {
        if REGIONS.contains(&region) {
            Some(self.regions.contains(&region))
        } else {
            None
        }
    }
}

static TYPES: LazyLock<BTreeMap<&str, InstanceType>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../vendor/instance-types.json"))
        .unwrap_or_else(|error| panic!("vendor/instance-types.json: {error}"))
});

static REGIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../../vendor/regions.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// The type of this name, such as `t3a.small`.
pub fn instance_type(name: &str) -> Option<&'static InstanceType> {
    TYPES.get(name)
}

/// The names of all types, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TYPES.keys().copied()
}

/// Whether a type carries an accelerator, for which its image needs a driver. AWS's naming rule:
/// the letters before the generation's digit name the family, and `f`, `g`, `p`, `inf`, `trn`,
/// `dl` and `vt` are the accelerated ones.
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html>
pub fn is_accelerated(name: &str) -> bool {
    let family: String = name
        .chars()
        .take_while(|letter| letter.is_ascii_lowercase())
        .collect();
    matches!(
        family.as_str(),
        "dl" | "f" | "g" | "gr" | "inf" | "p" | "trn" | "vt"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendored_types_know_their_architecture_and_regions() {
        assert!(names().count() > 1000);
        let graviton = instance_type("t4g.micro").unwrap();
        assert_eq!(
            graviton.architectures().collect::<Vec<_>>(),
            [Architecture::Arm64]
        );
        let amd = instance_type("t3a.micro").unwrap();
        assert!(amd.starts(Architecture::X86_64) && !amd.starts(Architecture::Arm64));
        assert_eq!(amd.is_offered_in("us-east-1"), Some(true));
        assert_eq!(amd.is_offered_in("mars-east-1"), None);
        assert_eq!((amd.vcpus, amd.memory_mib), (Some(2), Some(1024)));
    }

    #[test]
    fn accelerated_families_are_told_by_their_letters() {
        for name in [
            "g4ad.xlarge",
            "g5g.xlarge",
            "p4d.24xlarge",
            "inf2.xlarge",
            "f1.2xlarge",
        ] {
            assert!(is_accelerated(name), "{name}");
            assert!(instance_type(name).is_some(), "{name}");
        }
        for name in [
            "t3a.small",
            "m6g.large",
            "c6gd.large",
            "hpc7g.4xlarge",
            "r6a.large",
        ] {
            assert!(!is_accelerated(name), "{name}");
        }
    }
}
