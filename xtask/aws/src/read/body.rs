//! Bodies of templates, as S3 and Service Catalog hold them.

use crate::call::{CallError, Named};
use crate::object_url;
use crate::session::Session;
use compute_catalog::publish::Body;
use compute_catalog::release::Digest;

/// The bytes of an object, where it exists.
pub(crate) async fn object(
    session: &Session,
    bucket: &str,
    key: &str,
) -> Result<Option<Vec<u8>>, CallError> {
    let on = format!("{bucket}/{key}");
    let mut attempt = 0;
    loop {
        attempt += 1;
        let answer = session
            .s3
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .named("s3 GetObject", &on);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        match answer.body.collect().await {
            Ok(bytes) => return Ok(Some(bytes.to_vec())),
            // The connection broke in the middle of the body.
            Err(_) if attempt < session.pace.attempts => session.pace.wait().await,
            Err(error) => return Err(CallError::unclear("s3 GetObject", &on, &error)),
        }
    }
}

/// The body behind a version's `TemplateUrl`.
pub(crate) async fn of_version(session: &Session, url: Option<&str>) -> Result<Body, CallError> {
    let Some(url) = url else {
        return Ok(Body::Unreadable(
            "Service Catalog names no TemplateUrl".to_owned(),
        ));
    };
    let Some((bucket, key)) = object_url::parse(url, session.endpoint.as_deref()) else {
        return Ok(Body::Unreadable(
            "its TemplateUrl is not the URL of an S3 object".to_owned(),
        ));
    };
    match object(session, &bucket, &key).await {
        Ok(Some(bytes)) => Ok(Body::Read(Digest::of(&bytes))),
        Ok(None) => Ok(Body::Unreadable(format!("{bucket}/{key} doesn't exist"))),
        // Service Catalog may keep its copy where this identity can't read.
        Err(error) if error.is_refused() => Ok(Body::Unreadable(format!(
            "this identity may not read {bucket}/{key}"
        ))),
        Err(error) => Err(error),
    }
}
