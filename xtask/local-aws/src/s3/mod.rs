//! Simple Storage Service: buckets and objects as far as templates, receipts and
//! a lock need them.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/>

mod address;
mod bucket;
mod frozen;
mod listing;
mod object;
mod route;
mod tag;
mod tagging;

pub(crate) use address::Location;
pub(crate) use bucket::is_bucket_name;
pub(crate) use frozen::{freeze, frozen, frozen_url, read};
pub(crate) use route::operation;

use crate::context::Context;
use crate::wire::xml::document;
use crate::wire::{ApiError, Request, Response};
use address::Address;
use serde::de::DeserializeOwned;
use serde_json::Value;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

pub(crate) fn call(
    context: &mut Context<'_>,
    operation: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    route::check_parameters(operation, request)?;
    let address = Address::of(request)?;
    if !matches!(operation, "ListBuckets" | "CreateBucket") {
        bucket::permit(context, operation, &address.bucket, request)?;
    }
    match operation {
        "ListBuckets" => bucket::list(context),
        "CreateBucket" => bucket::create(context, &address.bucket, request),
        "GetBucketPolicy" => bucket::policy(context, &address.bucket),
        "PutBucketPolicy" => bucket::put_policy(context, &address.bucket, request),
        "DeleteBucketPolicy" => bucket::delete_policy(context, &address.bucket),
        "HeadBucket" => bucket::head(context, &address.bucket),
        "DeleteBucket" => bucket::delete(context, &address.bucket),
        "GetBucketLocation" => bucket::location(context, &address.bucket),
        "GetBucketVersioning" => bucket::versioning(context, &address.bucket),
        "PutBucketVersioning" => bucket::put_versioning(context, &address.bucket, request),
        "GetBucketEncryption" => bucket::encryption(context, &address.bucket),
        "PutBucketEncryption" => bucket::put_encryption(context, &address.bucket, request),
        "GetPublicAccessBlock" => bucket::access_block(context, &address.bucket),
        "PutPublicAccessBlock" => bucket::put_access_block(context, &address.bucket, request),
        "GetBucketTagging" => tagging::of_bucket(context, &address.bucket),
        "PutBucketTagging" => tagging::put_of_bucket(context, &address.bucket, request),
        "ListObjectsV2" => listing::list(context, &address.bucket, request),
        "PutObject" => object::put(context, &address, request),
        "GetObject" => object::get(context, &address, request, true),
        "HeadObject" => object::get(context, &address, request, false),
        "DeleteObject" => object::delete(context, &address, request),
        "GetObjectTagging" => tagging::of_object(context, &address, request),
        "PutObjectTagging" => tagging::put_of_object(context, &address, request),
        other => Err(not_implemented(format!("operation {other}"))),
    }
}

/// The bucket that a request names.
pub(crate) fn bucket_of(request: &Request) -> Option<String> {
    Address::of(request).ok().map(|address| address.bucket)
}

fn xml(root: &str, value: &Value) -> Response {
    Response::new(200).body("application/xml", document(root, NAMESPACE, value))
}

fn read_xml<T: DeserializeOwned>(request: &Request) -> Result<T, ApiError> {
    let body = object::content(request)?.body;
    let text = std::str::from_utf8(&body).map_err(malformed)?;
    quick_xml::de::from_str(text).map_err(malformed)
}

fn malformed(cause: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        400,
        "MalformedXML",
        format!("the local AWS can't take this body: {cause}"),
    )
}

fn not_implemented(what: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        501,
        "NotImplemented",
        format!("the local AWS's s3 has no {what}"),
    )
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "InvalidArgument", message)
}
