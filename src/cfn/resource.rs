//! Resources as they stand in a template.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>

use super::{DeletionPolicy, Map, Node, UpdateReplacePolicy};

/// A resource as it stands in a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its type, such as `AWS::S3::Bucket`.
    pub kind: String,
    /// The condition that decides whether it exists.
    pub condition: Option<String>,
    /// Resources that must be there before it, beyond those it refers to.
    pub depends_on: Vec<String>,
    /// `CreationPolicy`.
    pub creation_policy: Option<Node>,
    /// `UpdatePolicy`.
    pub update_policy: Option<Node>,
    /// `DeletionPolicy`.
    pub deletion_policy: Option<DeletionPolicy>,
    /// `UpdateReplacePolicy`.
    pub update_replace_policy: Option<UpdateReplacePolicy>,
    /// `DeletionPolicy` and `UpdateReplacePolicy` where a function gives them, which the language
    /// extensions allow.
    pub computed: Map,
    /// A text for people: `Description`.
    pub description: Option<String>,
    /// `Version` of a custom resource: what it was last made with.
    pub version: Option<Node>,
    /// `Metadata`.
    pub metadata: Map,
    /// `Properties`.
    pub properties: Map,
}

impl Resource {
    /// A resource of this type, without properties.
    pub fn new(kind: &str) -> Resource {
        Resource {
            kind: kind.to_owned(),
            condition: None,
            depends_on: Vec::new(),
            creation_policy: None,
            update_policy: None,
            deletion_policy: None,
            update_replace_policy: None,
            computed: Map::default(),
            description: None,
            version: None,
            metadata: Map::default(),
            properties: Map::default(),
        }
    }
}
