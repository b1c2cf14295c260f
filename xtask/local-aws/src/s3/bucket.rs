//! Buckets and their settings.

use super::{invalid, malformed, read_xml, xml};
use crate::clock;
use crate::context::Context;
use crate::state::s3::{AccessBlock, Bucket, Encryption};
use crate::wire::{ApiError, Request, Response};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn no_such_bucket(name: &str) -> ApiError {
    ApiError::new(
        404,
        "NoSuchBucket",
        format!("The specified bucket does not exist: {name}"),
    )
}

pub(super) fn find<'a>(context: &'a Context<'_>, name: &str) -> Result<&'a Bucket, ApiError> {
    context
        .state
        .buckets
        .get(name)
        .ok_or_else(|| no_such_bucket(name))
}

pub(super) fn find_mut<'a>(
    context: &'a mut Context<'_>,
    name: &str,
) -> Result<&'a mut Bucket, ApiError> {
    find(context, name)?;
    context
        .change()
        .buckets
        .get_mut(name)
        .ok_or_else(|| no_such_bucket(name))
}

/// The owner may do everything; others may read where the bucket's policy names
/// their account, or where the bucket belongs to a service.
pub(super) fn permit(
    context: &Context<'_>,
    operation: &str,
    name: &str,
    request: &Request,
) -> Result<(), ApiError> {
    let bucket = find(context, name)?;
    // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
    if bucket.region != context.region {
        return Err(ApiError::new(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
        ));
    }
    let expected = request.header("x-amz-expected-bucket-owner");
    let account = context.account();
    let is_read = matches!(
        operation,
        "GetObject" | "HeadObject" | "HeadBucket" | "ListObjectsV2"
    );
    let is_shared = || {
        bucket
            .policy
            .as_ref()
            .is_some_and(|policy| !account.is_empty() && policy.to_string().contains(account))
    };
    let permitted = if bucket.of_service {
        operation == "GetObject" || operation == "HeadObject"
    } else {
        bucket.owner == account || (is_read && is_shared())
    };
    if permitted && expected.is_none_or(|owner| owner == bucket.owner) {
        Ok(())
    } else {
        Err(ApiError::new(403, "AccessDenied", "Access Denied"))
    }
}

/// Whether S3 takes this as the name of a bucket.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub(crate) fn is_bucket_name(name: &str) -> bool {
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|c| ends(c) || c == '-' || c == '.')
        && name.starts_with(ends)
        && name.ends_with(ends)
        && !name.contains("..")
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct CreateBucketConfiguration {
    #[serde(rename = "@xmlns", default)]
    _namespace: Option<String>,
    location_constraint: Option<String>,
}

pub(super) fn create(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    if !is_bucket_name(name) {
        return Err(ApiError::new(
            400,
            "InvalidBucketName",
            format!("The specified bucket is not valid: {name}"),
        ));
    }
    let mut region = "us-east-1".to_owned();
    if !request.body.is_empty() {
        let input: CreateBucketConfiguration = read_xml(request)?;
        if let Some(constraint) = input.location_constraint {
            region = constraint;
        }
    }
    if region != context.region {
        return Err(ApiError::new(
            400,
            "IllegalLocationConstraintException",
            format!(
                "The {region} location constraint is incompatible for the region specific endpoint this request was sent to."
            ),
        ));
    }
    if let Some(bucket) = context.state.buckets.get(name) {
        let code = if bucket.owner != context.account() {
            "BucketAlreadyExists"
        } else if region == "us-east-1" {
            // Only there is a repeat by the owner not an error.
            return Ok(Response::new(200).header("location", format!("/{name}")));
        } else {
            "BucketAlreadyOwnedByYou"
        };
        return Err(ApiError::new(
            409,
            code,
            format!("the bucket {name} exists"),
        ));
    }
    let bucket = Bucket::new(context.account(), &region, context.now);
    context.change().buckets.insert(name.to_owned(), bucket);
    Ok(Response::new(200).header("location", format!("/{name}")))
}

pub(super) fn head(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let bucket = find(context, name)?;
    Ok(Response::new(200).header("x-amz-bucket-region", &bucket.region))
}

pub(super) fn delete(context: &mut Context<'_>, name: &str) -> Result<Response, ApiError> {
    if !find(context, name)?.objects.is_empty() {
        return Err(ApiError::new(
            409,
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty",
        ));
    }
    context.change().buckets.remove(name);
    Ok(Response::new(204))
}

