//! One step of a plan: what is done, why, and after what.

use super::{Guidance, Layer, Reference, Texts};
use crate::digest::Digest;
use crate::product::{Key, VersionName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its name within every plan for this environment, such as `create-version/notebook/v2.1.0`.
    pub id: String,
    /// What is done.
    pub action: Action,
    /// The same in words.
    pub what: String,
    /// Why.
    pub reason: String,
    /// What it means for people and for what they run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<String>,
    /// The ids of the steps that come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
}

/// What a step does. It names things by our keys, so that it stays the same when a run is resumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Action {
    /// Makes the bucket for templates: versioned, closed to the public.
    CreateBucket {
        /// Its name.
        bucket: String,
    },
    /// Creates or updates a stack by a change set.
    DeployStack {
        /// Its name.
        stack: String,
        /// Whether there is none yet.
        create: bool,
        /// The digest of the template.
        template: Digest,
        /// Its parameters.
        parameters: BTreeMap<String, Reference>,
        /// Logical ids that the template no longer has.
        removed: Vec<String>,
        /// Before or after the products.
        layer: Layer,
    },
    /// Puts a template into the bucket, unless it is there.
    UploadTemplate {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// The digest of the body.
        digest: Digest,
        /// The object's key.
        object: String,
    },
    /// Creates a product with its first version.
    CreateProduct {
        /// The product.
        product: Key,
        /// What is shown of it.
        texts: Texts,
        /// The version.
        version: VersionName,
        /// The digest of its body.
        digest: Digest,
        /// The version's description.
        description: String,
    },
    /// Changes what is shown of a product, and its tags.
    UpdateProduct {
        /// The product.
        product: Key,
        /// What is shown of it from now on.
        texts: Texts,
        /// Tags that are set.
        tags: BTreeMap<String, String>,
        /// Tags that are taken off.
        untag: Vec<String>,
    },
    /// Creates a version, and holds it back from launches.
    CreateVersion {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// The digest of its body.
        digest: Digest,
        /// Its description.
        description: String,
    },
    /// Changes a version's description.
    DescribeVersion {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// Its description from now on.
        description: String,
    },
    /// Gives a version its service actions.
    AssociateActions {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// The ids of the actions.
        actions: Vec<Reference>,
    },
    /// Changes whether a version can be launched. Before it can, its body is read back.
    SetGuidance {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// From now on.
        guidance: Guidance,
    },
    /// Shows or hides a version.
    SetActive {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// From now on.
        active: bool,
    },
    /// Creates or updates a stack set, and its instances in the accounts.
    DeployStackSet {
        /// Its name.
        stack_set: String,
        /// The digest of the template.
        template: Digest,
        /// The accounts or organisational units.
        targets: Vec<String>,
        /// The region.
        region: String,
    },
    /// Shares a portfolio.
    Share {
        /// The portfolio's key.
        portfolio: Key,
        /// Its id.
        id: Reference,
        /// Account or organisational unit.
        recipient: String,
        /// Whether it is shared with it already, in another way.
        update: bool,
        /// Whether its tag options come with it.
        tag_options: bool,
        /// Whether its principals come with it.
        principals: bool,
    },
}

/// The order in which steps are shown and started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// What everything else stands on.
    Foundation,
    /// Template bodies.
    Templates,
    /// Products.
    Products,
    /// Versions.
    Versions,
    /// Service actions of versions.
    Actions,
    /// Versions that can be launched from now on.
    Offers,
    /// Versions that can't be launched any more.
    Withdrawals,
    /// Portfolios, constraints, principals, tag options.
    Portfolios,
    /// What those others need.
    Recipients,
    /// Portfolios that others receive.
    Shares,
}

impl Phase {
    /// The heading over its steps.
    pub fn heading(self) -> &'static str {
        match self {
            Phase::Foundation => "Foundation",
            Phase::Templates => "Templates",
            Phase::Products => "Products",
            Phase::Versions => "Versions",
            Phase::Actions => "Service actions",
            Phase::Offers => "Open to launches",
            Phase::Withdrawals => "Closed to launches",
            Phase::Portfolios => "Portfolios",
            Phase::Recipients => "Roles of recipients",
            Phase::Shares => "Shares",
        }
    }
}

impl Action {
    /// Where it comes in the order.
    pub fn phase(&self) -> Phase {
        match self {
            Action::CreateBucket { .. } => Phase::Foundation,
            Action::DeployStack {
                layer: Layer::Foundation,
                ..
            } => Phase::Foundation,
            Action::DeployStack {
                layer: Layer::Portfolio,
                ..
            } => Phase::Portfolios,
            Action::UploadTemplate { .. } => Phase::Templates,
            Action::CreateProduct { .. } | Action::UpdateProduct { .. } => Phase::Products,
            Action::CreateVersion { .. } | Action::DescribeVersion { .. } => Phase::Versions,
            Action::AssociateActions { .. } => Phase::Actions,
            Action::SetGuidance {
                guidance: Guidance::Default,
                ..
            }
            | Action::SetActive { active: true, .. } => Phase::Offers,
            Action::SetGuidance { .. } | Action::SetActive { .. } => Phase::Withdrawals,
            Action::DeployStackSet { .. } => Phase::Recipients,
            Action::Share { .. } => Phase::Shares,
        }
    }
}
