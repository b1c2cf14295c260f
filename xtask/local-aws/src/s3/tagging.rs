//! Tags of buckets and objects.

use super::address::Address;
use super::{bucket, object, read_xml, tag, xml};
use crate::context::Context;
use crate::state::tag::Tag;
use crate::wire::{ApiError, Request, Response};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Tagging {
    #[serde(rename = "@xmlns", default)]
    _namespace: Option<String>,
    tag_set: TagSet,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TagSet {
    #[serde(default)]
    tag: Vec<Tag>,
}

fn write(tags: &[Tag]) -> Response {
    xml("Tagging", &json!({ "TagSet": { "Tag": tags } }))
}

pub(super) fn of_bucket(context: &Context<'_>, name: &str) -> Result<Response, ApiError> {
    let bucket = bucket::find(context, name)?;
    if bucket.tags.is_empty() {
        return Err(ApiError::new(
            404,
            "NoSuchTagSet",
            "The TagSet does not exist",
        ));
    }
    Ok(write(&bucket.tags))
}

pub(super) fn put_of_bucket(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    let tags = read_xml::<Tagging>(request)?.tag_set.tag;
    tag::check(&tags, 50)?;
    bucket::find_mut(context, name)?.tags = tags;
    Ok(Response::new(204))
}

pub(super) fn of_object(
    context: &Context<'_>,
    address: &Address,
    request: &Request,
) -> Result<Response, ApiError> {
    let version = object::find(context, address, request.parameter("versionId"))?;
    Ok(write(&version.tags))
}

pub(super) fn put_of_object(
    context: &mut Context<'_>,
    address: &Address,
    request: &Request,
) -> Result<Response, ApiError> {
    let tags = read_xml::<Tagging>(request)?.tag_set.tag;
    tag::check(&tags, 10)?;
    let found = object::find(context, address, request.parameter("versionId"))?;
    let id = found.version_id.clone();
    let bucket = bucket::find_mut(context, &address.bucket)?;
    for version in bucket.objects.entry(address.key.clone()).or_default() {
        if version.version_id == id {
            version.tags.clone_from(&tags);
        }
    }
    Ok(Response::new(200))
}
