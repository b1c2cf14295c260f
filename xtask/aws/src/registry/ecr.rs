//! Private registries of Amazon ECR, by its own API: who asks is the identity in use.
//!
//! Written from the API's model; no answer of AWS's own has been read by it yet. What it doesn't
//! understand is not looked up.
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html>

use super::manifest::{self, Manifest};
use crate::call::Named;
use crate::signed::{Calls, Service, json_refusal, json_request, regional_url};
use aws_config::SdkConfig;
use compute_catalog::publish::{ContainerImage, ImageName};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// The operation as errors call it.
const CALL: &str = "ecr BatchGetImage";

/// The registry of an account in a region.
pub(super) struct Ecr {
    calls: Calls,
    account: String,
}

/// Account and region of a private registry, by its host.
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html>
fn place(host: &str) -> Option<(&str, &str)> {
    let (account, rest) = host.split_once(".dkr.ecr.")?;
    let region = rest.strip_suffix(".amazonaws.com.cn");
    let region = region.or_else(|| rest.strip_suffix(".amazonaws.com"))?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_account && !region.contains('.')).then_some((account, region))
}

impl Ecr {
    /// The registry that an image is in, where it is one of Amazon ECR's private ones.
    pub(super) fn of(config: &SdkConfig, image: &ImageName, endpoint: Option<&str>) -> Option<Ecr> {
        let (account, region) = place(&image.host)?;
        let url = regional_url("api.ecr", region);
        let service = Service {
            name: "ECR",
            signing_name: "ecr",
            region,
            url: endpoint.unwrap_or(&url),
            request: |body| {
                json_request("AmazonEC2ContainerRegistry_V20150921.BatchGetImage", body)
            },
            refusal: json_refusal,
        };
        Some(Ecr {
            calls: service.calls(config),
            account: account.to_owned(),
        })
    }

    pub(super) async fn image(&self, image: &ImageName) -> Result<ContainerImage, String> {
        let kind = if image.reference.contains(':') {
            "imageDigest"
        } else {
            "imageTag"
        };
        let body = json!({
            "registryId": self.account,
            "repositoryName": image.repository,
            "imageIds": [{ kind: image.reference }],
            "acceptedMediaTypes": manifest::ACCEPTED,
        });
        let answer = self.calls.invoke(body.to_string()).await;
        match answer.named(CALL, &image.repository) {
            Ok(text) => read(&text),
            Err(error) if error.code.as_deref() == Some("RepositoryNotFoundException") => {
                Ok(ContainerImage::Missing)
            }
            Err(error) => Err(format!("{CALL}: {}", error.why())),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    images: Vec<Found>,
    #[serde(default)]
    failures: Vec<Failure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    image_manifest: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    failure_code: String,
}

fn read(text: &str) -> Result<ContainerImage, String> {
    let answer: Answer = serde_json::from_str(text)
        .map_err(|error| format!("{CALL}: its answer can't be read: {error}"))?;
    if let Some(found) = answer.images.first() {
        return Ok(ContainerImage::There(
            match manifest::read(&found.image_manifest)? {
                Manifest::OfEach(platforms) => platforms,
                // Its platform is in a blob, which another permission opens.
                Manifest::OfOne { .. } => BTreeSet::new(),
            },
        ));
    }
    let codes: Vec<&str> = answer
        .failures
        .iter()
        .map(|one| one.failure_code.as_str())
        .collect();
    match codes.as_slice() {
        ["ImageNotFound"] => Ok(ContainerImage::Missing),
        codes => Err(format!("{CALL}: it answers no image and {codes:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use compute_catalog::publish::Platform;

    #[test]
    fn private_registries_are_known_by_their_hosts() {
        let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
        assert_eq!(place(host), Some(("111122223333", "eu-west-1")));
        let china = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn";
        assert_eq!(place(china), Some(("111122223333", "cn-north-1")));
        for other in [
            "public.ecr.aws",
            "1.dkr.ecr.eu-west-1.amazonaws.com",
            "ghcr.io",
        ] {
            assert_eq!(place(other), None, "{other}");
        }
    }

    #[test]
    fn what_the_api_answers_is_an_image_or_its_absence_or_not_looked_up() {
        let list =
            r#"{\"manifests\":[{\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}"#;
        let there = format!(r#"{{"failures":[],"images":[{{"imageManifest":"{list}"}}]}}"#);
        let platforms = [Platform("linux/amd64".to_owned())].into();
        assert_eq!(read(&there), Ok(ContainerImage::There(platforms)));
        let failed = |code: &str| {
            read(&format!(
                r#"{{"failures":[{{"failureCode":"{code}"}}],"images":[]}}"#
            ))
        };
        assert_eq!(failed("ImageNotFound"), Ok(ContainerImage::Missing));
        for code in ["InvalidImageTag", "KmsError"] {
            assert!(failed(code).unwrap_err().contains(code));
        }
        assert!(read("<html>").is_err() && read("{}").is_err());
    }
}
