//! Which operation a request is: S3 names it by method, path and subresource.
//! Parameters and headers that an operation doesn't know are refused by name.

use super::address::Address;
use super::not_implemented;
use crate::wire::{ApiError, Request};
use hyper::Method;

const SUBRESOURCES: [&str; 7] = [
    "encryption",
    "list-type",
    "location",
    "policy",
    "publicAccessBlock",
    "tagging",
    "versioning",
];

/// The operation as the API reference names it.
pub(crate) fn operation(request: &Request) -> Result<&'static str, ApiError> {
    let address = Address::of(request)?;
    let subresource = SUBRESOURCES
        .into_iter()
        .find(|name| request.parameter(name).is_some());
    let level = match (address.bucket.is_empty(), address.key.is_empty()) {
        (true, _) => "service",
        (false, true) => "bucket",
        (false, false) => "object",
    };
    let named = match (level, &request.method, subresource) {
        ("service", &Method::GET, None) => "ListBuckets",
        ("bucket", &Method::PUT, None) => "CreateBucket",
        ("bucket", &Method::HEAD, None) => "HeadBucket",
        ("bucket", &Method::DELETE, None) => "DeleteBucket",
        ("bucket", &Method::GET, Some("location")) => "GetBucketLocation",
        ("bucket", &Method::GET, Some("versioning")) => "GetBucketVersioning",
        ("bucket", &Method::PUT, Some("versioning")) => "PutBucketVersioning",
        ("bucket", &Method::GET, Some("encryption")) => "GetBucketEncryption",
        ("bucket", &Method::PUT, Some("encryption")) => "PutBucketEncryption",
        ("bucket", &Method::GET, Some("publicAccessBlock")) => "GetPublicAccessBlock",
        ("bucket", &Method::PUT, Some("publicAccessBlock")) => "PutPublicAccessBlock",
        ("bucket", &Method::GET, Some("policy")) => "GetBucketPolicy",
        ("bucket", &Method::PUT, Some("policy")) => "PutBucketPolicy",
        ("bucket", &Method::DELETE, Some("policy")) => "DeleteBucketPolicy",
        ("bucket", &Method::GET, Some("tagging")) => "GetBucketTagging",
        ("bucket", &Method::PUT, Some("tagging")) => "PutBucketTagging",
        ("bucket", &Method::GET, Some("list-type")) => "ListObjectsV2",
        ("object", &Method::PUT, None) => "PutObject",
        ("object", &Method::GET, None) => "GetObject",
        ("object", &Method::HEAD, None) => "HeadObject",
        ("object", &Method::DELETE, None) => "DeleteObject",
        ("object", &Method::GET, Some("tagging")) => "GetObjectTagging",
        ("object", &Method::PUT, Some("tagging")) => "PutObjectTagging",
        (level, method, _) => {
            let query: Vec<&str> = request
                .query
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            return Err(not_implemented(format!(
                "operation for {method} on a {level} with the parameters {query:?}"
            )));
        }
    };
    Ok(named)
}

/// Refuses query parameters and `x-amz-` headers that the operation doesn't know.
pub(super) fn check_parameters(operation: &str, request: &Request) -> Result<(), ApiError> {
    for (name, _) in &request.query {
        let known = match name.as_str() {
            // The SDKs repeat the operation's name here.
            "x-id" => true,
            "versionId" => matches!(
                operation,
                "GetObject"
                    | "HeadObject"
                    | "DeleteObject"
                    | "GetObjectTagging"
                    | "PutObjectTagging"
            ),
            "prefix" | "delimiter" | "max-keys" | "continuation-token" | "start-after"
            | "encoding-type" => operation == "ListObjectsV2",
            other => SUBRESOURCES.contains(&other),
        };
        if !known {
            return Err(not_implemented(format!("parameter {name} of {operation}")));
        }
    }
    for name in request.headers.keys() {
        let name = name.as_str();
        let known = match name {
            "range" | "if-modified-since" | "if-unmodified-since" => false,
            "x-amz-content-sha256"
            | "x-amz-date"
            | "x-amz-security-token"
            | "x-amz-user-agent"
            | "x-amz-expected-bucket-owner"
            | "x-amz-sdk-checksum-algorithm"
            | "x-amz-checksum-algorithm" => true,
            "x-amz-checksum-mode" => matches!(operation, "GetObject" | "HeadObject"),
            "x-amz-server-side-encryption" | "x-amz-tagging" => operation == "PutObject",
            "x-amz-bucket-object-lock-enabled" => false,
            name if name.starts_with("x-amz-meta-") => operation == "PutObject",
            name if name.starts_with("x-amz-") => {
                let of_body = name.starts_with("x-amz-checksum-")
                    || matches!(name, "x-amz-decoded-content-length" | "x-amz-trailer");
                of_body && request.method == Method::PUT
            }
            _ => true,
        };
        if !known {
            return Err(not_implemented(format!("header {name} of {operation}")));
        }
    }
    Ok(())
}
