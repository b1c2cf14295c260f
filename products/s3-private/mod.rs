//! `s3-private`: one encrypted bucket that only the person who launched it can use.

use crate::part::bucket::{self, BucketContext, BucketParameters, BucketSettings};
use compute_catalog::cfn::{Builder, Template};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct S3Private;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// The bucket.
    pub bucket: BucketSettings,
}

impl Model for S3Private {
    const KEY: Key = Key::constant("s3-private");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        // What empties buckets after their product is gone finds them by "S3" in this text.
        let mut builder = Builder::new("S3: a private, encrypted bucket for one person");
        let tokens = ["BucketPolicyFunctionArn", "SetBucketTagsFunctionArn"];
        let [policy_token, tagger_token] = context.imports(&mut builder, tokens)?;
        let restriction_code = context.file("shared/bucket/restrict_downloads.py")?;

        let name = bucket::name_parameter(&mut builder);
        let restrict = bucket::restriction_parameter(&mut builder);
        let parameters = BucketParameters::new(name, restrict);
        let s3_bucket = bucket::bucket(&mut builder, &parameters, &settings.bucket, |own| own);
        let account = BucketContext {
            policy_token,
            tagger_token,
            restriction_code,
        };
        bucket::access(&mut builder, &parameters, &s3_bucket, &account, None);
        bucket::outputs(&mut builder, &s3_bucket, &settings.catalog.documentation);
        context.finish(builder)
    }
}
