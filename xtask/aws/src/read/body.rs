//! Bodies of templates, as S3 and Service Catalog hold them.

use crate::call::{CallError, CallErrorKind, Named};
use crate::object_url;
use crate::session::Session;
use compute_catalog::digest::Digest;
use compute_catalog::publish::Body;

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
    Ok(match bytes_of_version(session, url).await? {
        Ok(bytes) => Body::Read(Digest::of(&bytes)),
        Err(why) => Body::Unreadable(why),
    })
}

/// The text behind a version's `TemplateUrl`, or why it can't be read.
pub(crate) async fn text_of_version(
    session: &Session,
    url: Option<&str>,
) -> Result<Result<String, String>, CallError> {
    let bytes = bytes_of_version(session, url).await?;
    Ok(bytes.and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| "its template is no text".to_owned())
    }))
}

/// The bytes behind a `TemplateUrl`, or why they can't be read.
async fn bytes_of_version(
    session: &Session,
    url: Option<&str>,
) -> Result<Result<Vec<u8>, String>, CallError> {
    let Some(url) = url else {
        return Ok(Err("Service Catalog names no TemplateUrl".to_owned()));
    };
    let Some((bucket, key)) = object_url::parse(url, session.endpoint.as_deref()) else {
        let why = "its TemplateUrl is not the URL of an S3 object";
        return Ok(Err(why.to_owned()));
    };
    match object(session, &bucket, &key).await {
        Ok(Some(bytes)) => Ok(Ok(bytes)),
        Ok(None) => Ok(Err(format!("{bucket}/{key} doesn't exist"))),
        // Service Catalog may keep its copy where this identity can't read.
        Err(error) if error.is_refused() => {
            Ok(Err(format!("this identity may not read {bucket}/{key}")))
        }
        // It is in an archive, or its key is gone.
        Err(error) if error.kind == CallErrorKind::Refused => {
            Ok(Err(format!("{bucket}/{key}: {}", error.why())))
        }
        Err(error) => Err(error),
    }
}
