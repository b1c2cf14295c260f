//! Buckets and their policies.

use super::{CreatedResource, Place, read};
use crate::cloudformation::invalid;
use crate::context::Context;
use crate::s3::is_bucket_name;
use crate::state::s3::{AccessBlock, Bucket, Encryption};
use crate::state::tag::Tag;
use crate::wire::ApiError;
use crate::wire::field;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    bucket_name: Option<String>,
    bucket_encryption: Option<BucketEncryption>,
    versioning_configuration: Option<Versioning>,
    public_access_block_configuration: Option<AccessBlock>,
    #[serde(default)]
    tags: Vec<Tag>,
    // Kept with the stack; nothing here acts on them.
    #[serde(rename = "LifecycleConfiguration")]
    _lifecycle: Option<Value>,
    #[serde(rename = "OwnershipControls")]
    _ownership: Option<Value>,
    #[serde(rename = "LoggingConfiguration")]
    _logging: Option<Value>,
}

impl Properties {
    /// How new objects are encrypted, where it says so.
    fn encryption(&self) -> Option<Encryption> {
        let encryption = self.bucket_encryption.as_ref()?;
        let rule = encryption.server_side_encryption_configuration.first()?;
        let default = rule.server_side_encryption_by_default.as_ref()?;
        Some(Encryption {
            algorithm: default.algorithm.clone(),
            key: default.key.clone(),
            bucket_key: rule.bucket_key_enabled,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct BucketEncryption {
    server_side_encryption_configuration: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rule {
    server_side_encryption_by_default: Option<Default>,
    #[serde(default, deserialize_with = "field::flag")]
    bucket_key_enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Default {
    #[serde(rename = "SSEAlgorithm")]
    algorithm: String,
    #[serde(rename = "KMSMasterKeyID")]
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Versioning {
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Policy {
    bucket: String,
    policy_document: Value,
}

fn missing(name: &str) -> ApiError {
    invalid(format!("the bucket {name} doesn't exist"))
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    place: Place<'_>,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    if kind == "AWS::S3::BucketPolicy" {
        let policy: Policy = read(kind, properties)?;
        let name = policy.bucket.clone();
        let bucket = context.change().buckets.get_mut(&name);
        bucket.ok_or_else(|| missing(&name))?.policy = Some(policy.policy_document);
        return Ok(CreatedResource::new(name, &[]));
    }
    let one: Properties = read(kind, properties)?;
    let name = match &one.bucket_name {
        Some(name) => name.clone(),
        None => super::generated(context, place, 63).to_lowercase(),
    };
    if !is_bucket_name(&name) {
        return Err(invalid(format!("Bucket name {name:?} is not valid")));
    }
    if context.state.buckets.contains_key(&name) {
        return Err(invalid(format!("{name} already exists")));
    }
    let bucket = Bucket::new(context.account(), &context.region, context.now);
    context.change().buckets.insert(name.clone(), bucket);
    apply(context, &name, one)?;
    Ok(made(context, &name))
}

fn apply(context: &mut Context<'_>, name: &str, one: Properties) -> Result<(), ApiError> {
    let buckets = &mut context.change().buckets;
    let bucket = buckets.get_mut(name).ok_or_else(|| missing(name))?;
    if let Some(encryption) = one.encryption() {
        bucket.encryption = encryption;
    }
    if let Some(versioning) = one.versioning_configuration {
        bucket.versioning = Some(versioning.status);
    }
    if let Some(block) = one.public_access_block_configuration {
        bucket.access_block = block;
    }
    bucket.tags = one.tags;
    Ok(())
}

fn made(context: &Context<'_>, name: &str) -> CreatedResource {
    CreatedResource::new(
        name,
        &[
            ("Arn", format!("arn:aws:s3:::{name}")),
            ("DomainName", format!("{name}.s3.amazonaws.com")),
            (
                "RegionalDomainName",
                format!("{name}.s3.{}.amazonaws.com", context.region),
            ),
        ],
    )
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    if kind == "AWS::S3::BucketPolicy" {
        let policy: Policy = read(kind, properties)?;
        let bucket = context.change().buckets.get_mut(physical);
        bucket.ok_or_else(|| missing(physical))?.policy = Some(policy.policy_document);
        return Ok(CreatedResource::new(physical, &[]));
    }
    apply(context, physical, read(kind, properties)?)?;
    Ok(made(context, physical))
}

pub(super) fn delete(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
) -> Result<(), ApiError> {
    let Some(bucket) = context.state.buckets.get(physical) else {
        return Ok(());
    };
    if kind == "AWS::S3::BucketPolicy" {
        if let Some(bucket) = context.change().buckets.get_mut(physical) {
            bucket.policy = None;
        }
        return Ok(());
    }
    if !bucket.objects.is_empty() {
        return Err(invalid(format!("The bucket {physical} is not empty")));
    }
    context.change().buckets.remove(physical);
    Ok(())
}

pub(super) fn actual(
    context: &Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Option<Value> {
    let bucket = context.state.buckets.get(physical)?;
    if kind == "AWS::S3::BucketPolicy" {
        return Some(json!({ "PolicyDocument": bucket.policy.as_ref()? }));
    }
    let mut actual = properties.clone();
    let declared = |name: &str| properties.get(name).is_some();
    if declared("VersioningConfiguration") {
        actual["VersioningConfiguration"] = json!({ "Status": bucket.versioning });
    }
    if declared("PublicAccessBlockConfiguration") {
        let block: Option<AccessBlock> =
            read(kind, &properties["PublicAccessBlockConfiguration"]).ok();
        if block.as_ref() != Some(&bucket.access_block) {
            actual["PublicAccessBlockConfiguration"] =
                serde_json::to_value(&bucket.access_block).ok()?;
        }
    }
    if declared("BucketEncryption") {
        let should = read::<Properties>(kind, properties).ok()?.encryption();
        let is = &bucket.encryption;
        if should.is_some_and(|should| should != *is) {
            actual["BucketEncryption"] = json!({ "ServerSideEncryptionConfiguration": [{
                "ServerSideEncryptionByDefault": {
                    "SSEAlgorithm": is.algorithm,
                    "KMSMasterKeyID": is.key,
                },
            }]});
        }
    }
    if declared("Tags") {
        actual["Tags"] = json!(bucket.tags);
    }
    Some(actual)
}
