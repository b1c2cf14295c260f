//! The bucket of templates: versioned, encrypted, private, over TLS only, kept.
//!
//! The publisher tags each object `servicecatalog:provisioning` = `true`: launch roles read
//! objects with this tag alone.

use crate::cfn::{Builder, DeletionPolicy, Handle, Sub, UpdateReplacePolicy};
use crate::iam::{Condition, PolicyDocument, Principal, Statement};
use crate::resource::s3;

/// The logical id of the bucket; its name is exported under the same.
pub const TEMPLATE_BUCKET: &str = "TemplateBucket";

pub(super) fn declare(builder: &mut Builder) -> Handle<s3::Bucket> {
    let encryption = s3::ServerSideEncryptionRule::new().server_side_encryption_by_default(
        s3::ServerSideEncryptionByDefault::new(
            s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
        ),
    );
    let bucket = s3::Bucket::new()
        .bucket_encryption(s3::BucketEncryption::new([encryption]))
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .ownership_controls(s3::OwnershipControls::new([
            s3::OwnershipControlsRule::new()
                .object_ownership(s3::OwnershipControlsRuleObjectOwnership::BucketOwnerEnforced),
        ]))
        .versioning_configuration(s3::VersioningConfiguration::new(
            s3::VersioningConfigurationStatus::Enabled,
        ));
    let bucket = builder.resource(
        TEMPLATE_BUCKET,
        bucket
            .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
            .update_replace_policy(UpdateReplacePolicy::Retain),
    );
    let objects = Sub::new("${bucket}/*").with("bucket", bucket.arn());
    let policy = PolicyDocument::new([Statement::deny("TlsOnly")
        .principal(Principal::Anyone)
        .actions(["s3:*"])
        .on([bucket.arn(), objects.into()])
        .when(Condition::bool("aws:SecureTransport", false))]);
    builder.resource(
        "TemplateBucketPolicy",
        s3::BucketPolicy::new(&bucket, policy),
    );
    bucket
}
