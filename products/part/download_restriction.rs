//! The restriction of downloads to the bucket's region.
//!
//! One `Deny` statement in the bucket's policy, kept there by a small function of the stack's own.
//! The bucket-policy function writes the whole policy whenever its properties change; the same
//! properties stand on the restriction, so that it is written again after each such run. What is
//! denied is constant: a request that came through no VPC endpoint. Machines of the catalog have one;
//! it costs nothing within a region. An endpoint of another region can be made, at a price of its own.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html>

use super::custom::BucketPolicy;
use compute_catalog::cfn::{
    Builder, ConditionHandle, DeletionPolicy, Handle, Json, List, Sub, UpdateReplacePolicy, Value,
};
use compute_catalog::iam::{Condition, PolicyDocument, Principal, Statement};
use compute_catalog::resource::{iam, lambda, logs, s3};

/// The statement's name: by it the function finds its own statement among others.
pub const STATEMENT: &str = "DownloadOnlyInRegion";

/// What the restriction stands on.
pub struct DownloadRestriction<'a> {
    /// The bucket.
    pub bucket: &'a Handle<s3::Bucket>,
    /// What writes the rest of its policy, and must have run before.
    pub policy: &'a Handle<BucketPolicy>,
    /// What else the policy is made of.
    pub extra_principals: Option<Value<List<String>>>,
}

compute_catalog::resource_type! {
    /// `Custom::BucketDownloadRestriction`: the statement in the bucket's policy.
    struct Restriction = "Custom::BucketDownloadRestriction";
}

/// Declares the restriction, its function, and the function's role and log.
pub fn declare(
    builder: &mut Builder,
    restricted: &ConditionHandle,
    restriction: &DownloadRestriction<'_>,
    code: &str,
) {
    let bucket = restriction.bucket;
    let log_group = builder.resource(
        "DownloadRestrictionLogGroup",
        logs::LogGroup::new()
            .retention_in_days(30u32)
            .condition(restricted)
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(UpdateReplacePolicy::Delete),
    );
    let role = builder.resource(
        "DownloadRestrictionRole",
        iam::Role::new(PolicyDocument::trust(["lambda.amazonaws.com"]))
            .policies([iam::Policy::new(
                function_policy(bucket, &log_group),
                "Function",
            )])
            .condition(restricted),
    );
    let function = builder.resource(
        "DownloadRestrictionFunction",
        lambda::Function::new(lambda::Code::new().zip_file(code), role.arn())
            .description("Keeps the restriction of downloads in the bucket's policy")
            .runtime(lambda::FunctionRuntime::Python3_13)
            .handler("index.handler")
            .timeout(180u32)
            .environment(lambda::Environment::new().variables([("BUCKET", bucket)]))
            .logging_config(lambda::LoggingConfig::new().log_group(&log_group))
            .condition(restricted),
    );
    let mut properties = Restriction::bare()
        .with("ServiceToken", function.arn())
        .with("BucketName", bucket.reference())
        .with("Statement", statement(bucket));
    if let Some(arns) = restriction.extra_principals.clone() {
        properties = properties.with("ExtraPrincipalArns", arns);
    }
    builder.resource(
        "DownloadRestriction",
        properties
            .condition(restricted)
            .depends_on(restriction.policy),
    );
}

fn function_policy(
    bucket: &Handle<s3::Bucket>,
    log_group: &Handle<logs::LogGroup>,
) -> PolicyDocument {
    PolicyDocument::new([
        Statement::allow("KeepPolicy")
            .actions([
                "s3:GetBucketPolicy",
                "s3:PutBucketPolicy",
                "s3:DeleteBucketPolicy",
            ])
            .on([bucket.arn()]),
        Statement::allow("Log")
            .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
            .on([log_group.arn()]),
    ])
}

fn statement(bucket: &Handle<s3::Bucket>) -> Value<Json> {
    let objects = Sub::new("${arn}/*").with("arn", bucket.arn());
    PolicyDocument::new([Statement::deny(STATEMENT)
        .principal(Principal::Anyone)
        .actions(["s3:GetObject"])
        .on([Value::from(objects)])
        .when(Condition::null("aws:SourceVpce", true))])
    .into()
}
