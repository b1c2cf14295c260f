//! How many versions of each product an account keeps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many versions of a product are kept in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VersionRetention {
    /// The newest versions that people can launch; the others of ours are deprecated.
    #[schemars(range(min = 1, max = 100))]
    pub offered: usize,
    /// The newest versions that stay active, where older ones are to be hidden once nothing runs
    /// on them. At least `offered`. Absent: every version stays active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub active: Option<usize>,
}

impl Default for VersionRetention {
    /// One version to launch, the others deprecated and active.
    fn default() -> Self {
        VersionRetention {
            offered: 1,
            active: None,
        }
    }
}
