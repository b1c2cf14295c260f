//! Templates in the bucket: written once, under a key that holds their digest, then read back.

use super::{Apply, StepError};
use crate::call::{CallError, CallErrorKind, Named};
use crate::command_error::CommandError;
use crate::read;
use crate::read::bucket::LAUNCH_TAG;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Tag, Tagging};
use compute_catalog::digest::Digest;
use compute_catalog::publish::{Reference, Version};

impl Apply<'_> {
    pub(super) async fn upload(
        &self,
        version: &Version,
        bucket: &Reference,
        replace: bool,
    ) -> Result<(), StepError> {
        let bucket = self.known.value(bucket)?;
        let (object, body) = (&version.object, &version.body);
        let content_type = version.product_type.content_type();
        if replace {
            // Under this key nothing else was ever right: it holds the digest.
            let body = (&body[..], content_type);
            self.put(&bucket, object, body, None).await?;
        }
        let body = (&body[..], content_type);
        self.put_once(&bucket, object, body, &version.digest).await
    }

    /// Gives an object the tag by which launch roles may read it, and leaves it the others.
    pub(super) async fn tag_template(
        &self,
        object: &str,
        bucket: &Reference,
    ) -> Result<(), StepError> {
        let bucket = self.known.value(bucket)?;
        let on = format!("{bucket}/{object}");
        let mut tags = read::bucket::tags(self.session, &bucket, object).await?;
        tags.insert(LAUNCH_TAG.0.to_owned(), LAUNCH_TAG.1.to_owned());
        let mut tagging = Tagging::builder();
        for (key, value) in tags {
            let tag = Tag::builder().key(key).value(value).build();
            tagging = tagging.tag_set(
                tag.map_err(|error| CommandError::new("a tag can't be made").because(error))?,
            );
        }
        let tagging = tagging
            .build()
            .map_err(|error| CommandError::new("tags can't be made").because(error))?;
        self.session
            .s3
            .put_object_tagging()
            .bucket(&bucket)
            .key(object)
            .tagging(tagging)
            .send()
            .await
            .named("s3 PutObjectTagging", &on)?;
        Ok(())
    }

    async fn put(
        &self,
        bucket: &str,
        object: &str,
        (body, content_type): (&[u8], &str),
        if_none_match: Option<&str>,
    ) -> Result<(), CallError> {
        self.session
            .s3
            .put_object()
            .bucket(bucket)
            .key(object)
            .set_if_none_match(if_none_match.map(str::to_owned))
            .content_type(content_type)
            .tagging(format!("{}={}", LAUNCH_TAG.0, LAUNCH_TAG.1))
            .body(ByteStream::from(body.to_vec()))
            .send()
            .await
            .named("s3 PutObject", &format!("{bucket}/{object}"))?;
        Ok(())
    }

    /// Writes an object unless it is there, and reads it back: it must have the digest.
    pub(super) async fn put_once(
        &self,
        bucket: &str,
        object: &str,
        (body, content_type): (&[u8], &str),
        digest: &Digest,
    ) -> Result<(), StepError> {
        let on = format!("{bucket}/{object}");
        match self
            .put(bucket, object, (body, content_type), Some("*"))
            .await
        {
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
                .hint("find out who writes to this bucket, then publish again: it is put back")
                .into(),
        )
    }
}
