//! The private bucket: encrypted, closed to the public, kept when its product goes.

use super::custom::{BucketPolicy, SynapseTagger};
use super::download_restriction::{self, DownloadRestriction};
use compute_catalog::cfn::{
    Builder, DeletionPolicy, Handle, List, Output, ParameterDeclaration, ParameterHandle, Sub,
    UpdateReplacePolicy, Value, equals, not,
};
use compute_catalog::resource::s3;
use schemars::JsonSchema;
use serde::Deserialize;

/// The settings of a private bucket.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BucketSettings {
    /// After how many days objects move to Intelligent-Tiering.
    #[schemars(range(min = 0, max = 3650))]
    pub intelligent_tiering_after_days: u16,
    /// After how many days the parts of an upload that never finished are deleted.
    #[schemars(range(min = 1, max = 365))]
    pub abort_incomplete_uploads_after_days: u16,
}

/// The bucket's part of the launch form.
pub struct BucketParameters {
    name: ParameterHandle<String>,
    restrict: ParameterHandle<String>,
}

/// What a bucket needs from the account, and the code of its own function.
pub struct BucketContext<'a> {
    /// Token of the bucket-policy function.
    pub policy_token: Value<String>,
    /// Token of the tagger for buckets.
    pub tagger_token: Value<String>,
    /// The code of the function that restricts downloads.
    pub restriction_code: &'a str,
}

/// S3's naming rules for general purpose buckets, or nothing at all.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
const BUCKET_NAME: &str = r"^$|^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";

/// The group of the launch form that the bucket's name stands in.
const NAME_GROUP: &str = "S3 Bucket Configuration";

/// The group of the launch form that the bucket's policy stands in.
pub const POLICY_GROUP: &str = "S3 Bucket Policy Configuration";

/// Declares `BucketName`.
pub fn name_parameter(builder: &mut Builder) -> ParameterHandle<String> {
    builder.parameter(
        "BucketName",
        ParameterDeclaration::string()
            .label("Bucket Name")
            .group(NAME_GROUP)
            .description(
                "Name of the bucket: one that no bucket had before. Leave it empty and such a name is \
                 made. Choose it once: another name in an update makes a new, empty bucket and \
                 leaves the data in the old one.",
            )
            .default("")
            .allowed_pattern(
                BUCKET_NAME,
                "Leave it empty, or write 3 to 63 lower-case letters, digits, dots and hyphens, \
                 with a letter or digit at both ends.",
            ),
    )
}

/// Declares `RestrictSameRegionDownload`.
pub fn restriction_parameter(builder: &mut Builder) -> ParameterHandle<String> {
    builder.parameter(
        "RestrictSameRegionDownload",
        ParameterDeclaration::string()
            .label("Restrict Downloads to VPC Endpoints")
            .group(POLICY_GROUP)
            .description(
                "true: objects can be downloaded through VPC endpoints only, as machines of this \
                 catalog do within the region, and not over the internet.",
            )
            .default("false")
            .allowed_values(["true", "false"]),
    )
}

impl BucketParameters {
    /// The parameters of a bucket.
    pub fn new(name: ParameterHandle<String>, restrict: ParameterHandle<String>) -> Self {
        BucketParameters { name, restrict }
    }
}

/// Adds the bucket's own properties to those that every private bucket has.
pub fn bucket(
    builder: &mut Builder,
    parameters: &BucketParameters,
    settings: &BucketSettings,
    with: impl FnOnce(s3::Bucket) -> s3::Bucket,
) -> Handle<s3::Bucket> {
    let has_name = builder.condition("HasBucketName", not(equals::<String>(&parameters.name, "")));
    let encryption = s3::ServerSideEncryptionRule::new().server_side_encryption_by_default(
        s3::ServerSideEncryptionByDefault::new(
            s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256,
        ),
    );
    let block_public = s3::PublicAccessBlockConfiguration::new()
        .block_public_acls(true)
        .block_public_policy(true)
        .ignore_public_acls(true)
        .restrict_public_buckets(true);
    let tiering = s3::Rule::new(s3::RuleStatus::Enabled)
        .id("IntelligentTieringClassTransitionRule")
        .transitions([
            s3::Transition::new(s3::TransitionStorageClass::IntelligentTiering)
                .transition_in_days(u32::from(settings.intelligent_tiering_after_days)),
        ]);
    let abort = s3::Rule::new(s3::RuleStatus::Enabled)
        .id("AbortIncompleteUploads")
        .abort_incomplete_multipart_upload(s3::AbortIncompleteMultipartUpload::new(u32::from(
            settings.abort_incomplete_uploads_after_days,
        )));
    let properties = s3::Bucket::new()
        .bucket_name(Value::from(&parameters.name).when(&has_name))
        .public_access_block_configuration(block_public)
        .bucket_encryption(s3::BucketEncryption::new([encryption]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([tiering, abort]));
    // The data outlives the product, except where the launch itself failed: nobody has put anything
    // in yet, and the name is free again.
    let retained = with(properties)
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(UpdateReplacePolicy::Retain);
    builder.resource("S3Bucket", retained)
}

/// Declares who may use the bucket, its tags, and the restriction of downloads.
pub fn access(
    builder: &mut Builder,
    parameters: &BucketParameters,
    bucket: &Handle<s3::Bucket>,
    context: &BucketContext<'_>,
    extra_principals: Option<Value<List<String>>>,
) {
    let mut policy = BucketPolicy::new(&context.policy_token, bucket);
    if let Some(arns) = &extra_principals {
        policy = policy.extra_principal_arns(arns);
    }
    let policy = builder.resource("S3BucketPolicy", policy);
    builder.resource(
        "S3BucketTagger",
        // Both write settings of the bucket, which S3 takes one at a time.
        SynapseTagger::of_bucket(&context.tagger_token, bucket).depends_on(&policy),
    );
    let restricted = builder.condition(
        "CreateSameRegionDownloadRestriction",
        equals::<String>(&parameters.restrict, "true"),
    );
    let restriction = DownloadRestriction {
        bucket,
        policy: &policy,
        extra_principals,
    };
    download_restriction::declare(builder, &restricted, &restriction, context.restriction_code);
}

/// Declares the four outputs of a bucket.
pub fn outputs(builder: &mut Builder, bucket: &Handle<s3::Bucket>, documentation: &str) {
    builder.output("BucketName", Output::new(bucket, "Name of the bucket"));
    builder.output("BucketARN", Output::new(bucket.arn(), "ARN of the bucket"));
    builder.output(
        "BucketUrl",
        Output::new(
            Sub::new("https://console.aws.amazon.com/s3/home?region=${AWS::Region}&bucket=${name}")
                .with("name", bucket),
            "Opens the bucket in the S3 console, to upload and download files",
        ),
    );
    builder.output(
        "Documentation",
        Output::new::<String>(documentation, "How to use the bucket"),
    );
}
