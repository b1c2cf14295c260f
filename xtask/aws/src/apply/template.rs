//! Templates in the bucket: written once, under a key that holds their digest, then read back.

use super::{Apply, StepError};
use crate::call::{Kind, Named};
use crate::failure::Failure;
use crate::read::body;
use aws_sdk_s3::primitives::ByteStream;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::Version;
use compute_catalog::release::Digest;

impl Apply<'_> {
    /// A released version of the repository.
    pub(super) fn released(&self, key: &Key, version: VersionName) -> Result<&Version, Failure> {
        self.desired
            .find(key)
            .and_then(|product| product.version(version))
            .ok_or_else(|| {
                Failure::new(format!("{key} {version} is not in the ledger"))
                    .hint("check out the revision that was planned")
            })
    }

    pub(super) async fn upload(&self, key: &Key, version: VersionName) -> Result<(), StepError> {
        let version = self.released(key, version)?;
        let bucket = self.known.bucket(self.desired)?;
        let on = format!("{bucket}/{}", version.object);
        let answer = self
            .session
            .s3
            .put_object()
            .bucket(&bucket)
            .key(&version.object)
            .if_none_match("*")
            .content_type("application/yaml")
            .body(ByteStream::from(version.body.clone()))
            .send()
            .await
            .named("s3 PutObject", &on);
        match answer {
            // It is there: by us, before an answer was lost, or by somebody. The digest tells.
            Err(error) if error.kind == Kind::Precondition => {}
            answer => {
                answer?;
            }
        }
        let live = body::object(self.session, &bucket, &version.object).await?;
        let digest = live.as_deref().map(Digest::of);
        if digest.as_ref() == Some(&version.digest) {
            return Ok(());
        }
        let is = digest.map_or_else(|| "nothing".to_owned(), |digest| digest.to_string());
        Err(
            Failure::new(format!("the template {on} is not what was uploaded"))
                .because(format!("it is {is}, the ledger says {}", version.digest))
                .hint("find out who writes to this bucket; delete the object, then publish again")
                .into(),
        )
    }
}
