//! One step of a plan: what is done, why, and after what.

use super::{
    Layer, Reference, Restoration, Share, Stack, StackSet, StepId, Superseded, Texts, Version,
};
use crate::digest::Digest;
use crate::product::{Key, VersionName};
use serde::Serialize;
use std::collections::BTreeMap;

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its name within every plan for this environment, such as `create-version/notebook/v2.1.0`.
    pub id: StepId,
    /// What is done.
    pub action: Action,
    /// The same in words.
    pub what: String,
    /// Why.
    pub reason: String,
    /// What it means for people and for what they run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<String>,
    /// The ids of the steps that come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<StepId>,
}

/// What a step does, with all that it needs. It names things by our keys, so that it stays the same
/// when a run is resumed; in files, digests stand for bodies and templates.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Action {
    /// Makes the bucket for templates: versioned, closed to the public.
    CreateBucket {
        /// Its name.
        bucket: String,
    },
    /// Creates or updates a stack by a change set.
    DeployStack {
        /// The stack as it is from now on.
        stack: Stack,
        /// Whether there is none yet.
        create: bool,
        /// Logical ids that the template no longer has.
        removed: Vec<String>,
        /// Constraints that are deleted right before, since the stack can't make its own beside them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        superseded: Vec<Superseded>,
        /// The bucket for templates that no call can hold.
        bucket: Reference,
    },
    /// Puts a template into the bucket, unless it is there.
    UploadTemplate {
        /// The product.
        product: Key,
        /// The version.
        version: Version,
        /// The bucket.
        bucket: Reference,
        /// Whether something else stands there, which is written over.
        replace: bool,
    },
    /// Gives a version's template in the bucket the tag by which launch roles may read it.
    TagTemplate {
        /// The object's key.
        object: String,
        /// The bucket.
        bucket: Reference,
    },
    /// Creates a product with its first version.
    CreateProduct {
        /// The product.
        product: Key,
        /// What is shown of it.
        texts: Texts,
        /// The version.
        version: Version,
        /// The bucket that holds the version's template.
        bucket: Reference,
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
        version: Version,
        /// The bucket that holds its template.
        bucket: Reference,
    },
    /// Gives a version its name back.
    RenameVersion {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
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
    /// Opens a version to launches, once its body is read back and is the frozen one.
    OfferVersion {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
        /// The digest of its frozen body.
        digest: Digest,
    },
    /// Closes a version to launches.
    DeprecateVersion {
        /// The product.
        product: Key,
        /// The version.
        version: VersionName,
    },
    /// Closes a version from before this catalog to launches.
    CloseAdopted {
        /// `prod-…`
        product: String,
        /// `pa-…`
        version: String,
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
    /// Puts back what somebody has changed behind a stack's back.
    Restore {
        /// What is put back.
        restoration: Restoration,
    },
    /// Creates or updates a stack set, and its instances in the accounts.
    DeployStackSet {
        /// The stack set as it is from now on.
        stack_set: StackSet,
        /// The bucket for templates that no call can hold.
        bucket: Reference,
    },
    /// Shares a portfolio.
    Share {
        /// The share as it is from now on.
        share: Share,
        /// Whether it is shared already, in another way.
        update: bool,
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
    /// Versions from before this catalog that can't be launched any more: their launch role goes with
    /// the portfolios' stacks, and until then it is they that people can launch.
    Closings,
    /// What somebody has changed behind the stacks' backs.
    Restorations,
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
            Phase::Closings => "Versions from before, closed to launches",
            Phase::Restorations => "Put back",
            Phase::Recipients => "Roles of recipients",
            Phase::Shares => "Shares",
        }
    }
}

impl Action {
    /// The constraints that it deletes.
    pub(super) fn superseded(&self) -> &[Superseded] {
        match self {
            Action::DeployStack { superseded, .. } => superseded,
            _ => &[],
        }
    }

    /// Where it comes in the order.
    pub fn phase(&self) -> Phase {
        match self {
            Action::CreateBucket { .. } => Phase::Foundation,
            Action::DeployStack { stack, .. } => match stack.layer {
                Layer::Foundation => Phase::Foundation,
                Layer::Portfolio => Phase::Portfolios,
            },
            Action::UploadTemplate { .. } | Action::TagTemplate { .. } => Phase::Templates,
            Action::CreateProduct { .. } | Action::UpdateProduct { .. } => Phase::Products,
            Action::CreateVersion { .. }
            | Action::RenameVersion { .. }
            | Action::DescribeVersion { .. } => Phase::Versions,
            Action::AssociateActions { .. } => Phase::Actions,
            Action::OfferVersion { .. } | Action::SetActive { active: true, .. } => Phase::Offers,
            Action::CloseAdopted { .. } => Phase::Closings,
            Action::DeprecateVersion { .. } | Action::SetActive { active: false, .. } => {
                Phase::Withdrawals
            }
            Action::Restore { .. } => Phase::Restorations,
            Action::DeployStackSet { .. } => Phase::Recipients,
            Action::Share { .. } => Phase::Shares,
        }
    }
}