pub(super) fn list(context: &Context<'_>) -> Result<Response, ApiError> {
    let buckets: Vec<Value> = context
        .state
        .buckets
        .iter()
        .filter(|(_, bucket)| bucket.owner == context.account() && !bucket.of_service)
        .map(|(name, bucket)| json!({ "Name": name, "CreationDate": clock::iso(bucket.created) }))
        .collect();
    Ok(xml(
        "ListAllMyBucketsResult",
        &json!({
            "Owner": { "ID": context.account() },
            "Buckets": { "Bucket": buckets },
        }),
    ))
}

pub(super) fn location(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let bucket = find(context, name)?;
    let region = if bucket.region == "us-east-1" {
        ""
    } else {
        &bucket.region
    };
    Ok(xml("LocationConstraint", &json!(region)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct VersioningConfiguration {
    #[serde(rename = "@xmlns", default)]
    _namespace: Option<String>,
    status: String,
}

pub(super) fn versioning(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let bucket = find(context, name)?;
    Ok(xml(
        "VersioningConfiguration",
        &json!({ "Status": bucket.versioning }),
    ))
}

pub(super) fn put_versioning(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let input: VersioningConfiguration = read_xml(request)?;
    if !matches!(input.status.as_str(), "Enabled" | "Suspended") {
        return Err(malformed(format!("Status {:?}", input.status)));
    }
    find_mut(context, name)?.versioning = Some(input.status);
    Ok(Response::new(200))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ServerSideEncryptionConfiguration {
    #[serde(rename = "@xmlns", default)]
    _namespace: Option<String>,
    rule: EncryptionRule,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct EncryptionRule {
    apply_server_side_encryption_by_default: EncryptionDefault,
    bucket_key_enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EncryptionDefault {
    #[serde(rename = "SSEAlgorithm")]
    algorithm: String,
    #[serde(rename = "KMSMasterKeyID")]
    key: Option<String>,
}

pub(super) fn encryption(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let encryption = &find(context, name)?.encryption;
    Ok(xml(
        "ServerSideEncryptionConfiguration",
        &json!({ "Rule": {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": encryption.algorithm,
                "KMSMasterKeyID": encryption.key,
            },
            "BucketKeyEnabled": encryption.bucket_key.unwrap_or(false),
        }}),
    ))
}

pub(super) fn put_encryption(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let rule = read_xml::<ServerSideEncryptionConfiguration>(request)?.rule;
    let default = rule.apply_server_side_encryption_by_default;
    if !matches!(
        default.algorithm.as_str(),
        "AES256" | "aws:kms" | "aws:kms:dsse"
    ) {
        return Err(malformed(format!("SSEAlgorithm {:?}", default.algorithm)));
    }
    if default.algorithm == "AES256" && default.key.is_some() {
        return Err(invalid("a KMSMasterKeyID is not applicable with AES256"));
    }
    find_mut(context, name)?.encryption = Encryption {
        algorithm: default.algorithm,
        key: default.key,
        bucket_key: rule.bucket_key_enabled,
    };
    Ok(Response::new(200))
}

pub(super) fn access_block(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let block = serde_json::to_value(&find(context, name)?.access_block);
    Ok(xml(
        "PublicAccessBlockConfiguration",
        &block.map_err(ApiError::internal)?,
    ))
}

pub(super) fn put_access_block(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let input: AccessBlock = read_xml(request)?;
    find_mut(context, name)?.access_block = AccessBlock {
        namespace: None,
        ..input
    };
    Ok(Response::new(200))
}

pub(super) fn policy(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let policy = find(context, name)?.policy.as_ref();
    let policy = policy.ok_or_else(|| {
        ApiError::new(
            404,
            "NoSuchBucketPolicy",
            "The bucket policy does not exist",
        )
    })?;
    Ok(Response::new(200).body("application/json", policy.to_string()))
}

pub(super) fn put_policy(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let policy: Value = serde_json::from_slice(&request.body)
        .map_err(|_| ApiError::new(400, "MalformedPolicy", "This policy contains invalid Json"))?;
    find_mut(context, name)?.policy = Some(policy);
    Ok(Response::new(204))
}

pub(super) fn delete_policy(context: &mut Context<'_>, name: &str) -> Result<Response, ApiError> {
    find_mut(context, name)?.policy = None;
    Ok(Response::new(204))
}
