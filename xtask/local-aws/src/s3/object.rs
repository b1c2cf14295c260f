//! Objects and their versions, conditional writes, checksums.

use super::address::Address;
use super::bucket;
use super::{invalid, not_implemented, tag};
use crate::clock;
use crate::context::Context;
use crate::state::s3::ObjectVersion;
use crate::state::tag::Tag;
use crate::wire::checksum::{Algorithm, hex};
use crate::wire::chunked;
use crate::wire::{ApiError, Request, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use std::collections::BTreeMap;

/// The body of a request without its encoding, and the headers that may come after it.
pub(super) fn content(request: &Request) -> Result<chunked::Decoded, ApiError> {
    let is_chunked = request
        .header("x-amz-content-sha256")
        .is_some_and(|text| text.starts_with("STREAMING-"))
        || request
            .header("content-encoding")
            .is_some_and(|text| text.contains("aws-chunked"));
    let decoded = if is_chunked {
        chunked::decode(&request.body)
            .map_err(|error| ApiError::new(400, "IncompleteBody", error))?
    } else {
        chunked::Decoded {
            body: request.body.clone(),
            trailers: Vec::new(),
        }
    };
    if let Some(digest) = request.header("x-amz-content-sha256")
        && digest.len() == 64
        && digest != hex(&sha2::Sha256::digest(&decoded.body))
    {
        return Err(ApiError::new(
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ));
    }
    Ok(decoded)
}

/// The checksum that the client sent, proved, or else the one that S3 computes itself.
fn checksum(
    request: &Request,
    content: &chunked::Decoded,
) -> Result<(Algorithm, String), ApiError> {
    if let Some(sent) = request.header("content-md5")
        && sent != STANDARD.encode(Md5::digest(&content.body))
    {
        return Err(ApiError::new(
            400,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
        ));
    }
    for algorithm in Algorithm::ALL {
        let name = algorithm.header();
        let trailer = content.trailers.iter().find(|(key, _)| key == name);
        let Some(sent) = request
            .header(name)
            .or(trailer.map(|(_, value)| value.as_str()))
        else {
            continue;
        };
        if sent != algorithm.of(&content.body) {
            return Err(ApiError::new(
                400,
                "BadDigest",
                format!("The {name} you specified did not match what we received."),
            ));
        }
        return Ok((algorithm, sent.to_owned()));
    }
    let others = request.headers.keys().map(|name| name.as_str());
    let others = others.chain(content.trailers.iter().map(|(name, _)| name.as_str()));
    for name in others {
        if name.starts_with("x-amz-checksum-") && name != "x-amz-checksum-algorithm" {
            return Err(not_implemented(format!("checksum {name}")));
        }
    }
    let algorithm = Algorithm::Crc64nvme;
    Ok((algorithm, algorithm.of(&content.body)))
}

/// The version that a request means. A deletion mark answers as S3 does.
pub(super) fn find<'a>(
    context: &'a Context<'_>,
    address: &Address,
    version: Option<&str>,
) -> Result<&'a ObjectVersion, ApiError> {
    let no_such_key = || {
        ApiError::new(
            404,
            "NoSuchKey",
            format!("The specified key does not exist: {}", address.key),
        )
    };
    let versions = bucket::find(context, &address.bucket)?
        .objects
        .get(&address.key)
        .ok_or_else(no_such_key)?;
    match version {
        None => versions
            .last()
            .filter(|version| !version.delete_marker)
            .ok_or_else(no_such_key),
        Some(id) => {
            let found = versions.iter().find(|version| version.version_id == id);
            let found = found.ok_or_else(|| {
                ApiError::new(
                    404,
                    "NoSuchVersion",
                    format!("no version {id} of {}", address.key),
                )
            })?;
            if found.delete_marker {
                return Err(ApiError::new(
                    405,
                    "MethodNotAllowed",
                    "the specified method is not allowed against a delete marker",
                ));
            }
            Ok(found)
        }
    }
}

