//! EC2 instance types: what AWS says of each, from `vendor/instance-types.json`.
//!
//! `cargo xtask vendor refresh` renews the file; `vendor/regions.txt` says for which regions.

use memchr::{memchr, memrchr};
use schemars::JsonSchema;
use serde::Deserialize;
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
        self.architectures
            .iter()
            .any(|name| *name == architecture.name())
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

/// One type a line, sorted by name: `vendor refresh` writes the file so, and a test holds it.
const TYPES: &str = include_str!("../../../vendor/instance-types.json");

static REGIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../../../vendor/regions.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// The type of this name, such as `t3a.small`. Only its own line is read; one that can't be is no
/// known type: nothing would be offered unchecked.
pub fn instance_type(name: &str) -> Option<InstanceType> {
    let text = TYPES.as_bytes();
    let (mut low, mut high) = (0, TYPES.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memrchr(b'\n', &text[..middle]).map_or(0, |at| at + 1);
        let end = memchr(b'\n', &text[middle..]).map_or(high, |at| middle + at);
        match entry(&TYPES[start..end]) {
            Some((found, json)) if found == name => return serde_json::from_str(json).ok(),
            Some((found, _)) if found > name => high = start,
            // The bracket that closes the file.
            None if start > 0 => high = start,
            _ => low = end + 1,
        }
    }
    None
}

/// The names of all types.
pub fn names() -> impl Iterator<Item = &'static str> {
    TYPES.lines().filter_map(|line| Some(entry(line)?.0))
}

/// The name and the JSON of a line.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().strip_prefix('"')?;
    let (name, json) = line.split_at(memchr(b'"', line.as_bytes())?);
    let json = json.strip_prefix("\": ")?;
    Some((name, json.strip_suffix(',').unwrap_or(json)))
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
    fn every_type_is_found_by_its_line() {
        let all: std::collections::BTreeMap<String, InstanceType> =
            serde_json::from_str(TYPES).unwrap();
        assert!(names().eq(all.keys().map(String::as_str)));
        for (name, facts) in all {
            assert_eq!(instance_type(&name), Some(facts), "{name}");
        }
        for name in ["", "a", "t3a", "t3a.smal", "zzz", "{", "}"] {
            assert_eq!(instance_type(name), None, "{name}");
        }
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
