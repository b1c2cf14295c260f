//! Machine images, as settings describe them.

use compute_catalog::product::instance_type::Architecture;
use compute_catalog::yaml::Located;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A machine image: what it runs on, and its id in each region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Image {
    /// The processors it starts on.
    pub architecture: Located<Architecture>,
    /// The operating system, for people.
    #[schemars(length(min = 1, max = 100))]
    pub operating_system: String,
    /// The device of its root volume, such as `/dev/xvda`.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html>
    #[schemars(regex(pattern = "^/dev/(xvda|sda1)$"), extend("patternErrorMessage" = "is no root device of these images: `/dev/xvda` or `/dev/sda1`"))]
    pub root_device: Located<String>,
    /// The size of its snapshot in GiB: EC2 makes no smaller root volume from it.
    #[schemars(range(min = 1, max = 16384))]
    pub smallest_volume_gib: Located<u32>,
    /// It has the drivers of accelerators, and starts on accelerated types alone.
    #[serde(default)]
    pub gpu: bool,
    /// Its id in each region.
    #[schemars(extend(
        "minProperties" = 1,
        "propertyNames" = { "pattern": "^[a-z]{2}(-[a-z]+)+-[0-9]$", "patternErrorMessage": "is no region, such as `us-east-1`" },
        "additionalProperties" = { "type": "string", "pattern": "^ami-([0-9a-f]{8}|[0-9a-f]{17})$", "patternErrorMessage": "is no id of an image: `ami-`, then 8 or 17 digits or letters from a to f" },
    ))]
    pub ids: IndexMap<Located<String>, String>,
}
