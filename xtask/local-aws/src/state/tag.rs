//! A tag, as it is remembered; each service has a shape of its own for it.

use crate::api::{cloudformation, servicecatalog};
use serde::{Deserialize, Serialize};

/// A tag, or any other pair of key and value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Tag {
    pub key: String,
    pub value: String,
}

/// Each item in another type.
pub(crate) fn all<A, B: From<A>>(items: Vec<A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}

macro_rules! converts {
    ($($shape:ty),+) => { $(
        impl From<$shape> for Tag {
            fn from(tag: $shape) -> Self {
                Self { key: tag.key, value: tag.value }
            }
        }

        impl From<Tag> for $shape {
            fn from(tag: Tag) -> Self {
                Self { key: tag.key, value: tag.value }
            }
        }
    )+ };
}

converts!(servicecatalog::Tag, cloudformation::Tag);
