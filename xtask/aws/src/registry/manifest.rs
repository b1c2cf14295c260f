//! Manifests of images: what they say of platforms.
//! <https://github.com/opencontainers/image-spec/blob/main/image-index.md>
//! <https://distribution.github.io/distribution/spec/manifest-v2-2/>

use compute_catalog::publish::Platform;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The kinds of manifests that are read.
pub(super) const ACCEPTED: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// What a manifest says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Manifest {
    /// A list, of an image for each platform.
    OfEach(BTreeSet<Platform>),
    /// One image, whose platform stands in the blob of this digest.
    OfOne { config: String },
}

#[derive(Deserialize)]
struct Body {
    manifests: Option<Vec<Entry>>,
    config: Option<Config>,
}

#[derive(Deserialize)]
struct Entry {
    platform: Option<Named>,
}

#[derive(Deserialize)]
struct Config {
    digest: String,
}

#[derive(Deserialize)]
struct Named {
    os: String,
    architecture: String,
}

impl Named {
    fn platform(self) -> Platform {
        Platform(format!("{}/{}", self.os, self.architecture))
    }
}

/// Reads a manifest; the error says why it tells nothing.
pub(super) fn read(text: &str) -> Result<Manifest, String> {
    let body: Body = serde_json::from_str(text)
        .map_err(|error| format!("the registry's manifest can't be read: {error}"))?;
    match (body.manifests, body.config) {
        (Some(entries), _) => {
            let named = entries.into_iter().filter_map(|entry| entry.platform);
            let all = named.map(Named::platform);
            // What says how an image was built stands beside it, under a platform that nothing has.
            // <https://docs.docker.com/build/metadata/attestations/attestation-storage/>
            let real = all.filter(|platform| platform.0 != "unknown/unknown");
            Ok(Manifest::OfEach(real.collect()))
        }
        (None, Some(config)) if config.digest.starts_with("sha256:") => Ok(Manifest::OfOne {
            config: config.digest,
        }),
        _ => Err("the registry's manifest is of a kind that isn't read".to_owned()),
    }
}

/// The platform in the configuration of an image.
/// <https://github.com/opencontainers/image-spec/blob/main/config.md>
pub(super) fn platform_of(config: &str) -> Result<Platform, String> {
    serde_json::from_str(config)
        .map(Named::platform)
        .map_err(|error| format!("the image's configuration can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_single_manifests_are_told_apart() {
        let list = r#"{"schemaVersion":2,"manifests":[
            {"digest":"sha256:a","platform":{"architecture":"amd64","os":"linux"}},
            {"digest":"sha256:b","platform":{"architecture":"arm64","os":"linux","variant":"v8"}},
            {"digest":"sha256:c","platform":{"architecture":"unknown","os":"unknown"}}]}"#;
        let both = ["linux/amd64", "linux/arm64"].map(|text| Platform(text.to_owned()));
        assert_eq!(read(list), Ok(Manifest::OfEach(both.into())));
        let one = r#"{"schemaVersion":2,"config":{"digest":"sha256:d","size":7},"layers":[]}"#;
        let config = "sha256:d".to_owned();
        assert_eq!(read(one), Ok(Manifest::OfOne { config }));
        for other in ["{}", "[]", "<html>", r#"{"config":{"digest":"../x"}}"#] {
            assert!(read(other).is_err(), "{other}");
        }
    }
}
