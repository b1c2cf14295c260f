//! `example-bucket`: a private, encrypted bucket that outlives its product.

use compute_catalog::cfn::{
    Builder, DeletionPolicy, Handle, Output, Sub, Template, UpdateReplacePolicy, Value,
};
use compute_catalog::iam::{Condition, PolicyDocument, Principal, Statement};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::s3;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct ExampleBucket;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// After how many days objects go to the storage class that finds the cheapest tier by itself.
    pub intelligent_tiering_after_days: u32,
    /// After how many days an upload that never ended is dropped.
    pub abort_incomplete_uploads_after_days: u32,
}

impl Model for ExampleBucket {
    const KEY: Key = Key::constant("example-bucket");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new(&settings.catalog.description);
        let bucket = builder.resource("Bucket", bucket(settings));
        builder.resource(
            "BucketPolicy",
            s3::BucketPolicy::new(&bucket, encrypted_only(&bucket)),
        );
        builder.output("BucketName", Output::new(&bucket, "Name of the bucket"));
        builder.output("BucketArn", Output::new(bucket.arn(), "ARN of the bucket"));
        context.finish(builder)
    }
}

/// Its data outlives the product, except where the launch itself failed: nobody has put anything
/// in yet.
fn bucket(settings: &Settings) -> s3::Bucket {
    let encryption = s3::ServerSideEncryptionRule::new().server_side_encryption_by_default(
        s3::ServerSideEncryptionByDefault::new(
            s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
        ),
    );
    let tiering = s3::Rule::new(s3::RuleStatus::Enabled)
        .id("IntelligentTiering")
        .transitions([
            s3::Transition::new(s3::TransitionStorageClass::IntelligentTiering)
                .transition_in_days(settings.intelligent_tiering_after_days),
        ]);
    let abort = s3::Rule::new(s3::RuleStatus::Enabled)
        .id("AbortIncompleteUploads")
        .abort_incomplete_multipart_upload(s3::AbortIncompleteMultipartUpload::new(
            settings.abort_incomplete_uploads_after_days,
        ));
    s3::Bucket::new()
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .bucket_encryption(s3::BucketEncryption::new([encryption]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([tiering, abort]))
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(UpdateReplacePolicy::Retain)
}

/// Nobody reaches the bucket but by TLS.
fn encrypted_only(bucket: &Handle<s3::Bucket>) -> PolicyDocument {
    let objects: Value<String> = Sub::new("${bucket}/*").with("bucket", bucket.arn()).into();
    PolicyDocument::new([Statement::deny("EncryptedConnectionsOnly")
        .principal(Principal::Anyone)
        .actions(["s3:*"])
        .on([bucket.arn(), objects])
        .when(Condition::bool("aws:SecureTransport", false))])
}
