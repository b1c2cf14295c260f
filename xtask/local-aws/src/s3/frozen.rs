//! Objects for other services: templates that they read from a caller's bucket,
//! and the copies that they keep of them in a bucket of their own.

use super::address::{Address, Location};
use super::bucket;
use super::object::find;
use crate::context::Context;
use crate::state::s3::{Bucket, ObjectVersion};
use crate::wire::ApiError;
use crate::wire::checksum::{Algorithm, hex};
use bytes::Bytes;
use md5::{Digest, Md5};
use std::collections::BTreeMap;

/// The body that a URL names, for a service that reads a template. The error says why not.
pub(crate) fn read(context: &Context<'_>, url: &str) -> Result<Bytes, String> {
    if let Some(body) = context.fetched.get(url) {
        return Ok(body.clone());
    }
    let location = Location::parse(url, context.endpoint)
        .ok_or_else(|| format!("{url} is not the URL of an S3 object"))?;
    let address = Address {
        bucket: location.bucket,
        key: location.key,
    };
    let bucket = bucket::find(context, &address.bucket).map_err(|error| error.message)?;
    let shared = bucket
        .policy
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    if bucket.owner != context.account() && !shared.contains(context.account()) {
        return Err(format!("access to {url} is denied"));
    }
    let version =
        find(context, &address, location.version.as_deref()).map_err(|error| error.message)?;
    context
        .blobs
        .get(&version.body)
        .map_err(|error| error.to_string())
}

/// Keeps a service's own copy of a body under a key.
pub(crate) fn freeze(context: &mut Context<'_>, key: &str, body: &[u8]) -> Result<(), ApiError> {
    let name = frozen_bucket(context);
    let mut bucket = Bucket::new(context.account(), &context.region, context.now);
    bucket.of_service = true;
    let version = ObjectVersion {
        version_id: "null".to_owned(),
        delete_marker: false,
        body: context.blobs.put(body).map_err(ApiError::internal)?,
        size: body.len(),
        etag: format!("\"{}\"", hex(&Md5::digest(body))),
        content_type: "text/plain".to_owned(),
        checksum: (Algorithm::Sha256, Algorithm::Sha256.of(body)),
        encryption: "AES256".to_owned(),
        metadata: BTreeMap::new(),
        tags: Vec::new(),
        modified: context.now,
        is_archived: false,
    };
    let bucket = context.change().buckets.entry(name).or_insert(bucket);
    bucket.objects.insert(key.to_owned(), vec![version]);
    Ok(())
}

/// The URL that a frozen copy is read back from, signed or not.
pub(crate) fn frozen_url(context: &Context<'_>, key: &str) -> String {
    format!("{}/{}/{key}", context.endpoint, frozen_bucket(context))
}

/// A frozen copy.
pub(crate) fn frozen(context: &Context<'_>, key: &str) -> Result<Bytes, ApiError> {
    let address = Address {
        bucket: frozen_bucket(context),
        key: key.to_owned(),
    };
    let version = find(context, &address, None)?;
    context.blobs.get(&version.body).map_err(ApiError::internal)
}

fn frozen_bucket(context: &Context<'_>) -> String {
    format!("sc-frozen-{}-{}", context.account(), context.region)
}
