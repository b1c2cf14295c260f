//! The bucket for templates, and the templates in it.

use super::fixed::ObjectState;
use super::{body, each};
use crate::call::{CallError, CallErrorKind, Named};
use crate::session::Session;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{Body, Bucket, Desired, LiveStack, LiveTemplate};
use std::collections::{BTreeMap, BTreeSet};

/// The bucket's name, where it exists.
pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<Option<String>, CallError> {
    let name = match &desired.bucket {
        Bucket::Named(name) | Bucket::Own(name) => name.clone(),
        Bucket::Output { stack, output } => {
            match stacks
                .get(stack)
                .and_then(|stack| stack.outputs.get(output))
            {
                Some(name) => name.clone(),
                None => return Ok(None),
            }
        }
    };
    Ok(exists(session, &name).await?.then_some(name))
}

/// Whether it is why the bucket can't be used that may be there: it is somebody else's, or of another region.
/// Everything else of the account is looked at all the same.
pub(crate) fn is_unusable(error: &CallError) -> bool {
    let is_elsewhere = error.code.as_deref() == Some(ELSEWHERE);
    error.operation == HEAD && (is_elsewhere || error.is_refused())
}

const HEAD: &str = "s3 HeadBucket";

/// S3's code for a bucket of another region.
const ELSEWHERE: &str = "PermanentRedirect";

/// Whether the bucket is there and belongs to this account.
pub(crate) async fn exists(session: &Session, name: &str) -> Result<bool, CallError> {
    let answer = session
        .s3
        .head_bucket()
        .bucket(name)
        .expected_bucket_owner(session.account.as_str())
        .send()
        .await
        .named(HEAD, name);
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) if error.is_refused() => {
            Err(error.because("another account has the bucket, or s3:ListBucket isn't allowed"))
        }
        Err(error) if error.code.as_deref() == Some(ELSEWHERE) => {
            Err(error.because(&format!("the bucket isn't in {}", session.region)))
        }
        Err(error) => Err(error),
    }
}

/// The templates that the catalog asks for.
pub(crate) async fn templates(
    session: &Session,
    bucket: &str,
    desired: &Desired,
) -> Result<BTreeMap<String, LiveTemplate>, CallError> {
    let keys: BTreeSet<&str> = desired
        .products
        .iter()
        .flat_map(|product| &product.versions)
        .map(|version| version.object.as_str())
        .collect();
    let folders: BTreeSet<&str> = keys
        .iter()
        .filter_map(|key| key.split_inclusive('/').next())
        .collect();
    // Of a ledger of years, most were never published here.
    let there = each(session, folders, |folder| {
        objects_below(session, bucket, folder)
    })
    .await?;
    let there = there.into_iter().flatten();
    let there = there.filter(|object| keys.contains(object.key.as_str()));
    let found = each(session, there, |object| async move {
        match template(session, bucket, &object).await {
            // One that can't be read keeps nobody from the others.
            Err(error) if error.kind == CallErrorKind::Refused => {
                let live = LiveTemplate {
                    body: Body::Unreadable(error.why()),
                    is_tagged: true,
                };
                Ok(Some((object.key, live)))
            }
            answer => Ok(answer?.map(|live| (object.key, live))),
        }
    })
    .await?;
    Ok(found.into_iter().flatten().collect())
}

/// A template, where it is still there.
async fn template(
    session: &Session,
    bucket: &str,
    object: &ObjectState,
) -> Result<Option<LiveTemplate>, CallError> {
    let key = object.key.as_str();
    let digest = match session.fixed.object(object) {
        Some(digest) => digest,
        None => {
            let Some(bytes) = body::object(session, bucket, key).await? else {
                return Ok(None);
            };
            let digest = Digest::of(&bytes);
            // What was written between the list and this answer is of another state.
            if i64::try_from(bytes.len()) == Ok(object.size) {
                session.fixed.keep_object(object, &digest);
            }
            digest
        }
    };
    let (name, value) = LAUNCH_TAG;
    let tags = tags(session, bucket, key).await?;
    Ok(Some(LiveTemplate {
        body: Body::Read(digest),
        is_tagged: tags.get(name).is_some_and(|tag| tag == value),
    }))
}

/// The objects of a bucket whose keys begin so.
async fn objects_below(
    session: &Session,
    bucket: &str,
    prefix: &str,
) -> Result<BTreeSet<ObjectState>, CallError> {
    let call = session.s3.list_objects_v2().bucket(bucket).prefix(prefix);
    let mut pages = call.into_paginator().send();
    let mut keys = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.named("s3 ListObjectsV2", bucket)?;
        keys.extend(page.contents().iter().filter_map(|one| {
            Some(ObjectState {
                bucket: bucket.to_owned(),
                key: one.key()?.to_owned(),
                etag: one.e_tag().unwrap_or_default().to_owned(),
                at: one
                    .last_modified()
                    .map(|at| format!("{at:?}"))
                    .unwrap_or_default(),
                size: one.size().unwrap_or_default(),
            })
        }));
    }
    Ok(keys)
}

/// The tag of the objects that launch roles may read.
pub(crate) const LAUNCH_TAG: (&str, &str) = ("servicecatalog:provisioning", "true");

/// The tags of an object.
pub(crate) async fn tags(
    session: &Session,
    bucket: &str,
    key: &str,
) -> Result<BTreeMap<String, String>, CallError> {
    let answer = session
        .s3
        .get_object_tagging()
        .bucket(bucket)
        .key(key)
        .send()
        .await
        .named("s3 GetObjectTagging", &format!("{bucket}/{key}"))?;
    let tags = answer.tag_set().iter();
    Ok(tags
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect())
}
