//! ListObjectsV2: pages of keys, grouped by a delimiter.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>

use super::{bucket, invalid, not_implemented, xml};
use crate::clock;
use crate::context::Context;
use crate::wire::{ApiError, Request, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

pub(super) fn list(
    context: &Context<'_>,
    name: &str,
    request: &Request,
) -> Result<Response, ApiError> {
    if request.parameter("list-type") != Some("2") {
        return Err(not_implemented("other list-type than 2"));
    }
    let most: usize = match request.parameter("max-keys") {
        None => 1000,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| invalid(format!("max-keys {text:?} is not a whole number")))?
            .min(1000),
    };
    let encoding = request.parameter("encoding-type");
    let write = |text: &str| match encoding {
        Some("url") => utf8_percent_encode(text, KEPT).to_string(),
        _ => text.to_owned(),
    };
    let prefix = request.parameter("prefix").unwrap_or_default();
    let delimiter = request
        .parameter("delimiter")
        .filter(|text| !text.is_empty());
    let token = request.parameter("continuation-token");
    let after = token
        .or(request.parameter("start-after"))
        .unwrap_or_default();

    let mut contents: Vec<Value> = Vec::new();
    let mut groups: Vec<String> = Vec::new();
    let mut last = String::new();
    let mut truncated = false;
    for (key, versions) in &bucket::find(context, name)?.objects {
        let Some(version) = versions.last().filter(|version| !version.delete_marker) else {
            continue;
        };
        let Some(rest) = key.strip_prefix(prefix) else {
            continue;
        };
        let group = delimiter
            .and_then(|delimiter| rest.find(delimiter).map(|at| at + delimiter.len()))
            .and_then(|end| rest.get(..end))
            .map(|rest| format!("{prefix}{rest}"));
        if group
            .as_ref()
            .is_some_and(|group| groups.last() == Some(group))
        {
            continue;
        }
        let entry = group.as_ref().unwrap_or(key);
        // A token of an earlier page names the group itself, whose keys come after it.
        if entry.as_str() <= after {
            continue;
        }
        if contents.len() + groups.len() == most {
            truncated = true;
            break;
        }
        last.clone_from(entry);
        match group {
            Some(group) => groups.push(group),
            None => contents.push(json!({
                "Key": write(key),
                "LastModified": clock::iso(version.modified),
                "ETag": version.etag,
                "Size": version.size,
                "StorageClass": "STANDARD",
            })),
        }
    }
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| json!({ "Prefix": write(group) }))
        .collect();
    Ok(xml(
        "ListBucketResult",
        &json!({
            "Name": name,
            "Prefix": write(prefix),
            "Delimiter": delimiter.map(write),
            "MaxKeys": most,
            "EncodingType": encoding,
            "KeyCount": contents.len() + groups.len(),
            "IsTruncated": truncated,
            "ContinuationToken": token,
            "NextContinuationToken": truncated.then_some(last),
            "Contents": contents,
            "CommonPrefixes": groups,
        }),
    ))
}