pub(super) fn put(
    context: &mut Context<'_>,
    address: &Address,
    request: &Request,
) -> Result<Response, ApiError> {
    let content = content(request)?;
    let checksum = checksum(request, &content)?;
    check_write_condition(context, address, request)?;
    let tags: Vec<Tag> = form_urlencoded::parse(
        request
            .header("x-amz-tagging")
            .unwrap_or_default()
            .as_bytes(),
    )
    .map(|(key, value)| Tag {
        key: key.into_owned(),
        value: value.into_owned(),
    })
    .collect();
    tag::check(&tags, 10)?;
    let metadata = request
        .headers
        .iter()
        .filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix("x-amz-meta-")?;
            Some((name.to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let encryption = match request.header("x-amz-server-side-encryption") {
        Some(algorithm @ ("AES256" | "aws:kms")) => algorithm.to_owned(),
        Some(other) => return Err(invalid(format!("x-amz-server-side-encryption {other:?}"))),
        None => bucket::find(context, &address.bucket)?
            .encryption
            .algorithm
            .clone(),
    };
    let version = ObjectVersion {
        version_id: "null".to_owned(),
        delete_marker: false,
        body: context
            .blobs
            .put(&content.body)
            .map_err(ApiError::internal)?,
        size: content.body.len(),
        etag: format!("\"{}\"", hex(&Md5::digest(&content.body))),
        content_type: request
            .header("content-type")
            .unwrap_or("binary/octet-stream")
            .to_owned(),
        checksum,
        encryption,
        metadata,
        tags,
        modified: context.now,
        is_archived: false,
    };
    let etag = version.etag.clone();
    let (algorithm, sum) = version.checksum.clone();
    let encryption = version.encryption.clone();
    let id = add(context, address, version)?;
    let response = Response::new(200)
        .header("etag", etag)
        .header(algorithm.header(), sum)
        .header("x-amz-checksum-type", "FULL_OBJECT")
        .header("x-amz-server-side-encryption", encryption);
    Ok(with_version(response, &id))
}

/// `If-None-Match: *` writes only where nothing is, `If-Match` only over what is known.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>
fn check_write_condition(
    context: &Context<'_>,
    address: &Address,
    request: &Request,
) -> Result<(), ApiError> {
    let existing = find(context, address, None);
    let failed = || {
        ApiError::new(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
        )
    };
    match request.header("if-none-match") {
        None => {}
        Some("*") if existing.is_ok() => return Err(failed()),
        Some("*") => {}
        Some(_) => return Err(not_implemented("If-None-Match on a write but for *")),
    }
    if let Some(etag) = request.header("if-match")
        && existing?.etag.trim_matches('"') != etag.trim_matches('"')
    {
        return Err(failed());
    }
    Ok(())
}

/// Adds a version, in place of the unversioned one where versioning isn't on.
fn add(
    context: &mut Context<'_>,
    address: &Address,
    mut version: ObjectVersion,
) -> Result<String, ApiError> {
    let versioning = bucket::find(context, &address.bucket)?.versioning.clone();
    if versioning.as_deref() == Some("Enabled") {
        version.version_id = context.change().mint("");
    }
    let id = version.version_id.clone();
    let bucket = bucket::find_mut(context, &address.bucket)?;
    let versions = bucket.objects.entry(address.key.clone()).or_default();
    versions.retain(|other| other.version_id != id);
    versions.push(version);
    Ok(id)
}

fn with_version(response: Response, id: &str) -> Response {
    if id == "null" {
        response
    } else {
        response.header("x-amz-version-id", id)
    }
}

pub(super) fn get(
    context: &Context<'_>,
    address: &Address,
    request: &Request,
    with_body: bool,
) -> Result<Response, ApiError> {
    let version = find(context, address, request.parameter("versionId"))?;
    // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
    if version.is_archived && with_body {
        return Err(ApiError::new(
            403,
            "InvalidObjectState",
            "The operation is not valid for the object's storage class",
        ));
    }
    let is_same = |etag: &str| etag.trim_matches('"') == version.etag.trim_matches('"');
    if request
        .header("if-match")
        .is_some_and(|etag| !is_same(etag))
    {
        return Err(ApiError::new(
            412,
            "PreconditionFailed",
            "the object has another ETag",
        ));
    }
    if request
        .header("if-none-match")
        .is_some_and(|etag| etag == "*" || is_same(etag))
    {
        return Ok(Response::new(304).header("etag", &version.etag));
    }
    let mut response = Response::new(200)
        .header("etag", &version.etag)
        .header("content-type", &version.content_type)
        .header("last-modified", clock::http(version.modified))
        .header("x-amz-server-side-encryption", &version.encryption);
    for (name, value) in &version.metadata {
        response = response.header(&format!("x-amz-meta-{name}"), value);
    }
    if !version.tags.is_empty() {
        response = response.header("x-amz-tagging-count", version.tags.len().to_string());
    }
    if request.header("x-amz-checksum-mode") == Some("ENABLED") {
        let (algorithm, sum) = &version.checksum;
        response = response
            .header(algorithm.header(), sum)
            .header("x-amz-checksum-type", "FULL_OBJECT");
    }
    response = with_version(response, &version.version_id);
    if with_body {
        response.body = context
            .blobs
            .get(&version.body)
            .map_err(ApiError::internal)?;
    } else {
        response = response.header("content-length", version.size.to_string());
    }
    Ok(response)
}

pub(super) fn delete(
    context: &mut Context<'_>,
    address: &Address,
    request: &Request,
) -> Result<Response, ApiError> {
    if let Some(etag) = request.header("if-match") {
        let found = find(context, address, None)?;
        if etag != "*" && found.etag.trim_matches('"') != etag.trim_matches('"') {
            return Err(ApiError::new(
                412,
                "PreconditionFailed",
                "the object has another ETag",
            ));
        }
    }
    let versioned = bucket::find(context, &address.bucket)?.versioning.is_some();
    if let (None, true) = (request.parameter("versionId"), versioned) {
        let marker = ObjectVersion {
            version_id: "null".to_owned(),
            delete_marker: true,
            body: String::new(),
            size: 0,
            etag: String::new(),
            content_type: String::new(),
            checksum: (Algorithm::Crc64nvme, String::new()),
            encryption: String::new(),
            metadata: BTreeMap::new(),
            tags: Vec::new(),
            modified: context.now,
            is_archived: false,
        };
        let id = add(context, address, marker)?;
        let response = Response::new(204).header("x-amz-delete-marker", "true");
        return Ok(with_version(response, &id));
    }
    let id = request.parameter("versionId").unwrap_or("null");
    let bucket = bucket::find_mut(context, &address.bucket)?;
    if let Some(versions) = bucket.objects.get_mut(&address.key) {
        versions.retain(|version| version.version_id != id);
        if versions.is_empty() {
            bucket.objects.remove(&address.key);
        }
    }
    Ok(Response::new(204))
}
