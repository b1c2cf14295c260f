//! The resource types in the facts of published versions, read as strictly as all of the facts, of
//! which nothing else is kept: in half of the time, by every command for every product.
#![allow(dead_code, reason = "most fields are there to be checked")]

use super::{LegacyVersions, NewestLegacyVersion};
use crate::cfn::IndexMap;
use crate::product::VersionName;
use crate::yaml::InputError;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

impl LegacyVersions {
    /// The resource types of all versions: all that most commands ask of the facts.
    ///
    /// # Errors
    /// As [`LegacyVersions::read`].
    pub fn read_types(file: &str, text: &str) -> Result<BTreeSet<String>, InputError> {
        let of = |facts: LegacyVersions| {
            let resources = facts
                .versions
                .into_values()
                .map(|version| version.resources);
            resources
                .flat_map(|resources| resources.into_values())
                .collect()
        };
        // The reader of all facts says best what is wrong.
        types(text).map_or_else(|| LegacyVersions::read(file, text).map(of), Ok)
    }
}

/// The resource types; none where the file has a mistake.
fn types(text: &str) -> Option<BTreeSet<String>> {
    let facts: Facts<'_> = serde_json::from_str(text).ok()?;
    let mut types = BTreeSet::new();
    for version in facts.versions.into_values() {
        for Kind(name) in version.resources.0 {
            if !types.contains(name.as_ref()) {
                types.insert(name.into_owned());
            }
        }
    }
    Some(types)
}

/// As [`super::LegacyVersions`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts<'a> {
    #[serde(default)]
    newest: Option<NewestLegacyVersion>,
    #[serde(borrow)]
    versions: IndexMap<VersionName, Version<'a>>,
}

/// As [`super::LegacyVersion`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version<'a> {
    parameters: Values<Text, Parameter>,
    #[serde(borrow)]
    resources: Values<Text, Kind<'a>>,
    outputs: Vec<Text>,
}

/// As [`super::LegacyParameter`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Parameter {
    r#type: Text,
    default: Option<Text>,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    allowed_values: Vec<Text>,
}

/// A resource's type.
#[derive(Deserialize)]
#[serde(transparent)]
struct Kind<'a>(#[serde(borrow)] Cow<'a, str>);

/// A text that isn't kept.
struct Text;

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

impl Visitor<'_> for Text {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Text, E> {
        Ok(Text)
    }
}

/// The values of a map whose keys aren't kept.
struct Values<K, V>(Vec<V>, PhantomData<K>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Values<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Values(Vec::new(), PhantomData))
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Values<K, V> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Self, A::Error> {
        while entries.next_key::<K>()?.is_some() {
            self.0.push(entries.next_value()?);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "newest": {
    "version": "v1.1.0", "classes": {"Role": "plain"}, "account": "111111111111",
    "region": "us-east-1", "fixed": {"Role": {"Path": "/"}}
  },
  "versions": {
    "v1.0.0": {
      "parameters": {
        "Size": {"type": "Number", "default": "\"8", "least": 8, "most": 16},
        "Type": {"type": "String", "allowedValues": ["a", "b"]}
      },
      "resources": {"Role": "AWS::IAM::Role", "Key": "AWS::KMS::Key"},
      "outputs": ["Name"]
    },
    "v1.1.0": {"parameters": {}, "resources": {"One": "AWS::IAM::Role"}, "outputs": []}
  }
}"#;

    /// The types as all of the facts have them.
    fn whole(text: &str) -> Option<BTreeSet<String>> {
        let facts = LegacyVersions::read("legacy.json", text).ok()?;
        let resources = facts
            .versions
            .into_values()
            .map(|version| version.resources);
        Some(
            resources
                .flat_map(|resources| resources.into_values())
                .collect(),
        )
    }

    #[test]
    fn what_the_facts_refuse_is_refused() {
        let found = types(TEXT).unwrap();
        assert!(found.iter().eq(["AWS::IAM::Role", "AWS::KMS::Key"]));
        let mut refused = 0;
        for (at, here) in TEXT.char_indices() {
            let (before, after) = (&TEXT[..at], &TEXT[at + here.len_utf8()..]);
            for other in [
                "", "x", "1", "\"", ",", "null", "[", "{}", "\"x\":1,", "\n", "\\",
            ] {
                for text in [
                    format!("{before}{other}{after}"),
                    format!("{before}{other}{here}{after}"),
                ] {
                    let found = types(&text);
                    refused += usize::from(found.is_none());
                    assert_eq!(found, whole(&text), "{text}");
                }
            }
        }
        assert!(refused > 1000, "{refused}");
    }
}
