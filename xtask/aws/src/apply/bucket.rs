//! The bucket for templates, where no stack makes it.

use super::{Apply, StepError};
use crate::call::Named;
use crate::read::bucket;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    PublicAccessBlockConfiguration, VersioningConfiguration,
};

impl Apply<'_> {
    pub(super) async fn create_bucket(&self, name: &str) -> Result<(), StepError> {
        let s3 = &self.session.s3;
        if !bucket::exists(self.session, name).await? {
            let mut create = s3.create_bucket().bucket(name);
            // The one region that must not be named.
            if self.session.region != "us-east-1" {
                let place = CreateBucketConfiguration::builder()
                    .location_constraint(BucketLocationConstraint::from(
                        self.session.region.as_str(),
                    ))
                    .build();
                create = create.create_bucket_configuration(place);
            }
            match create.send().await.named("s3 CreateBucket", name) {
                Err(error) if error.code.as_deref() == Some("BucketAlreadyOwnedByYou") => {}
                answer => {
                    answer?;
                }
            }
        }
        let closed = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        s3.put_public_access_block()
            .bucket(name)
            .public_access_block_configuration(closed)
            .send()
            .await
            .named("s3 PutPublicAccessBlock", name)?;
        let versioned = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        s3.put_bucket_versioning()
            .bucket(name)
            .versioning_configuration(versioned)
            .send()
            .await
            .named("s3 PutBucketVersioning", name)?;
        Ok(())
    }
}
