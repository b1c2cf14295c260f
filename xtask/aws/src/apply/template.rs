//! Templates in the bucket: written once, under a key that holds their digest, then read back.

use super::{Apply, StepError};
use crate::call::{CallErrorKind, Named};
use crate::command_error::CommandError;
use crate::read;
use aws_sdk_s3::primitives::ByteStream;
use compute_catalog::digest::Digest;
use compute_catalog::product::{Key, VersionName};
use compute_catalog::publish::Version;

impl Apply<'_> {
    /// A released version of the repository.
    pub(super) fn released(
        &self,
        key: &Key,
        version: VersionName,
    ) -> Result<&Version, CommandError> {
        self.desired
            .find(key)
            .and_then(|product| product.version(version))
            .ok_or_else(|| {
                CommandError::new(format!("{key} {version} is not in the ledger"))
                    .hint("check out the revision that was planned")
            })
    }

    pub(super) async fn upload(&self, key: &Key, version: VersionName) -> Result<(), StepError> {
        let version = self.released(key, version)?;
        let bucket = self.known.bucket(self.desired)?;
        self.put_once(&bucket, &version.object, &version.body, &version.digest)
            .await
    }

    /// Writes an object unless it is there, and reads it back: it must have the digest.
    pub(super) async fn put_once(
        &self,
        bucket: &str,
        object: &str,
        body: &[u8],
        digest: &Digest,
    ) -> Result<(), StepError> {
        let on = format!("{bucket}/{object}");
        let answer = self
            .session
            .s3
            .put_object()
            .bucket(bucket)
            .key(object)
            .if_none_match("*")
            .content_type("application/yaml")
            // Launch roles read objects with this tag alone.
            .tagging("servicecatalog:provisioning=true")
            .body(ByteStream::from(body.to_vec()))
            .send()
            .await
            .named("s3 PutObject", &on);
        match answer {
            // It is there: by us, before an answer was lost, or by somebody. The digest tells.
            Err(error) if error.kind == CallErrorKind::Precondition => {}
            answer => {
                answer?;
            }
        }
        let live = read::body::object(self.session, bucket, object).await?;
        let found = live.as_deref().map(Digest::of);
        if found.as_ref() == Some(digest) {
            return Ok(());
        }
        let is = found.map_or_else(|| "nothing".to_owned(), |digest| digest.to_string());
        Err(
            CommandError::new(format!("the template {on} is not what was uploaded"))
                .because(format!("it is {is}, and should be {digest}"))
                .hint("find out who writes to this bucket; delete the object, then publish again")
                .into(),
        )
    }
}
