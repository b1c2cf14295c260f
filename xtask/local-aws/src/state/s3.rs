//! What S3 remembers. The bodies of objects are files beside the state.

use crate::state::tag::Tag;
use crate::wire::checksum::Algorithm;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A bucket with everything in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    pub owner: String,
    pub region: String,
    pub created: i64,
    /// `Enabled`, `Suspended`, or never set.
    pub versioning: Option<String>,
    pub encryption: Encryption,
    /// Set for a new bucket, as S3 does since 2023.
    pub access_block: AccessBlock,
    pub policy: Option<Value>,
    pub tags: Vec<Tag>,
    /// Versions of each key, the newest last.
    pub objects: BTreeMap<String, Vec<ObjectVersion>>,
    /// Owned by a service: not listed, and readable by whoever has the URL.
    pub of_service: bool,
}

/// How new objects are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encryption {
    pub algorithm: String,
    pub key: Option<String>,
    pub bucket_key: Option<bool>,
}

/// The four switches of Block Public Access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AccessBlock {
    #[serde(rename = "@xmlns", default, skip_serializing)]
    pub namespace: Option<String>,
    #[serde(default)]
    pub block_public_acls: bool,
    #[serde(default)]
    pub ignore_public_acls: bool,
    #[serde(default)]
    pub block_public_policy: bool,
    #[serde(default)]
    pub restrict_public_buckets: bool,
}

impl Bucket {
    pub(crate) fn new(owner: &str, region: &str, created: i64) -> Self {
        Self {
            owner: owner.to_owned(),
            region: region.to_owned(),
            created,
            versioning: None,
            encryption: Encryption {
                algorithm: "AES256".to_owned(),
                key: None,
                bucket_key: None,
            },
            access_block: AccessBlock {
                namespace: None,
                block_public_acls: true,
                ignore_public_acls: true,
                block_public_policy: true,
                restrict_public_buckets: true,
            },
            policy: None,
            tags: Vec::new(),
            objects: BTreeMap::new(),
            of_service: false,
        }
    }
}

/// One version of an object, or the mark of its deletion.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectVersion {
    /// `null` where the bucket has no versioning.
    pub version_id: String,
    pub delete_marker: bool,
    /// SHA-256 of the body, which is a file of that name.
    pub body: String,
    pub size: usize,
    pub etag: String,
    pub content_type: String,
    pub checksum: (Algorithm, String),
    pub encryption: String,
    pub metadata: BTreeMap<String, String>,
    pub tags: Vec<Tag>,
    pub modified: i64,
    /// Moved to an archive by a rule of the bucket's lifecycle: it can't be read until it is restored.
    #[serde(default)]
    pub is_archived: bool,
}
