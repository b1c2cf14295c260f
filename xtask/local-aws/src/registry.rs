//! Registries of container images, which mirrors ask of a registry by its name: the images that the file
//! of the account names. An image is read with a token, which whoever asks gets, but for what is private.
//! <https://distribution.github.io/distribution/spec/api/>
//! <https://distribution.github.io/distribution/spec/auth/token/>
//! <https://github.com/containerd/containerd/blob/main/docs/hosts.md>

use crate::contents::{Contents, HeldContainer};
use crate::wire::{Request, Response};
use compute_catalog::publish::ImageName;
use serde_json::{Value, json};

/// Where tokens are given.
const TOKENS: &str = "/_local/registry/token";
/// The one token.
const TOKEN: &str = "read";

/// The answer to a request of a registry; nothing where it is for a service of AWS.
pub(crate) fn answer(
    contents: Option<&Contents>,
    endpoint: &str,
    request: &Request,
) -> Option<Response> {
    if request.path == TOKENS {
        return Some(token(contents, request));
    }
    let rest = request.path.strip_prefix("/v2/")?;
    let held = contents.map_or(&[][..], |contents| &contents.containers);
    let host = request.parameter("ns").unwrap_or_default();
    // A server that holds no images stands for no registry.
    if !held
        .iter()
        .any(|one| name(one).is_some_and(|name| name.host == host))
    {
        return Some(refuse(503, "UNAVAILABLE"));
    }
    let (before, reference) = rest.rsplit_once('/')?;
    let (repository, what) = before.rsplit_once('/')?;
    if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        let challenge = format!(
            "Bearer realm=\"{endpoint}{TOKENS}\",service=\"{host}\",scope=\"repository:{repository}:pull\""
        );
        return Some(refuse(401, "UNAUTHORIZED").header("www-authenticate", challenge));
    }
    let mut of_repository = held.iter().filter(|one| {
        name(one).is_some_and(|name| name.host == host && name.repository == repository)
    });
    Some(match what {
        "manifests" if of_repository.clone().next().is_none() => refuse(404, "NAME_UNKNOWN"),
        "manifests" => {
            let found =
                of_repository.find(|one| name(one).is_some_and(|name| name.reference == reference));
            found.map_or_else(|| refuse(404, "MANIFEST_UNKNOWN"), manifest)
        }
        "blobs" => {
            let found = of_repository.find(|one| digest(one) == reference);
            found.map_or_else(
                || refuse(404, "BLOB_UNKNOWN"),
                |one| {
                    json_answer(
                        "application/json",
                        &platform(one.platforms.first().map_or("", String::as_str)),
                    )
                },
            )
        }
        _ => refuse(404, "UNSUPPORTED"),
    })
}

fn name(held: &HeldContainer) -> Option<ImageName> {
    ImageName::read(&held.image)
}

/// The digest of the configuration of an image for one platform.
fn digest(held: &HeldContainer) -> String {
    compute_catalog::digest::Digest::of(held.image.as_bytes()).to_string()
}

/// A list where there are several platforms, and one image's where there is one.
fn manifest(held: &HeldContainer) -> Response {
    if let [_] = held.platforms.as_slice() {
        let kind = "application/vnd.oci.image.manifest.v1+json";
        let config = json!({ "digest": digest(held), "size": 1 });
        return json_answer(
            kind,
            &json!({ "schemaVersion": 2, "config": config, "layers": [] }),
        );
    }
    let manifests = held
        .platforms
        .iter()
        .map(|one| json!({ "platform": platform(one) }));
    let manifests: Vec<Value> = manifests.collect();
    json_answer(
        "application/vnd.oci.image.index.v1+json",
        &json!({ "schemaVersion": 2, "manifests": manifests }),
    )
}

fn platform(text: &str) -> Value {
    let (system, architecture) = text.split_once('/').unwrap_or((text, ""));
    json!({ "os": system, "architecture": architecture })
}

fn token(contents: Option<&Contents>, request: &Request) -> Response {
    let scope = request.parameter("scope").unwrap_or_default();
    let host = request.parameter("service").unwrap_or_default();
    let held = contents.map_or(&[][..], |contents| &contents.containers);
    let is_private = held.iter().filter(|one| one.is_private).any(|one| {
        name(one).is_some_and(|name| {
            name.host == host && scope == format!("repository:{}:pull", name.repository)
        })
    });
    match is_private {
        true => refuse(401, "UNAUTHORIZED"),
        false => json_answer("application/json", &json!({ "token": TOKEN })),
    }
}

fn json_answer(kind: &str, body: &Value) -> Response {
    Response::new(200).body(kind, body.to_string())
}

fn refuse(status: u16, code: &str) -> Response {
    let body = json!({ "errors": [{ "code": code, "message": code }] });
    Response::new(status).body("application/json", body.to_string())
}
